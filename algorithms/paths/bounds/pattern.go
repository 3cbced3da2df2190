package bounds

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
)

// pattern is a group of VMs with a table of what it costs to bring them to their targets,
// from every placement of them. Placements are numbered in mixed radix: a VM's digit is that
// of the layout.
type pattern struct {
	vms  []int32 // positions
	cost []int64 // by number of the placement; never where no path leads to the targets
}

// product is the number of placements of some VMs, or one more than most if it is above.
func product(l *space.Layout, vms []int32, most int64) int64 {
	n := int64(1)
	for _, i := range vms {
		if n *= int64(len(l.Hosts(int(i)))); n > most {
			return most + 1
		}
	}
	return n
}

// newPattern sets the weights of the VMs' digits, by position, and fills the table. It
// returns nil if the run has to end.
func newPattern(run *paths.Run, s *space.State, vms []int32, weight []int64) *pattern {
	n := int64(1)
	for _, i := range vms {
		weight[i] = n
		n *= int64(len(s.Layout.Hosts(int(i))))
	}
	if !run.Keep(8 * n) {
		return nil
	}
	t := &pattern{vms: vms, cost: make([]int64, n)}
	if !t.fill(run, s, weight) {
		return nil
	}
	return t
}

// pairsBetweenLooks is how many pairs of a host and a VM or a resource are looked at between
// two looks at clock and memory.
const pairsBetweenLooks = 1 << 16

// fill computes the costs, from the targets backwards (Dijkstra's algorithm). False: the run
// has to end.
func (t *pattern) fill(run *paths.Run, s *space.State, weight []int64) bool {
	kept := run.Kept()
	defer run.Release(kept)
	f := newFiller(t, s, weight)
	for n := range t.cost {
		t.cost[n] = never
	}
	var goal int64
	for k, i := range t.vms {
		goal += f.number(i, f.goal[k])
	}
	t.cost[goal] = 0
	f.queue.Push(0, uint32(goal))
	pairs := pairsBetweenLooks
	for f.queue.Len() > 0 {
		if pairs -= f.pairs; pairs <= 0 {
			run.Release(kept)
			if pairs = pairsBetweenLooks; !run.Keep(f.queue.Bytes()) {
				return false
			}
		}
		cost, n := f.queue.Pop()
		if cost == t.cost[n] && f.visit(int64(n)) {
			f.relax(int64(n), cost)
		}
	}
	return true
}

// filler walks the placements of a pattern.
type filler struct {
	t      *pattern
	s      *space.State
	weight []int64        // by position
	pairs  int            // of a host and a VM or a resource that are looked at for a placement
	goal   []cloud.HostID // by member
	hosts  [][]cloud.HostID
	at     []cloud.HostID // by member
	empty  []int64        // [host*resources + resource]: the most room without any VM that can move
	room   []int64
	queue  *space.Queue
}

func newFiller(t *pattern, s *space.State, weight []int64) *filler {
	f := &filler{t: t, s: s, weight: weight, pairs: len(s.Free), at: make([]cloud.HostID, len(t.vms)), room: make([]int64, len(s.Free)), queue: space.NewQueue()}
	for _, i := range t.vms {
		f.goal = append(f.goal, s.Problem.Goal[s.Layout.VM(int(i))])
		f.hosts = append(f.hosts, s.Layout.Hosts(int(i)))
		f.pairs += len(s.Layout.Hosts(int(i)))
	}
	f.empty = append(f.empty, s.Free...)
	for i, n := range s.Over() {
		f.empty[i] += n
	}
	r := s.Resources()
	for i, h := range s.Host {
		for j := range r {
			if h != cloud.Absent {
				f.empty[int(h)*r+j] += s.Demand(i, j)
			}
		}
	}
	return f
}

// number is what the VM at a position adds to the number of a placement by its host.
func (f *filler) number(i int32, h cloud.HostID) int64 {
	return int64(f.s.Layout.Digit(int(i), h)) * f.weight[i]
}

// visit goes to a placement, and tells whether its VMs fit.
func (f *filler) visit(n int64) bool {
	copy(f.room, f.empty)
	r := f.s.Resources()
	for k, i := range f.t.vms {
		rest := n / f.weight[i]
		f.at[k] = f.hosts[k][rest%int64(len(f.hosts[k]))]
		for j := range r {
			if f.at[k] != cloud.Absent {
				f.room[int(f.at[k])*r+j] -= f.s.Demand(int(i), j)
				if f.room[int(f.at[k])*r+j] < 0 {
					return false
				}
			}
		}
	}
	return true
}

// relax follows, from the placement visited, every migration that leads to it back to
// where it began.
func (f *filler) relax(n, cost int64) {
	for k, i := range f.t.vms {
		to := f.at[k]
		for _, from := range f.hosts[k] {
			if from == to || (from == cloud.Absent && to != f.goal[k]) || !f.fits(i, from) {
				continue
			}
			m := cloud.Change{VM: f.s.Layout.VM(int(i)), From: from, To: to}
			before := n + f.number(i, from) - f.number(i, to)
			if c := plus(cost, cloud.CostOf(f.s.Problem.Cost, m)); c < f.t.cost[before] {
				f.t.cost[before] = c
				f.queue.Push(c, uint32(before))
			}
		}
	}
}

func (f *filler) fits(i int32, h cloud.HostID) bool {
	if h == cloud.Absent {
		return true
	}
	r := f.s.Resources()
	for j := range r {
		if f.s.Demand(int(i), j) > f.room[int(h)*r+j] {
			return false
		}
	}
	return true
}
