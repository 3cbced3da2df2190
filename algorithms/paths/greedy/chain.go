package greedy

import (
	"cmp"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// effort is how hard one attempt to let a VM in may try.
type effort struct {
	evictions int // VMs that may leave one host
	depth     int // hosts that may be cleared for those who were cleared off another
	fan       int // VMs of the host that are tried as the first to leave it
	nodes     int // hosts that one chain tries to clear
}

// chain is a chain of displacements under construction: nobody in it is displaced
// twice, and no host that is being cleared takes anyone in.
type chain struct {
	w        *walk
	base     int // mark where the chain begins
	clearing []cloud.HostID
	entering []cloud.VMID
	shun     func(u cloud.VMID, h cloud.HostID) bool // hosts that do not help; nil for none
	nodes    int                                     // attempts to clear a host that are left
	pool     *int
}

// branch is how many ways a blocked displacement tries, for VMs and for hosts.
const branch = 3

// inner is how many VMs may leave a host that is cleared for one displaced off another.
const inner = 8

func (c *chain) inChain(v cloud.VMID) bool {
	for _, m := range c.w.s.Moves()[c.base:] {
		if m.VM == v {
			return true
		}
	}
	return slices.Contains(c.entering, v)
}

// admit clears the host as far as the VM needs and moves it there, or changes
// nothing.
func (c *chain) admit(v cloud.VMID, t cloud.HostID, evictions, depth int) bool {
	if c.w.can(v, t) {
		c.w.move(v, t)
		return true
	}
	if c.nodes <= 0 || !c.w.decide() {
		return false
	}
	c.nodes--
	*c.pool--
	mark := c.w.mark()
	c.clearing = append(c.clearing, t)
	c.entering = append(c.entering, v)
	in := false
	for ; evictions > 0 && !in && c.evict(v, t, depth); evictions-- {
		in = c.w.can(v, t)
	}
	c.clearing = c.clearing[:len(c.clearing)-1]
	c.entering = c.entering[:len(c.entering)-1]
	if !in {
		c.w.undoTo(mark)
		return false
	}
	c.w.move(v, t)
	return true
}

// evict moves one VM off the host in favour of v: the one whose displacement costs
// least for the room that it gives, to where it does least harm. When nobody can
// go anywhere, another host is cleared for one of them.
func (c *chain) evict(v cloud.VMID, t cloud.HostID, depth int) bool {
	if rule := c.w.objection(v, t); rule >= 0 {
		return c.appease(v, t, rule, depth)
	}
	ranked := c.evictees(v, t)
	for _, u := range ranked {
		if c.toHaven(u) {
			return true
		}
		if c.w.stopped {
			return false
		}
	}
	for _, u := range ranked {
		if c.toRest(u) {
			return true
		}
	}
	if depth == 0 {
		return false
	}
	var near [branch]cloud.HostID
	for _, u := range ranked[:min(branch, len(ranked))] {
		for _, h := range c.nearest(u, near[:]) {
			if c.admit(u, h, inner, depth-1) {
				return true
			}
			if c.w.stopped || c.nodes <= 0 {
				return false
			}
		}
	}
	return false
}

// displace moves a VM to where it does least harm, or suspends it.
func (c *chain) displace(u cloud.VMID) bool { return c.toHaven(u) || c.toRest(u) }

// toHaven moves a VM to the best host that would take it in now, or suspends it where
// that costs less.
func (c *chain) toHaven(u cloud.VMID) bool {
	var to [1]cloud.HostID
	found := c.havens(u, to[:0])
	if len(found) == 0 {
		return false
	}
	if !c.w.restful(u) || c.w.detour(u, cloud.Absent) >= c.w.detour(u, found[0]) || !c.toRest(u) {
		c.w.move(u, found[0])
	}
	return true
}

// toRest suspends a VM if that may be.
func (c *chain) toRest(u cloud.VMID) bool {
	if !c.w.restful(u) || !c.w.can(u, cloud.Absent) {
		return false
	}
	c.w.move(u, cloud.Absent)
	return true
}

// evictees ranks those on the host whose leaving makes room for v. Displacing a
// misplaced VM costs one more migration, displacing a settled one two.
func (c *chain) evictees(v cloud.VMID, t cloud.HostID) []cloud.VMID {
	demand := c.w.s.Instance().VMs
	lacking := c.w.lack(v, t) > 0
	type candidate struct {
		v      cloud.VMID
		relief int64
		price  float64 // per relief
	}
	var ranked []candidate
	if t == cloud.Absent {
		return nil // that is never full
	}
	for _, u := range c.w.s.On(t) {
		if u == v || c.inChain(u) {
			continue
		}
		relief := int64(0)
		if lacking {
			for r, d := range demand[v].Demand {
				if x := d - c.w.free(t, r); x > 0 {
					relief = paths.Plus(relief, min(demand[u].Demand[r], x)/c.w.unit[r])
					if demand[u].Demand[r] > 0 {
						relief++
					}
				}
			}
		} else {
			relief = 1 // some rule that watches everybody may be content
		}
		if relief > 0 {
			ranked = append(ranked, candidate{u, relief, float64(c.extra(u)) / float64(relief)})
		}
	}
	slices.SortFunc(ranked, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.price, b.price), cmp.Compare(b.relief, a.relief), cmp.Compare(a.v, b.v))
	})
	out := make([]cloud.VMID, len(ranked))
	for i, r := range ranked {
		out[i] = r.v
	}
	return out
}

