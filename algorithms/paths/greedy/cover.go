package greedy

import (
	"cmp"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// cover is a choice of VMs whose leaving makes room on a host.
type cover struct {
	vms  []cloud.VMID
	cost int64 // of displacing them, beyond that of direct migrations

	lack  []int64    // by resource: what is missing without those chosen so far, in its unit
	ready []eviction // VMs to choose from
}

// eviction is a VM that may leave.
type eviction struct {
	vm        cloud.VMID
	price     int64
	perRelief float64
}

// maxEvictees bounds the VMs of a host that are looked at.
const maxEvictees = 256

// makeRoom chooses VMs to leave the host so that v has room there, into r.cover, and tells
// whether there are such: those that cost least for the room they give, until it is
// enough, less those that turn out not to be needed; or the one that does alone, if it
// costs less. Finding the cheapest set is the knapsack problem, and a host is looked at
// many times. Where a rule objects to v those have to leave whom it objects to: of a
// quota some in the failure domain, of another rule all on the host that it looks at.
func (r *relief) makeRoom(v cloud.VMID, t cloud.HostID) bool {
	c := &r.cover
	c.vms, c.ready, c.cost, c.lack = c.vms[:0], c.ready[:0], 0, c.lack[:0]
	for i, d := range r.d.s.Instance().VMs[v].Demand {
		c.lack = append(c.lack, max(0, d-r.d.free(t, i)))
	}
	rule := r.d.objection(v, t)
	alone, aloneCost := r.candidates(v, t, rule)
	bound := len(c.vms)
	if rule >= 0 && bound == 0 {
		return false // whom the rule looks at stand elsewhere
	}
	slices.SortFunc(c.ready, func(a, b eviction) int {
		return cmp.Or(cmp.Compare(a.perRelief, b.perRelief), cmp.Compare(b.price, a.price), cmp.Compare(a.vm, b.vm))
	})
	used := 0
	for ; used < len(c.ready) && c.lacks(); used++ {
		r.leave(c.ready[used].vm, c.ready[used].price)
	}
	if c.lacks() {
		return false
	}
	r.prune(c.ready[:used], bound)
	if bound == 0 && alone >= 0 && aloneCost < c.cost {
		c.vms, c.cost = append(c.vms[:0], alone), aloneCost
	}
	return true
}

// candidates fills r.cover with those who have to leave and those who may, and finds the
// cheapest one that makes room enough alone; -1 if there is none.
func (r *relief) candidates(v cloud.VMID, t cloud.HostID, rule int) (alone cloud.VMID, cost int64) {
	c, vms := &r.cover, r.d.s.Instance().VMs
	alone, cost = -1, math.MaxInt64
	if rule >= 0 && r.d.quotas[rule].Quota != nil {
		r.thinOut(v, t, rule)
	}
	on := r.d.s.On(t)
	for _, u := range on[:min(len(on), maxEvictees)] {
		if u == v {
			continue
		}
		price := r.chain.extra(u)
		if rule >= 0 && slices.Contains(r.d.watched[u], int32(rule)) {
			if r.d.quotas[rule].Quota == nil {
				r.leave(u, price)
			}
			continue
		}
		if r.depth == 0 && !r.d.mayFit(u) && !r.d.restful(u) {
			continue
		}
		relief, enough := 0.0, true
		for i, d := range vms[u].Demand {
			if x := c.lack[i]; x > 0 {
				relief += float64(min(d, x)) / float64(r.d.unit[i])
				enough = enough && d >= x
			}
		}
		if relief > 0 {
			c.ready = append(c.ready, eviction{u, price, float64(price) / relief})
			if enough && price < cost {
				alone, cost = u, price
			}
		}
	}
	return alone, cost
}

// thinOut has so many VMs leave the failure domain of the host as a quota demands before
// v may enter it, the cheapest ones, wherever in it they stand.
func (r *relief) thinOut(v cloud.VMID, t cloud.HostID, rule int) {
	c, q, members := &r.cover, &r.d.quotas[rule], r.d.watchers[rule]
	if len(members) > maxMembers {
		return
	}
	for _, u := range members {
		if u != v && q.together(r.d.s.HostOf(u), t) {
			c.ready = append(c.ready, eviction{vm: u, price: r.chain.extra(u)})
		}
	}
	slices.SortFunc(c.ready, func(a, b eviction) int { return cmp.Or(cmp.Compare(a.price, b.price), cmp.Compare(a.vm, b.vm)) })
	surplus := max(0, int64(len(c.ready))+1-q.Most(t))
	for _, e := range c.ready[:min(surplus, int64(len(c.ready)))] {
		if r.d.s.HostOf(e.vm) == t {
			r.leave(e.vm, e.price)
		} else {
			c.vms, c.cost = append(c.vms, e.vm), paths.Plus(c.cost, e.price)
		}
	}
	c.ready = c.ready[:0]
}

// leave adds a VM to those chosen.
func (r *relief) leave(u cloud.VMID, price int64) {
	c := &r.cover
	c.vms = append(c.vms, u)
	c.cost = paths.Plus(c.cost, price)
	for i, d := range r.d.s.Instance().VMs[u].Demand {
		c.lack[i] -= d
	}
}

// lacks tells whether those chosen do not make room enough.
func (c *cover) lacks() bool { return slices.ContainsFunc(c.lack, func(x int64) bool { return x > 0 }) }

// prune takes back what was chosen behind the first few and is not needed, dear ones
// first.
func (r *relief) prune(used []eviction, bound int) {
	c, vms := &r.cover, r.d.s.Instance().VMs
	slices.SortFunc(used, func(a, b eviction) int { return cmp.Or(cmp.Compare(b.price, a.price), cmp.Compare(a.vm, b.vm)) })
	for _, e := range used {
		needed := false
		for i, d := range vms[e.vm].Demand {
			needed = needed || c.lack[i]+d > 0
		}
		if needed {
			continue
		}
		for i, d := range vms[e.vm].Demand {
			c.lack[i] += d
		}
		c.cost -= e.price
		at := bound + slices.Index(c.vms[bound:], e.vm)
		c.vms = slices.Delete(c.vms, at, at+1)
	}
}
