package greedy

import (
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/internal/heaps"
)

// relief breaks deadlocks one after the other where very many VMs are blocked: each time
// at the host where the room that one of them lacks is cheapest to make, by the size of
// that VM. A remedy is taken without being tried out first, as there will be many more.
//
// It ends: whatever is taken lowers walk.left, the sum over misplaced VMs of their sizes,
// as the direct migrations do that follow. For the VM that is served comes home, and
// settled VMs that make way for it count for less than it does, or the remedy is taken
// back. Between two remedies every host is offered no more than twice: an offer that is
// vain is not made again before a VM has come to the host or left it, and one that has
// become costlier is put back once.
type relief struct {
	d       *solver
	depth   int // hosts in a row that may be cleared for those who were cleared off another
	offers  heaps.Heap[offer]
	stamp   []int32        // by host: raised whenever its offer goes out of date
	dirty   []cloud.HostID // hosts that want a new offer
	isDirty []bool         // by host
	seen    int            // mark of the moves that are taken into account in dirty
	pool    int
	chain   chain
	cover   cover // scratch
}

// offer is to make room on a host for the VM that is cheapest to serve there.
type offer struct {
	price float64 // cost of the displacements by size of the VM
	host  cloud.HostID
	stamp int32
}

const (
	// maxDepth is how many hosts in a row are cleared where nothing less helps.
	maxDepth = 3
	// reliefNodes bounds the hosts that one chain tries to clear.
	reliefNodes = 40
	// renewals is how many offers are made between two looks at the clock.
	renewals = 256
)

func newRelief(d *solver) *relief {
	n := int(d.hosts())
	r := &relief{d: d, stamp: make([]int32, n), isDirty: make([]bool, n), seen: d.mark(), pool: math.MaxInt}
	r.chain = chain{w: d.walk, pool: &r.pool}
	r.offers.Before = func(a, b offer) bool {
		return a.price < b.price || a.price == b.price && a.host < b.host
	}
	return r
}

// relieve takes remedies until none is left that brings progress, and tells whether
// there was one.
func (d *solver) relieve() bool {
	r, before := newRelief(d), d.left
	for r.depth <= maxDepth && d.goesOn() {
		for h := range d.hosts() {
			r.touch(h)
		}
		served := false
		for d.goesOn() && r.renew() {
			if r.step() {
				served = true
				d.direct(len(d.goal))
			}
		}
		if r.depth++; served && r.depth > 1 {
			r.depth = 0
		}
	}
	return d.left < before
}

// touch has a new offer made for the host.
func (r *relief) touch(h cloud.HostID) {
	if h != cloud.Absent && !r.isDirty[h] {
		r.isDirty[h] = true
		r.dirty = append(r.dirty, h)
	}
}

// renew makes new offers for the hosts that moves have changed, and tells whether there
// is any offer.
func (r *relief) renew() bool {
	for _, m := range r.d.s.Moves()[r.seen:] {
		r.touch(m.From)
		r.touch(m.To)
	}
	r.seen = r.d.mark()
	for i, h := range r.dirty {
		if i%renewals == renewals-1 && !r.d.look() {
			return false
		}
		r.isDirty[h] = false
		r.stamp[h]++
		if v, price := r.cheapest(h); v >= 0 {
			r.offers.Push(offer{price, h, r.stamp[h]})
		}
	}
	r.dirty = r.dirty[:0]
	return len(r.offers.Items) > 0
}

// step takes up the cheapest offer and tells whether it could be met.
func (r *relief) step() bool {
	o := r.offers.Pop()
	if o.stamp != r.stamp[o.host] || !r.d.decide() {
		return false
	}
	v, price := r.cheapest(o.host)
	if v < 0 {
		return false
	}
	if price > o.price && len(r.offers.Items) > 0 && price > r.offers.Items[0].price {
		r.offers.Push(offer{price, o.host, o.stamp}) // room elsewhere has become scarcer since
		return false
	}
	return r.serve(v, o.host)
}

// cheapest is the VM that waits for the host and is cheapest to serve by its size, and
// what that costs; -1 if none can be. Of VMs that count for the same the first will do.
func (r *relief) cheapest(t cloud.HostID) (cloud.VMID, float64) {
	found, least, last := cloud.VMID(-1), math.Inf(1), int64(0)
	for _, v := range r.d.awaiting(t) {
		if r.d.size[v] == last {
			continue
		}
		last = r.d.size[v]
		if r.makeRoom(v, t) {
			if price := float64(r.cover.cost) / float64(last); price < least {
				found, least = v, price
			}
		}
	}
	return found, least
}

// serve makes room for the VM on the host and brings it in, or changes nothing.
func (r *relief) serve(v cloud.VMID, t cloud.HostID) bool {
	if !r.makeRoom(v, t) {
		return false
	}
	base, left := r.d.mark(), r.d.left
	plan := slices.Clone(r.cover.vms)
	slices.SortFunc(plan, r.d.largeFirst)
	r.chain.base, r.chain.nodes = base, reliefNodes
	r.chain.clearing = append(r.chain.clearing[:0], t)
	r.chain.entering = append(r.chain.entering[:0], v)
	r.chain.shun = nil
	if rule := r.d.objection(v, t); rule >= 0 && r.d.quotas[rule].Quota != nil {
		r.chain.shun = func(u cloud.VMID, h cloud.HostID) bool {
			return slices.Contains(r.d.watched[u], int32(rule)) && r.d.quotas[rule].together(h, t)
		}
	}
	for _, u := range plan {
		if !r.relocate(u) {
			r.d.undoTo(base)
			return false
		}
	}
	if !r.d.can(v, t) {
		r.d.undoTo(base)
		return false
	}
	r.d.move(v, t)
	if r.d.left >= left {
		r.d.undoTo(base)
		return false
	}
	r.d.wakeSources(base)
	return true
}

// relocate takes a VM off its host to where it does least harm, if need be after another
// host was cleared for it.
func (r *relief) relocate(u cloud.VMID) bool {
	if r.chain.displace(u) {
		return true
	}
	if r.depth == 0 {
		return false
	}
	var near [branch]cloud.HostID
	for _, h := range r.chain.nearest(u, near[:]) {
		if r.chain.admit(u, h, inner, r.depth-1) {
			return true
		}
	}
	return false
}
