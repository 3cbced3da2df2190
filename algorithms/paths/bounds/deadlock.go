package bounds

import (
	"math"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func deadlockEntry() spec.Entry[Maker] {
	return spec.Entry[Maker]{
		Descriptor: spec.Descriptor{
			Name:     "deadlock",
			Synopsis: "misplaced, and the cheapest migrations that deadlocks force beyond those",
			Doc: "VMs that wait for each other in a circle cannot all go straight to their targets: one must bypass, or " +
				"a settled VM must step aside. The bound is the cheapest set of such migrations after which nothing waits " +
				"in a circle any more, when VMs that have left take no room anywhere.",
			Params: []spec.Param{{
				Name: "nodes", Type: spec.Int, Default: "64", Unit: "nodes", Bounds: spec.Between(1, 1e9),
				Doc: "how far the cheapest set is searched for in one state before what is proved by then has to do",
			}},
			Citation: "Haslum, Slaney and Thiébaux 2012, Minimal landmarks for optimal delete-free planning, ICAPS; " +
				"Helmert and Domshlak 2009, doi 10.1609/icaps.v19i1.13370",
			Properties: []spec.Property{Admissible},
		},
		New: func(a spec.Args) (Maker, error) {
			nodes := int(a.Int("nodes"))
			return func(p *paths.Problem, l *space.Layout) space.Heuristic { return newDeadlock(p, l, nodes) }, nil
		},
	}
}

// Deadlock is the cheapest plan of a relaxed problem: a VM that has left its host takes
// no room anywhere, neither on the way nor where it arrives.
//
// In the relaxed problem each VM migrates at most once, from where it stands in the state.
// A misplaced VM leaves for its target as soon as that has room. For any other host with
// room it leaves at an extra cost, that of the bypass migration; a settled VM leaves at
// the cost of a migration away and one back. The plan is complete when every misplaced VM
// has left. Which VMs are permitted to pay decides everything: whoever can leave does, for
// that only makes room. The bound is the sum of [Misplaced] and the cost of the cheapest
// set of VMs whose permission lets all misplaced VMs leave.
//
// Admissible: take any path from the state to the goal, and of every VM on it the first
// migration. When that migration starts, its destination holds all VMs that stand there
// in the state and have not made their first migration yet; so the first migrations, in
// the order of the path, are a relaxed plan. A VM whose first migration goes elsewhere
// than to its target pays for that one and for at least one more that ends on the target;
// a settled VM's first migration always does. Migrations of different VMs are different,
// so that the path costs no less than the relaxed plan. Rules other than limits and host
// filters only take paths away. Where even permission for all leaves a misplaced VM in
// place, no path exists and the state is a dead end.
//
// Consistent as long as the search for the cheapest set is complete: a relaxed plan for
// a successor, with the migration that leads there before it, is one for the state.
//
// On n VMs of equal demand, one per host, with one host empty, it is exact: a circle
// of VMs costs one more than its length, a chain that ends in the empty host its length.
//
// The cheapest set is a hitting set. Let N be VMs without permission such that with
// permission for all others some misplaced VM stays: one of N must be permitted (a
// disjunctive landmark). Landmarks are found as sets that are minimal, the cheapest of
// their members as dear as can be, and are added up by cost partitioning: what one counts
// is taken off the costs of its members before the next is looked for. That is a lower
// bound; the VMs whose cost is used up make a permission set, which is an upper bound. As
// long as the two differ, one branches over the members of a landmark. An estimate takes
// O(VMs × resources) where nothing is deadlocked. Otherwise each of at most nodes nodes
// takes at most VMs landmarks of O(VMs × (VMs + hosts) × resources) each, in practice a
// few microseconds. When the nodes are used up, the bounds proved by then are used, which
// are still admissible. Memory is O(VMs × hosts).
func Deadlock(p *paths.Problem, l *space.Layout) space.Heuristic {
	return newDeadlock(p, l, 64)
}

type deadlock struct {
	goal  []cloud.HostID // by position
	costs tariff
	relaxed
	cover
}

func newDeadlock(p *paths.Problem, l *space.Layout, nodes int) *deadlock {
	d := &deadlock{costs: newTariff(p, l), goal: make([]cloud.HostID, l.Len())}
	for i := range d.goal {
		d.goal[i] = p.Goal[l.VM(i)]
	}
	d.relaxed.init(p, l)
	d.cover.init(&d.relaxed, nodes)
	return d
}

// Estimate implements [space.Heuristic].
func (d *deadlock) Estimate(s *space.State) int64 {
	var base int64
	d.relaxed.reset(s)
	for i, goal := range d.goal {
		at := s.Host[i]
		if at == goal {
			continue
		}
		base = plus(base, d.costs.straight(i, at))
		if at != cloud.Absent { // who is suspended holds nothing that others wait for
			d.relaxed.wait(i, goal)
		}
	}
	if d.relaxed.settle() {
		return base
	}
	d.relaxed.focus(s, d.goal)
	for k, i := range d.relaxed.items {
		d.cover.price[k] = d.costs.extra[int(i)*d.costs.hosts+int(s.Host[i])]
	}
	extra := d.cover.least()
	if extra == never {
		return space.DeadEnd
	}
	return plus(base, extra)
}

// never is the cost of what cannot be.
const never = math.MaxInt64

// plus adds up costs. A sum that does not fit is cut down, which leaves a lower bound.
func plus(a, b int64) int64 {
	if a > math.MaxInt64-1-b {
		return math.MaxInt64 - 1
	}
	return a + b
}
