package greedy

import (
	"cmp"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// relief breaks deadlocks one after the other, where there are many: each time at the
// host where the room that is missed for one VM is cheapest to make, by what it moves.
type relief struct {
	*solver
	c        chain
	heap     []offer
	stamp    []int32 // by place: raised whenever its offer goes out of date
	seen     int     // moves that are taken into account in stamps
	depth    int
	dirty    []cloud.HostID
	isDirty  []bool
	evictees []eviction   // scratch
	plan     []cloud.VMID // scratch
}

// offer is to make room on a host for the VM that is cheapest to serve there.
type offer struct {
	price float64 // cost of the displacements by size of the VM
	host  cloud.HostID
	stamp int32
}

func (a offer) compare(b offer) int {
	return cmp.Or(cmp.Compare(a.price, b.price), cmp.Compare(a.host, b.host))
}

type eviction struct {
	vm        cloud.VMID
	price     int64
	perRelief float64
}

func (d *solver) relieve() bool {
	r := &relief{solver: d, stamp: make([]int32, len(d.waiting)), isDirty: make([]bool, len(d.waiting)), seen: d.mark()}
	pool := math.MaxInt
	r.c = chain{walk: d.walk, pool: &pool}
	taken := 0
	for r.depth = 0; r.depth <= 3; {
		for h := range d.hosts() {
			r.touch(h)
		}
		before := taken
		for {
			r.renew()
			if len(r.heap) == 0 || d.stopped {
				break
			}
			o := r.pop()
			if o.stamp != r.stamp[place(o.host)] {
				continue
			}
			if d.left <= d.until || !d.decide() {
				break
			}
			v, price := r.best(o.host)
			if v < 0 {
				continue
			}
			if price > o.price && len(r.heap) > 0 && price > r.heap[0].price {
				r.push(offer{price, o.host, o.stamp})
				continue
			}
			if r.serve(v, o.host) {
				taken++
				d.direct(len(d.goal))
			}
		}
		if d.stopped || d.left <= d.until {
			break
		}
		if taken > before && r.depth > 0 {
			r.depth = 0
		} else {
			r.depth++
		}
	}
	return taken > 0
}

func (r *relief) touch(h cloud.HostID) {
	if i := place(h); h != cloud.Absent && !r.isDirty[i] {
		r.isDirty[i] = true
		r.dirty = append(r.dirty, h)
	}
}

// renew makes new offers for the hosts that moves have changed.
func (r *relief) renew() {
	for _, m := range r.s.Moves()[r.seen:] {
		r.touch(m.From)
		r.touch(m.To)
	}
	r.seen = r.mark()
	for _, h := range r.dirty {
		r.isDirty[place(h)] = false
		r.stamp[place(h)]++
		if v, price := r.best(h); v >= 0 {
			r.push(offer{price, h, r.stamp[place(h)]})
		}
	}
	r.dirty = r.dirty[:0]
}

// best is the VM that waits for the host and is cheapest to serve, by its size.
func (r *relief) best(t cloud.HostID) (cloud.VMID, float64) {
	found, least := cloud.VMID(-1), math.Inf(1)
	last := int64(-1)
	for _, v := range r.awaiting(t) {
		if r.size[v] == last {
			continue
		}
		last = r.size[v]
		cost, ok := r.cover(v, t)
		if price := float64(cost) / float64(r.size[v]); ok && price < least {
			found, least = v, price
		}
	}
	return found, least
}

// maxEvictees bounds the VMs of a host among which those are chosen that make room.
const maxEvictees = 256

// cover chooses VMs to leave the host so that v has room, into r.plan.
func (r *relief) cover(v cloud.VMID, t cloud.HostID) (int64, bool) {
	in := r.s.Instance()
	need := in.VMs[v].Demand
	r.plan = r.plan[:0]
	rule := r.objection(v, t)
	r.evictees = r.evictees[:0]
	var cost int64
	var freed [8]int64
	gain := freed[:]
	if len(need) > len(gain) {
		gain = make([]int64, len(need))
	}
	on := r.s.On(t)
	best, bestCost := cloud.VMID(-1), int64(math.MaxInt64)
	for _, u := range on[:min(len(on), maxEvictees)] {
		if u == v {
			continue
		}
		price := r.c.extra(u)
		if rule >= 0 && slices.Contains(r.watched[u], int32(rule)) {
			r.plan = append(r.plan, u)
			cost += price
			for i, d := range in.VMs[u].Demand {
				gain[i] += d
			}
			continue
		}
		if r.depth == 0 && !r.rooms.mayFit(in.VMs[u].Demand) && !r.restful(u) {
			continue
		}
		relief, all := 0.0, true
		for i, d := range in.VMs[u].Demand {
			if x := need[i] - r.free(t, i); x > 0 {
				relief += float64(min(d, x)) / float64(r.unit[i])
				all = all && d >= x
			}
		}
		if relief > 0 {
			r.evictees = append(r.evictees, eviction{u, price, float64(price) / relief})
			if all && price < bestCost {
				best, bestCost = u, price
			}
		}
	}
	if rule >= 0 && len(r.plan) == 0 {
		return 0, false
	}
	slices.SortFunc(r.evictees, func(a, b eviction) int {
		return cmp.Or(cmp.Compare(a.perRelief, b.perRelief), cmp.Compare(b.price, a.price), cmp.Compare(a.vm, b.vm))
	})
	lacks := func() bool {
		for i, d := range need {
			if d > r.free(t, i)+gain[i] {
				return true
			}
		}
		return false
	}
	first := len(r.plan)
	used := 0
	for ; used < len(r.evictees) && lacks(); used++ {
		e := r.evictees[used]
		r.plan = append(r.plan, e.vm)
		cost += e.price
		for i, d := range in.VMs[e.vm].Demand {
			gain[i] += d
		}
	}
	if lacks() {
		return 0, false
	}
	// Drop what turned out not to be needed, dear ones first.
	slices.SortFunc(r.evictees[:used], func(a, b eviction) int { return cmp.Or(cmp.Compare(b.price, a.price), cmp.Compare(a.vm, b.vm)) })
	for _, e := range r.evictees[:used] {
		for i, d := range in.VMs[e.vm].Demand {
			gain[i] -= d
		}
		if lacks() {
			for i, d := range in.VMs[e.vm].Demand {
				gain[i] += d
			}
			continue
		}
		cost -= e.price
		k := slices.Index(r.plan[first:], e.vm)
		r.plan = slices.Delete(r.plan, first+k, first+k+1)
	}
	if first == 0 && best >= 0 && bestCost < cost {
		r.plan = append(r.plan[:0], best)
		cost = bestCost
	}
	return cost, true
}

// serve makes room for the VM and brings it in, or changes nothing.
func (r *relief) serve(v cloud.VMID, t cloud.HostID) bool {
	if _, ok := r.cover(v, t); !ok {
		return false
	}
	base, left := r.mark(), r.left
	plan := slices.Clone(r.plan)
	slices.SortFunc(plan, r.largeFirst)
	r.c.base, r.c.nodes = base, 40
	r.c.clearing = append(r.c.clearing[:0], t)
	r.c.entering = append(r.c.entering[:0], v)
	for _, u := range plan {
		if !r.relocate(u) {
			r.undoTo(base)
			return false
		}
	}
	if !r.can(v, t) {
		r.undoTo(base)
		return false
	}
	r.move(v, t)
	if r.left >= left {
		r.undoTo(base)
		return false
	}
	r.wakeSources(base)
	return true
}

// relocate takes a VM off its host, for as little harm as can be.
func (r *relief) relocate(u cloud.VMID) bool {
	c := &r.c
	var to [1]cloud.HostID
	rest := r.restful(u)
	if found := c.havens(u, to[:0]); len(found) > 0 {
		h := found[0]
		if rest && c.detour(u, cloud.Absent) < c.detour(u, h) && c.can(u, cloud.Absent) {
			h = cloud.Absent
		}
		r.move(u, h)
		return true
	}
	if rest && r.can(u, cloud.Absent) {
		r.move(u, cloud.Absent)
		return true
	}
	if r.depth == 0 {
		return false
	}
	var near [branch]cloud.HostID
	for _, h := range c.nearest(u, near[:]) {
		if c.admit(u, h, inner, r.depth-1) {
			return true
		}
	}
	return false
}

func (r *relief) push(o offer) {
	r.heap = append(r.heap, o)
	i := len(r.heap) - 1
	for i > 0 {
		up := (i - 1) / 2
		if r.heap[i].compare(r.heap[up]) >= 0 {
			break
		}
		r.heap[i], r.heap[up] = r.heap[up], r.heap[i]
		i = up
	}
}

func (r *relief) pop() offer {
	top := r.heap[0]
	last := len(r.heap) - 1
	r.heap[0] = r.heap[last]
	r.heap = r.heap[:last]
	for i := 0; ; {
		down := 2*i + 1
		if down >= last {
			break
		}
		if down+1 < last && r.heap[down+1].compare(r.heap[down]) < 0 {
			down++
		}
		if r.heap[down].compare(r.heap[i]) >= 0 {
			break
		}
		r.heap[i], r.heap[down] = r.heap[down], r.heap[i]
		i = down
	}
	return top
}
