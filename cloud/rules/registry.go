package rules

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Binder makes the rules that one spec stands for on an instance: more than one
// where a spec names several groups.
type Binder func(*cloud.Instance) ([]cloud.Rule, error)

// Local is promised by rules whose verdict on a migration depends only on the VM
// and on the two hosts' contents.
const Local spec.Property = "local"

// Kind is the kind of rules in a catalogue.
const Kind = "rule"

// Registry makes rules known to a catalogue.
func Registry(entries ...spec.Entry[Binder]) spec.Registry {
	return spec.NewRegistry(spec.Kind{
		Name: Kind, Plural: "rules", Synopsis: "which states are sane", Vocabulary: []spec.Property{Local},
	}, entries...)
}

// Entries lists the rules of this package.
func Entries() []spec.Entry[Binder] {
	return []spec.Entry[Binder]{
		capacityEntry(),
		archEntry(),
		antiAffinityEntry(),
		affinityEntry(),
		maxPerHostEntry(),
		maxPerRackEntry(),
		maxPerZoneEntry(),
		interferenceEntry(),
		spreadEntry(),
		dependsEntry(),
		fenceEntry(),
		banEntry(),
		pinEntry(),
		quarantineEntry(),
		maintenanceEntry(),
		maxVMsEntry(),
		numaEntry(),
		atOnceEntry(),
		labelsEntry(),
		directionEntry(),
		expressionEntry(),
	}
}

// Default are the rules of an instance that names none.
func Default() []spec.Spec {
	return []spec.Spec{spec.Named("capacity"), spec.Named("arch")}
}

// Specs are the rules in force on an instance: the given ones, else its own, else
// the default ones. An empty list that is not nil is a choice: no rules.
func Specs(in *cloud.Instance, given []spec.Spec) []spec.Spec {
	switch {
	case given != nil:
		return given
	case in.Rules != nil:
		return in.Rules
	default:
		return Default()
	}
}

// maxFaults bounds how many faults of rules are reported together: the search for similar
// names is costly, and an instance may carry ten thousands of rules.
const maxFaults = 20

// Bind binds [Specs] to the instance. Faults are joined [*cloud.PathError] values
// that point into the instance's rules, or plain errors for given specs.
func Bind(c *spec.Catalogue, in *cloud.Instance, given []spec.Spec) ([]cloud.Rule, error) {
	var out []cloud.Rule
	var faults []error
	for i, s := range Specs(in, given) {
		if len(faults) >= maxFaults {
			faults = append(faults, errors.New("and there may be more faulty rules: looked no further"))
			break
		}
		bound, err := bind(c, in, s)
		if err != nil {
			at := ""
			if given == nil && in.Rules != nil {
				at = "/rules/" + strconv.Itoa(i)
			}
			faults = append(faults, placed(at, err)...)
			continue
		}
		out = append(out, bound...)
	}
	return out, errors.Join(faults...)
}

// placed gives each fault of a rule its place in the instance, if it has one.
func placed(at string, err error) []error {
	faults := []error{err}
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		faults = slices.Clone(many.Unwrap())
	}
	for i, fault := range faults {
		if at != "" {
			faults[i] = &cloud.PathError{Pointer: at, Msg: fault.Error()}
		}
	}
	return faults
}

func bind(c *spec.Catalogue, in *cloud.Instance, s spec.Spec) ([]cloud.Rule, error) {
	binder, _, err := spec.Build[Binder](c, Kind, s)
	if err != nil {
		return nil, err
	}
	bound, err := binder(in)
	if err != nil {
		return nil, fmt.Errorf("rule %s: %w", s, err)
	}
	return bound, nil
}
