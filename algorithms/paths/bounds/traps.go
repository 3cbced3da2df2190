package bounds

import (
	"cmp"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// traps adds up what deadlocks force in a part of many VMs.
//
// A trap is a set of hosts such that every misplaced VM on them waits for room or for a mate on
// one of them, even after all VMs have left that can. The first VM to leave a trap has to take a
// detour: without one it would need another VM to leave a host of the trap before. That
// holds as well where some VMs are let go for nothing. So those who stand in a trap are a
// landmark: one of them at least pays for a detour, in every set that is enough (see
// [Deadlock]). Traps are found as the sinks of the graph of who waits for whose room, by
// Tarjan's algorithm, and such sinks have no VMs in common.
//
// A trap of few VMs is solved as a pocket, and counts its cheapest set; then its VMs leave
// for nothing. In one of many VMs the landmark is counted: the price of its cheapest VM is
// taken off the prices of all of it (cost partitioning), and those with nothing left may
// leave for nothing. Either way more leave in turn, and what stays falls into new traps.
// Those who are cheaper than others would hide what is costly: to leave, the costly ones need not
// go out of their way. So the costly ones come first, and the cheaper ones are let go for nothing
// meanwhile.
type traps struct {
	w      *whole
	budget int // work left: hosts looked at, VMs that left

	// Of Tarjan's algorithm, by host.
	index, low []int32 // 0 for hosts that were not met
	on         []bool  // the stack
	stack      []cloud.HostID
	path       []visit
}

// visit is a host on the path at hand, and how many of its VMs were looked at.
type visit struct {
	host cloud.HostID
	next int
}

func newTraps(w *whole) *traps {
	n := w.x.hosts
	return &traps{w: w, index: make([]int32, n), low: make([]int32, n), on: make([]bool, n)}
}

// workPerVM bounds how long traps are looked for, in a part with many VMs: chains of
// traps, each of which opens only after another has, may be as long as there are hosts.
const workPerVM = 200

// sum is a lower bound of the cost of the cheapest set for the part on some hosts, of
// which the positions are the VMs that are settled or of the core; never if there is none.
func (t *traps) sum(k *pocket, hosts []cloud.HostID, positions []int32) int64 {
	t.budget = workPerVM * len(positions)
	total := t.small(k, hosts)
	if total == never {
		return never
	}
	total = plus(total, t.exchanges(positions))
	return plus(total, t.costly(hosts, positions))
}

// exchanges counts every cycle of mates that wait for each other. Such a cycle is a landmark, no
// matter how many other VMs stand on its hosts.
func (t *traps) exchanges(positions []int32) (total int64) {
	x, price := &t.w.x, t.w.price
	for _, cycle := range x.cycles(positions, x.left) {
		least := price[cycle[0]]
		for _, i := range cycle {
			least = min(least, price[i])
		}
		total = plus(total, least)
		for _, i := range cycle {
			if price[i] -= least; price[i] == 0 {
				x.release(i)
			}
		}
	}
	t.drain()
	return total
}

// small solves traps of few VMs, until there are none left or only larger ones.
func (t *traps) small(k *pocket, hosts []cloud.HostID) (total int64) {
	x := &t.w.x
	for again := true; again && t.goesOn(); {
		again = false
		for _, trap := range t.sinks(hosts) {
			standing := t.standing(trap)
			if len(standing) > t.w.most {
				continue
			}
			least := k.least(part{t.withTargets(trap, standing), false}, standing, x.room, x.room)
			if least == never {
				return never
			}
			total = plus(total, least)
			for _, i := range standing {
				t.w.price[i] = 0
				x.release(i)
			}
			again = true
		}
		t.drain()
	}
	return total
}

// withTargets returns the hosts of a trap and the targets of its VMs that wait only for a mate.
func (t *traps) withTargets(trap []cloud.HostID, standing []int32) []cloud.HostID {
	x, out := &t.w.x, trap
	for _, i := range standing {
		if x.obstacle(i) != x.target[i] && !slices.Contains(out, x.target[i]) {
			out = append(out, x.target[i])
		}
	}
	return out
}

// costly adds up landmarks: those among VMs whose detour costs at least so much, then half
// of that, and so on.
func (t *traps) costly(hosts []cloud.HostID, positions []int32) (total int64) {
	x, price := &t.w.x, t.w.price
	var threshold int64
	for _, i := range positions {
		if !x.left[i] {
			threshold = max(threshold, price[i])
		}
	}
	begin := x.mark()
	for ; threshold > 0; threshold /= 2 {
		for _, i := range positions {
			if !x.left[i] && price[i] < threshold {
				x.release(i)
			}
		}
		t.drain()
		for t.goesOn() {
			sinks := t.sinks(hosts)
			if len(sinks) == 0 {
				break
			}
			var free []int32
			for _, trap := range sinks {
				landmark := t.slim(trap)
				least := price[landmark[0]]
				total = plus(total, least)
				for _, i := range landmark {
					if price[i] -= least; price[i] < threshold {
						free = append(free, i)
					}
				}
			}
			for _, i := range free {
				x.release(i)
			}
			t.drain()
		}
		x.undo(begin)
	}
	return total
}

func (t *traps) goesOn() bool { return t.budget > 0 && !t.w.stop() }

func (t *traps) drain() {
	before := len(t.w.x.trail)
	t.w.x.drain()
	t.budget -= len(t.w.x.trail) - before
}

// standing lists those who have not left some hosts.
func (t *traps) standing(hosts []cloud.HostID) []int32 {
	var out []int32
	for _, h := range hosts {
		for _, i := range t.w.tangle.at.on(h) {
			if !t.w.x.left[i] {
				out = append(out, i)
			}
		}
	}
	return out
}

// slim lists the VMs of a trap, the cheapest first, without those, if they are few, who
// may leave for nothing and not all others do.
func (t *traps) slim(trap []cloud.HostID) []int32 {
	x, price := &t.w.x, t.w.price
	all := t.standing(trap)
	slices.SortStableFunc(all, func(a, b int32) int { return cmp.Compare(price[a], price[b]) })
	if len(all) > mostInPocket {
		return all
	}
	begin := x.mark()
	landmark := make([]int32, 0, len(all))
	for _, i := range all {
		before := x.mark()
		if t.budget < 0 {
			landmark = append(landmark, i)
			continue
		}
		if !x.left[i] {
			x.release(i)
			t.drain()
		}
		t.budget -= len(all)
		if !t.w.locked(all) {
			x.undo(before)
			landmark = append(landmark, i)
		}
	}
	x.undo(begin)
	return landmark
}

// sinks lists the traps that contain no smaller ones, as far as they are on some hosts.
func (t *traps) sinks(hosts []cloud.HostID) [][]cloud.HostID {
	for _, h := range hosts {
		t.index[h] = 0
	}
	t.budget -= len(hosts)
	var out [][]cloud.HostID
	count := int32(0)
	for _, h := range hosts {
		if t.index[h] == 0 {
			out = t.strong(h, &count, out)
		}
	}
	return out
}

// strong is Tarjan's algorithm from one host, without recursion.
func (t *traps) strong(from cloud.HostID, count *int32, out [][]cloud.HostID) [][]cloud.HostID {
	enter := func(h cloud.HostID) {
		*count++
		t.index[h], t.low[h], t.on[h] = *count, *count, true
		t.stack, t.path = append(t.stack, h), append(t.path, visit{h, 0})
	}
	x := &t.w.x
	enter(from)
next:
	for len(t.path) > 0 {
		top := &t.path[len(t.path)-1]
		h := top.host
		for vms := t.w.tangle.at.on(h); top.next < len(vms); {
			i := vms[top.next]
			top.next++
			if x.left[i] || !x.misplaced(i) {
				continue
			}
			switch to := x.obstacle(i); {
			case t.index[to] == 0:
				enter(to)
				continue next
			case t.on[to]:
				t.low[h] = min(t.low[h], t.index[to])
			}
		}
		t.path = t.path[:len(t.path)-1]
		if len(t.path) > 0 {
			above := t.path[len(t.path)-1].host
			t.low[above] = min(t.low[above], t.low[h])
		}
		if t.low[h] < t.index[h] {
			continue
		}
		first := len(t.stack) - 1
		for t.stack[first] != h {
			first--
		}
		if group := t.stack[first:]; len(group) > 1 && t.closed(group) {
			out = append(out, slices.Clone(group))
		}
		for _, h := range t.stack[first:] {
			t.on[h] = false
		}
		t.stack = t.stack[:first]
	}
	return out
}

// closed tells whether nobody on some hosts waits for others. They are on the stack, and
// their VMs wait for hosts that were met before or with them.
func (t *traps) closed(hosts []cloud.HostID) bool {
	x, first := &t.w.x, t.index[hosts[0]]
	for _, h := range hosts {
		for _, i := range t.w.tangle.at.on(h) {
			if x.left[i] || !x.misplaced(i) {
				continue
			}
			if to := x.obstacle(i); !t.on[to] || t.index[to] < first {
				return false
			}
		}
	}
	return true
}
