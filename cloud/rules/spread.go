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
			Citation: roadef2012,
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

func (s *spread) NewGuard(st *cloud.State) cloud.Guard {
	return spreadGuard{s.group, s.min, st.Census(s.by)}
}

type spreadGuard struct {
	group, min int
	census     *cloud.Census
}

func (g spreadGuard) Allows(s *cloud.State, vm cloud.VMID, from, to cloud.HostID) bool {
	if ways := g.ways(s); len(ways) > 0 {
		return g.holdsWhatever(append(ways, cloud.Change{VM: vm, From: from, To: to}))
	}
	places, present := g.census.Places(g.group), g.census.Present(g.group)
	vacated := int32(-1)
	if from != cloud.Absent {
		present--
		if d := g.census.Domain(from); g.census.Count(g.group, d) == 1 {
			places--
			vacated = d
		}
	}
	if to != cloud.Absent {
		present++
		if d := g.census.Domain(to); d == vacated || g.census.Count(g.group, d) == 0 {
			places++
		}
	}
	return present == 0 || places >= g.min
}

// ways lists the VMs of the group under way from one place to another.
func (g spreadGuard) ways(s *cloud.State) []cloud.Change {
	var out []cloud.Change
	for _, m := range s.UnderWay() {
		if crosses(g.census, m) && isMember(s, m.VM, g.group) {
			out = append(out, m)
		}
	}
	return out
}

// holdsWhatever tells whether the group stands in enough places whichever of the VMs under
// way have arrived, or in none. It looks at every subset of them, and says no where there
// are too many and those that stay are not in enough places.
func (g spreadGuard) holdsWhatever(ways []cloud.Change) bool {
	const nowhere = -1
	domain := func(h cloud.HostID) int32 {
		if h == cloud.Absent {
			return nowhere
		}
		return g.census.Domain(h)
	}
	stay := map[int32]int{} // VMs that stay, by place that others leave or come to
	for _, m := range ways {
		for _, d := range []int32{domain(m.From), domain(m.To)} {
			if _, known := stay[d]; !known && d != nowhere {
				stay[d] = g.census.Count(g.group, d)
			}
		}
	}
	places := g.census.Places(g.group)
	for _, m := range ways {
		if d := domain(m.From); d != nowhere {
			if stay[d]--; stay[d] == 0 {
				places--
			}
		}
	}
	if places >= g.min {
		return true
	}
	if len(ways) > mostLeaving {
		return false
	}
	for arrived := range 1 << len(ways) {
		held := map[int32]bool{}
		for i, m := range ways {
			d := domain(m.From)
			if arrived>>i&1 != 0 {
				d = domain(m.To)
			}
			if d != nowhere && stay[d] == 0 {
				held[d] = true
			}
		}
		if n := places + len(held); n > 0 && n < g.min {
			return false
		}
	}
	return true
}
