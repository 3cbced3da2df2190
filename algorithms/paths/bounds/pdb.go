package bounds

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func pdbEntry() spec.Entry[Maker] {
	return spec.Entry[Maker]{
		Descriptor: spec.Descriptor{
			Name:     "pdb",
			Synopsis: "additive pattern databases: the VMs in groups, each group as if it were alone in the cloud",
			Params: []spec.Param{{
				Name: "states", Type: spec.Int, Default: "200000", Unit: "placements", Bounds: spec.Between(1, 1e8),
				Doc: "the most placements that a group may have; a table takes 8 bytes for each, and is filled before the search",
			}, {
				Name: "by", Type: spec.Choice, Choices: []string{"interaction", "size"}, Default: "interaction",
				Doc: "how VMs are grouped: those that are in each other's way, or the largest with the largest",
			}},
			Citation: "Culberson and Schaeffer 1998, doi 10.1111/0824-7935.00065; " +
				"Felner, Korf and Hanan 2004, Additive pattern database heuristics, doi 10.1613/jair.1480",
			Properties: []spec.Property{Admissible, Consistent},
		},
		New: func(a spec.Args) (Maker, error) {
			states, group := a.Int("states"), grouping(byInteraction)
			if a.String("by") == "size" {
				group = bySize
			}
			return func(run *paths.Run, p *paths.Problem, l *space.Layout) space.Heuristic {
				return newPDB(run, p, l, group, states)
			}, nil
		},
	}
}

// pdb adds up, over groups of VMs, what it costs to bring the group to its targets when
// the other VMs do not exist. VMs that nothing can move stay where they are.
//
// Admissible: what a path does with the VMs of one group is a path of that group alone,
// for with fewer VMs every host has more room, and rules other than limits and host
// filters only take paths away. Groups share no VM, so that no migration is counted
// twice. Where a group has no path, there is none. Consistent: a migration changes the
// share of one group only, and is a migration of that group, so that the group's share
// falls by no more than it costs.
//
// Making it takes O(placements × VMs of the group × hosts) per group, placements being
// the product of the numbers of hosts of its VMs, and 8 bytes for each; while one group's
// table is filled, up to as much again. An estimate is O(VMs) from scratch and O(VMs of
// a group) after a migration.
type pdb struct {
	patterns []*pattern
	of       []int32 // by position: the pattern it belongs to
	weight   []int64 // by position: what one step of its digit adds to the number of a placement
}

// What patterns take, in bytes, beside their costs: of each VM, of each group.
const (
	patternPerVM = 48
	patternBytes = 128
)

func newPDB(run *paths.Run, p *paths.Problem, l *space.Layout, group grouping, states int64) space.Heuristic {
	kept := run.Kept()
	groups := group(run, p, l, states)
	run.Release(kept)
	if !run.Keep(int64(l.Len())*patternPerVM + int64(len(groups))*patternBytes) {
		return nil
	}
	d := &pdb{of: make([]int32, l.Len()), weight: make([]int64, l.Len())}
	s := space.NewState(p, l)
	for n, vms := range groups {
		for _, i := range vms {
			d.of[i] = int32(n)
		}
		t := newPattern(run, s, vms, d.weight)
		if t == nil {
			return nil
		}
		d.patterns = append(d.patterns, t)
	}
	return d
}

// Estimate implements [space.Heuristic].
func (d *pdb) Estimate(s *space.State) int64 {
	var sum int64
	for _, t := range d.patterns {
		share := t.cost[d.index(t, s)]
		if share == never {
			return space.DeadEnd
		}
		sum = plus(sum, share)
	}
	return sum
}

// index is the number of a pattern's placement in a state.
func (d *pdb) index(t *pattern, s *space.State) int64 {
	var n int64
	for _, i := range t.vms {
		n += int64(s.Layout.Digit(int(i), s.Host[i])) * d.weight[i]
	}
	return n
}

// After implements [space.Incremental].
func (d *pdb) After(h int64, s *space.State, m space.Move) int64 {
	t := d.patterns[d.of[m.Pos]]
	before, i := d.index(t, s), int(m.Pos)
	step := s.Layout.Digit(i, m.To) - s.Layout.Digit(i, s.Host[i])
	after := t.cost[before+int64(step)*d.weight[i]]
	switch {
	case after == never:
		return space.DeadEnd
	case h >= never-1: // a sum that was cut down tells nothing of its parts
		return max(h-m.Cost, 0)
	default:
		return plus(h-t.cost[before], after)
	}
}