// extra is what displacing the VM adds to the cost of the path, by a bypass or by a
// suspend, whichever costs less.
func (c *chain) extra(u cloud.VMID) int64 {
	if c.w.restful(u) {
		return min(c.bypass(u), c.w.detour(u, cloud.Absent)+1)
	}
	return c.bypass(u)
}

// bypass is what a bypass of the VM adds to the cost of the path, as an estimate that
// is exact when cost does not depend on hosts.
func (c *chain) bypass(u cloud.VMID) int64 {
	at := c.w.s.HostOf(u)
	switch to := c.w.next(u, at); {
	case at == cloud.Absent: // resuming is on its way
		return 1
	case c.w.settled(u) || to == cloud.Absent:
		return 2*c.w.price(u, at, c.w.elsewhere(at)) + 1
	default:
		return c.w.price(u, at, to) + 1
	}
}

// haven is a host that would take a VM in for now, and how little that would hurt:
// first its goal, then hosts that nobody waits for, tightest fit first, so that
// large holes stay whole.
type haven struct {
	h     cloud.HostID
	class int8
	spare int64
}

func (a haven) compare(b haven) int {
	return cmp.Or(cmp.Compare(a.class, b.class), cmp.Compare(a.spare, b.spare), cmp.Compare(a.h, b.h))
}

// rank puts a haven in its place among the first n of best, of which the last may drop
// out, and returns how many there are then.
func (a haven) rank(best []haven, n int) int {
	at := n
	for at > 0 && a.compare(best[at-1]) < 0 {
		at--
	}
	if at < len(best) {
		n = min(n+1, len(best))
		copy(best[at+1:n], best[at:n-1])
		best[at] = a
	}
	return n
}

// havens fills out, up to its capacity, with the best hosts that would take the VM
// in now. With room for several the last one is the host with the most room.
func (c *chain) havens(u cloud.VMID, out []cloud.HostID) []cloud.HostID {
	var best [4]haven
	n, most := 0, min(cap(out), len(best))
	roomiest := haven{h: cloud.Absent, spare: -1}
	goal := c.w.next(u, c.w.s.HostOf(u))
	c.w.roomy(u, func(h cloud.HostID) bool {
		if !c.w.fits(u, h) || slices.Contains(c.clearing, h) || c.shun != nil && c.shun(u, h) || !c.w.can(u, h) {
			return false
		}
		x := haven{h: h, class: 1, spare: c.w.spare(u, h)}
		if h == goal {
			x.class = 0
		} else if len(c.w.awaiting(h)) > 0 {
			x.class = 2
		}
		if x.spare > roomiest.spare {
			roomiest = x
		}
		n = x.rank(best[:most], n)
		return true
	})
	for _, x := range best[:n] {
		out = append(out, x.h)
	}
	if n > 1 && !slices.Contains(out, roomiest.h) {
		out[n-1] = roomiest.h
	}
	return out
}

// nearest fills out with the hosts that lack least to take the VM in.
func (c *chain) nearest(u cloud.VMID, out []cloud.HostID) []cloud.HostID {
	var best [2 * branch]haven
	n, most := 0, min(len(out), len(best))
	at := c.w.s.HostOf(u)
	c.w.narrow(u, func(h cloud.HostID) bool {
		if h == at || slices.Contains(c.clearing, h) || !c.w.admits(u, h) || !c.w.passes(u, at, h) {
			return false
		}
		x := haven{h: h, spare: c.w.lack(u, h)}
		if c.w.objection(u, h) >= 0 {
			x.class = 1
		}
		n = x.rank(best[:most], n)
		return true
	})
	for i := range n {
		out[i] = best[i].h
	}
	return out[:n]
}
