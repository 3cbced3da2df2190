package rules

import (
	"math"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func spreadEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "spread",
			Synopsis: "a group stands in at least min different hosts, racks or zones",
			Doc: "A group of which no VM stands anywhere is not judged. The spread rule of the " +
				"ROADEF/EURO challenge 2012 is this rule by location.",
			Params: []spec.Param{
				groupParam(),
				{
					Name: "min", Type: spec.Int, Required: true, Bounds: spec.Between(1, math.MaxInt32), Unit: "places",
					Doc: "number of different places at the least",
				},
				byParam("host"), continuousParam(),
			},
			Citation: ROADEF2012,
		},
		New: func(a spec.Args) (Binder, error) {
			return perGroup(a, a.String("by"), 0, func(g grouped) cloud.Rule { return &spread{g, int(a.Int("min"))} }), nil
		},
	}
}

// spread keeps one group in enough places.
type spread struct {
	grouped
	min int
}

// Violations looks at where each VM stands: one under way counts where it comes
// from, and once it has arrived the judge asks again. It looks at no more VMs than it
// takes to see enough places.
func (s *spread) Violations(v cloud.View, _ *cloud.Change) []cloud.Violation {
	places := map[string]bool{}
	for _, vm := range s.in.Groups[s.group].VMs {
		if h := v.HostOf(vm); h != cloud.Absent {
			if places[s.in.Hosts[h].Domain(s.by)] = true; len(places) >= s.min {
				return nil
			}
		}
	}
	if len(places) == 0 {
		return nil
	}
	return []cloud.Violation{s.violation("group %q stands in too few places: expected at least %d different ones by %s, found %d",
		s.in.Groups[s.group].Name, s.min, s.by, len(places))}
}

// Places implements [cloud.Span].
func (s *spread) Places() string { return s.by }

// Span implements [cloud.Span].
func (s *spread) Span() (least, most int) { return s.min, math.MaxInt }

// Mend implements [cloud.Mender].
func (s *spread) Mend(start cloud.View) cloud.Mending {
	places := map[string]bool{}
	for _, vm := range s.in.Groups[s.group].VMs {
		if h := start.HostOf(vm); h != cloud.Absent {
			places[s.in.Hosts[h].Domain(s.by)] = true
		}
	}
	return &spreadMending{spread{s.grouped, len(places)}, s}
}

func (s *spread) NewGuard(st *cloud.State) cloud.Guard {
	return occupation{s.group, st.Census(s.by), s.min, math.MaxInt}
}
