package concurrency

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Model is a model of concurrency bound to an instance and to durations.
type Model interface {
	// String is the spec of the model.
	String() string
	// Limits lists what steps compete for.
	Limits() []Limit
	// Needs is the time that a step takes, and what it takes of the limits until it ends. Shutdowns
	// and provisions take nothing of any limit. It panics where the model was bound without durations.
	Needs(step *cloud.Step) Needs
	// Violations lists which limits are exceeded by the steps under way. It may leave out
	// what those that just started cannot have brought about: the limits held before. It shares no code
	// with Limits and Needs.
	Violations(v View, started []cloud.Step) []cloud.Violation
	// Earliest lists when each step of a schedule can have ended at the earliest, given when all of them
	// start; nil where the model was bound without durations, so that the stated ends are all there is. It is for the
	// judge, and shares no code with Needs and [Pace].
	Earliest(steps []cloud.Step) []int64
}

// Limit is a resource that steps under way share, such as the outgoing migrations of a host, or a link.
type Limit struct {
	Name     string // "outgoing migrations of host2"
	Unit     string // of the capacity: "migrations", "kbit/s"
	Capacity int64
	Host     cloud.HostID // the host whose limit it is; Absent for one that is no host's
}

// Use is what a step takes of a limit while it is under way.
type Use struct {
	Limit int32 // position in the limits
	Least int64 // what it cannot do without
	Full  int64 // what it takes where nothing else does; the same unless the model is [Elastic]
}

// Needs is what a step asks for.
type Needs struct {
	Time int64 // from its start to its end, in the unit of the durations, where it has all uses in full
	Uses []Use // each limit at most once
}

// Elastic is an optional ability of a [Model] under which steps that run beside others take less of the
// limits than they could, and longer.
type Elastic interface {
	Model
	// NewPace makes the form for one schedule, of which nothing is under way yet.
	NewPace() Pace
}

// Pace follows the steps of a schedule under an [Elastic] model.
type Pace interface {
	// Allows tells whether a step may start now. It implies that its uses fit the limits, at their least.
	Allows(step *cloud.Step) bool
	// Begin tells that the step starts, and End that it ends. Time does not go back.
	Begin(step *cloud.Step, now int64)
	End(vm cloud.VMID, now int64)
	// Next is the step under way that ends first if nothing else starts before; false where none is under way.
	Next() (vm cloud.VMID, at int64, ok bool)
}

// View is what the judge shows a model: the migrations, suspends and resumes that are under
// way at an instant. The slices are not to be changed.
type View interface {
	All() []cloud.Step
	// At lists those that leave the host or come to it.
	At(h cloud.HostID) []cloud.Step
}

// Binder binds a model of concurrency to an instance and to the durations of its steps. Durations
// are nil where a judge knows nothing of them; a model that cannot do without says so in an error.
type Binder func(*cloud.Instance, cloud.Duration) (Model, error)

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
		bandwidthEntry(),
		sequentialEntry(),
		slotsEntry(),
		stepsEntry(),
	}
}

// Bind binds the model of concurrency that a spec names to an instance and to durations, which may be nil.
func Bind(c *spec.Catalogue, in *cloud.Instance, d cloud.Duration, s spec.Spec) (Model, error) {
	binder, _, err := spec.Build[Binder](c, Kind, s)
	if err != nil {
		return nil, err
	}
	model, err := binder(in, d)
	if err != nil {
		return nil, fmt.Errorf("model of concurrency %s: %w", s, err)
	}
	return model, nil
}
