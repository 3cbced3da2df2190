package concurrency

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Model is a model of concurrency bound to an instance. Steps are changes: a suspend goes
// to no host, a resume comes from none.
type Model interface {
	// String is the spec of the model.
	String() string
	// Violations lists which limits are exceeded by the steps under way. It may leave out
	// what those that just started cannot have brought about: the limits held before.
	Violations(v View, started []cloud.Change) []cloud.Violation
	// NewGuard makes the form for one schedule, of which nothing is under way yet.
	NewGuard() Guard
}

// Guard is the form of a model for schedulers.
type Guard interface {
	// Allows tells whether a step may start now, given that the limits hold.
	Allows(step cloud.Change) bool
	// Begin tells that the step starts, and End that it ends.
	Begin(step cloud.Change)
	End(step cloud.Change)
}

// View is what the judge shows a model: the migrations, suspends and resumes that are under
// way at an instant. The slices are not to be changed.
type View interface {
	All() []cloud.Change
	// At lists those that leave the host or come to it.
	At(h cloud.HostID) []cloud.Change
}

// Binder binds a model of concurrency to an instance.
type Binder func(*cloud.Instance) (Model, error)

// Kind is the kind of models of concurrency in a catalogue.
const Kind = "concurrency"

// Registry makes models of concurrency known to a catalogue.
func Registry(entries ...spec.Entry[Binder]) spec.Registry {
	return spec.NewRegistry(spec.Kind{
		Name: Kind, Noun: "model of concurrency", Plural: "concurrency", Synopsis: "which migrations may run at the same time",
	}, entries...)
}

// Entries lists the models of this package.
func Entries() []spec.Entry[Binder] {
	return []spec.Entry[Binder]{
		sequentialEntry(),
		slotsEntry(),
	}
}

// Bind binds the model of concurrency that a spec names to an instance.
func Bind(c *spec.Catalogue, in *cloud.Instance, s spec.Spec) (Model, error) {
	binder, _, err := spec.Build[Binder](c, Kind, s)
	if err != nil {
		return nil, err
	}
	model, err := binder(in)
	if err != nil {
		return nil, fmt.Errorf("model of concurrency %s: %w", s, err)
	}
	return model, nil
}
