package bounds

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
)

// pattern is a group of VMs with a table of what it costs to bring them to their targets,
// from every placement of them. Placements are numbered in mixed radix.
type pattern struct {
	vms    []int32   // positions
	weight []int64   // by member: what one step of its digit adds
	digit  [][]int64 // by member and host + 1: the digit times the weight
	member []int32   // by position
	cost   []int64   // by number of the placement; never where no path leads to the targets
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

func newPattern(s *space.State, vms []int32) *pattern {
	t := &pattern{vms: vms, member: make([]int32, s.Layout.Len())}
	n := int64(1)
	for k, i := range vms {
		hosts := s.Layout.Hosts(int(i))
		digits := make([]int64, len(s.Problem.Instance.Hosts)+1)
		for d, h := range hosts {
			digits[h+1] = int64(d) * n
		}
		t.member[i] = int32(k)
		t.weight = append(t.weight, n)
		t.digit = append(t.digit, digits)
		n *= int64(len(hosts))
	}
	t.cost = make([]int64, n)
	t.fill(s)
	return t
}

// index is the number of the placement in a state.
func (t *pattern) index(s *space.State) int64 {
	var n int64
	for k, i := range t.vms {
		n += t.digit[k][s.Host[i]+1]
	}
	return n
}

// shift is what the number changes by when the VM at a position migrates.
func (t *pattern) shift(i int32, from, to cloud.HostID) int64 {
	digit := t.digit[t.member[i]]
	return digit[to+1] - digit[from+1]
}

// fill computes the costs, from the targets backwards (Dijkstra's algorithm).
func (t *pattern) fill(s *space.State) {
	f := newFiller(t, s)
	for n := range t.cost {
		t.cost[n] = never
	}
	var goal int64
	for k := range t.vms {
		goal += t.digit[k][f.goal[k]+1]
	}
	t.cost[goal] = 0
	f.queue.Push(0, uint32(goal))
	for f.queue.Len() > 0 {
		cost, n := f.queue.Pop()
		if cost == t.cost[n] && f.visit(int64(n)) {
			f.relax(int64(n), cost)
		}
	}
}

// filler walks the placements of a pattern.
type filler struct {
	t     *pattern
	s     *space.State
	goal  []cloud.HostID // by member
	hosts [][]cloud.HostID
	at    []cloud.HostID // by member
	empty []int64        // [host*resources + resource]: room without any VM that can move
	room  []int64
	queue *space.Queue
}

func newFiller(t *pattern, s *space.State) *filler {
	f := &filler{t: t, s: s, at: make([]cloud.HostID, len(t.vms)), room: make([]int64, len(s.Free)), queue: space.NewQueue()}
	for _, i := range t.vms {
		f.goal = append(f.goal, s.Problem.Goal[s.Layout.VM(int(i))])
		f.hosts = append(f.hosts, s.Layout.Hosts(int(i)))
	}
	f.empty = append(f.empty, s.Free...)
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

// visit goes to a placement, and tells whether its VMs fit.
func (f *filler) visit(n int64) bool {
	copy(f.room, f.empty)
	r := f.s.Resources()
	for k, i := range f.t.vms {
		rest := n / f.t.weight[k]
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
			before := n + f.t.digit[k][from+1] - f.t.digit[k][to+1]
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
