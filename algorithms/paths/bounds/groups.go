package bounds

import (
	"cmp"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
)

// grouping divides all positions into groups of at most the given number of placements.
type grouping func(run *paths.Run, p *paths.Problem, l *space.Layout, most int64) [][]int32

// bySize groups the VMs at all positions, the costliest of those that are misplaced first,
// so that no group has more placements than most; except for single VMs, which may. No
// groups: the run has to end.
func bySize(run *paths.Run, p *paths.Problem, l *space.Layout, most int64) [][]int32 {
	var out [][]int32
	group := []int32{}
	for _, i := range costliest(run, p, l) {
		if longer := append(group, i); len(group) == 0 || product(l, longer, most) <= most {
			group = longer
			continue
		}
		out = append(out, group)
		group = []int32{i}
	}
	return append(out, group)
}

// costliest lists all positions: the misplaced VMs first, the costliest of them before the
// others, then the settled ones likewise.
func costliest(run *paths.Run, p *paths.Problem, l *space.Layout) []int32 {
	s := space.NewState(p, l)
	costs, ok := newTariff(run, p, l)
	if !ok {
		return nil
	}
	settled := func(i int32) bool { return s.Host[i] == p.Goal[l.VM(int(i))] }
	out := make([]int32, l.Len())
	for i := range out {
		out[i] = int32(i)
	}
	slices.SortStableFunc(out, func(a, b int32) int {
		switch {
		case settled(a) != settled(b):
			if settled(a) {
				return 1
			}
			return -1
		case settled(a):
			return cmp.Compare(costs.detour(int(b), s.Host[b]), costs.detour(int(a), s.Host[a]))
		default:
			return cmp.Compare(costs.straight(int(b), s.Host[b]), costs.straight(int(a), s.Host[a]))
		}
	})
	return out
}

// byInteraction is bySize, but a group grows by the VM that its members, all together,
// have most to do with.
func byInteraction(run *paths.Run, p *paths.Problem, l *space.Layout, most int64) [][]int32 {
	var out [][]int32
	s := space.NewState(p, l)
	rest := costliest(run, p, l)
	for len(rest) > 0 {
		group := []int32{rest[0]}
		rest = rest[1:]
		affinity := make([]int64, l.Len())
		for {
			newest := group[len(group)-1]
			best := -1
			if !run.Look() {
				return nil
			}
			for n, i := range rest {
				affinity[i] += interaction(s, newest, i)
				if (best < 0 || affinity[i] > affinity[rest[best]]) && product(l, append(group, i), most) <= most {
					best = n
				}
			}
			if best < 0 {
				break
			}
			group = append(group, rest[best])
			rest = slices.Delete(rest, best, best+1)
		}
		out = append(out, group)
	}
	return out
}

// interaction is how much two VMs are in each other's way at the start: one stands where
// the other goes, weighed by how much of the room there the two of them would take; and
// again where the two cannot be there at once.
func interaction(s *space.State, a, b int32) int64 {
	return blocks(s, a, b) + blocks(s, b, a)
}

// blocks is how much b, where it stands, is in the way of a. It is 0 to 2000.
func blocks(s *space.State, a, b int32) int64 {
	goal, at := s.Problem.Goal[s.Layout.VM(int(a))], s.Host[b]
	if at != goal || s.Host[a] == goal {
		return 0
	}
	var most int64
	r := s.Resources()
	for j := range r {
		room := s.Free[int(at)*r+j]
		for i, h := range s.Host {
			if h == at {
				room += s.Demand(i, j)
			}
		}
		both := s.Demand(int(a), j) + s.Demand(int(b), j)
		share := int64(1000 * float64(both) / float64(max(room, 1)))
		if both > room {
			share = 2000
		}
		most = max(most, share)
	}
	return most
}
