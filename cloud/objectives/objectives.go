package objectives

import (
	"fmt"
	"strings"

	"github.com/dustin/go-humanize"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Binder binds an objective to an instance and its rules, the whole ones ([cloud.Whole]).
type Binder func(*cloud.Instance, []cloud.Rule) (cloud.Objective, error)

// Kind is the kind of objectives in a catalogue.
const Kind = "objective"

// Registry makes objectives known to a catalogue.
func Registry(entries ...spec.Entry[Binder]) spec.Registry {
	return spec.NewRegistry(spec.Kind{
		Name: Kind, Plural: "objectives", Synopsis: "what makes a target good",
	}, entries...)
}

// Entries lists the objectives of this package.
func Entries() []spec.Entry[Binder] {
	return []spec.Entry[Binder]{
		hostsEntry(),
		loadEntry(),
		fragmentsEntry(),
		localityEntry(),
		headroomEntry(),
		softEntry(),
		expressionEntry(),
		sumEntry(),
		reassignEntry(),
		lexicographicEntry(),
	}
}

// Bind binds the objective that a spec names to an instance under rules.
func Bind(c *spec.Catalogue, in *cloud.Instance, rules []cloud.Rule, s spec.Spec) (cloud.Objective, error) {
	binder, _, err := spec.Build[Binder](c, Kind, s)
	if err != nil {
		return nil, err
	}
	o, err := binder(in, cloud.Whole(rules))
	if err != nil {
		return nil, fmt.Errorf("objective %s: %w", s, err)
	}
	return o, nil
}

// InForce names the objective in force on an instance: the given one, else the instance's own, else
// the one that the caller has chosen for instances that name none. Given is nil where none is.
func InForce(in *cloud.Instance, given *spec.Spec, otherwise spec.Spec) spec.Spec {
	switch {
	case given != nil:
		return *given
	case in.Objective != nil:
		return *in.Objective
	default:
		return otherwise
	}
}

// BindInForce binds [InForce]. A fault of the instance's own objective is a [*cloud.PathError] that points
// into the instance.
func BindInForce(c *spec.Catalogue, in *cloud.Instance, rules []cloud.Rule, given *spec.Spec, otherwise spec.Spec) (cloud.Objective, error) {
	o, err := Bind(c, in, rules, InForce(in, given, otherwise))
	if err != nil && given == nil && in.Objective != nil {
		return nil, &cloud.PathError{Pointer: "/objective", Msg: err.Error()}
	}
	return o, err
}

// show writes a number and its unit.
func show(n int64, unit string) string {
	if n == 1 {
		switch unit {
		case "hosts", "places", "points", "violations", "VMs":
			unit = strings.TrimSuffix(unit, "s")
		}
	}
	return humanize.Comma(n) + " " + unit
}
