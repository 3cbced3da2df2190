package generators

import (
	"math/rand/v2"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// crowd is a placement of all VMs of a cloud that may ask more of hosts than they have,
// and is evened out until it does not. Every rule but limits holds all the time.
type crowd struct {
	s     *cloud.State // under all rules but limits
	rng   *rand.Rand
	size  int     // resources
	limit []int64 // [host*size + resource]
	over  []cloud.HostID
	index []int32 // by host: where it is in over, -1 if it is not

	here, there []int64 // by resource: what two hosts have left
	nothing     []int64 // the demand of no VM
}

const (
	// crowdPatience is how many pairs of hosts are looked at for each host of the cloud, and
	// for a hundred more, until it is given up. With flavours 10 are enough at 99 %.
	crowdPatience = 200
	// crowdDrift is the chance that an exchange is made that neither helps nor harms.
	crowdDrift = 0.25
)

// even places the VMs of a state in which none stands anywhere, where it takes more than
// room found by chance: several resources near capacity. Every VM is put on a random host,
// whether it fits there or not. Hosts that are asked for more than they have then exchange
// VMs with random others as long as that lessens what is asked too much. It tells whether
// nothing is left of that; if so the state is changed. O(VMs), and for each exchange as
// much as two hosts have pairs of VMs.
func even(s *cloud.State, bound []cloud.Rule, limit []int64, rng *rand.Rand) bool {
	in := s.Instance()
	others := slices.DeleteFunc(slices.Clone(bound), func(r cloud.Rule) bool {
		_, ok := r.(cloud.Limiter)
		return ok
	})
	n := len(in.Resources)
	c := &crowd{
		s: cloud.NewState(in, others, s.Placement()), rng: rng, size: n, limit: limit,
		index: slices.Repeat([]int32{-1}, len(in.Hosts)),
		here:  make([]int64, n), there: make([]int64, n), nothing: make([]int64, n),
	}
	if !c.enter() || !c.spread() {
		return false
	}
	for v, h := range c.s.Placement() {
		s.Jump(cloud.VMID(v), h)
	}
	return true
}

// enter puts every VM on a random host, or tells that a rule keeps one from all of them.
func (c *crowd) enter() bool {
	for _, v := range c.rng.Perm(len(c.s.Instance().VMs)) {
		h := freeHost(c.s, cloud.VMID(v), nil, c.rng)
		if h == cloud.Absent {
			return false
		}
		c.s.Jump(cloud.VMID(v), h)
	}
	for h := range c.index {
		c.note(cloud.HostID(h))
	}
	return true
}

// excess is what is asked of a host too much, of all resources together.
func (c *crowd) excess(h cloud.HostID) int64 {
	sum := int64(0)
	for r := range c.size {
		sum += max(0, -c.left(h, r))
	}
	return sum
}

// left is what a host has left of a resource, below 0 where too much is asked for.
func (c *crowd) left(h cloud.HostID, r int) int64 { return c.limit[int(h)*c.size+r] - c.s.Used(h, r) }

// note lists a host where too much is asked for, or takes it off the list.
func (c *crowd) note(h cloud.HostID) {
	k, too := c.index[h], c.excess(h) > 0
	switch {
	case too && k < 0:
		c.index[h] = int32(len(c.over))
		c.over = append(c.over, h)
	case !too && k >= 0:
		last := c.over[len(c.over)-1]
		c.over[k], c.index[last] = last, k
		c.over, c.index[h] = c.over[:len(c.over)-1], -1
	}
}

// spread lets hosts exchange VMs until none is asked for too much.
func (c *crowd) spread() bool {
	hosts := len(c.index)
	for looks := crowdPatience * (hosts + 100); len(c.over) > 0; looks-- {
		if looks == 0 {
			return false
		}
		h, g := c.over[c.rng.IntN(len(c.over))], cloud.HostID(c.rng.IntN(hosts))
		if h != g {
			c.exchange(h, g)
		}
	}
	return true
}

// exchange lets a VM go from one host to another, and mostly another one come back, so that
// as little as can be is asked too much of the two; nothing if that is no less than before.
func (c *crowd) exchange(h, g cloud.HostID) {
	for r := range c.size {
		c.here[r], c.there[r] = c.left(h, r), c.left(g, r)
	}
	least := c.excess(h) + c.excess(g)
	if c.rng.Float64() < crowdDrift {
		least++
	}
	vms := c.s.Instance().VMs
	leaves, comes := cloud.VMID(-1), cloud.VMID(-1)
	for _, v := range c.s.On(h) {
		if e := c.after(vms[v].Demand, c.nothing, least); e < least {
			leaves, comes, least = v, -1, e
		}
		for _, w := range c.s.On(g) {
			if e := c.after(vms[v].Demand, vms[w].Demand, least); e < least && !slices.Equal(vms[v].Demand, vms[w].Demand) {
				leaves, comes, least = v, w, e
			}
		}
	}
	if leaves >= 0 && c.swap(leaves, comes, h, g) {
		c.note(h)
		c.note(g)
	}
}

// after is what is asked too much of two hosts once these demands have left here and come
// from there; or some of that, if it is no less than most.
func (c *crowd) after(leave, come []int64, most int64) int64 {
	sum := int64(0)
	for r, d := range leave {
		d -= come[r]
		sum += max(0, -c.here[r]-d) + max(0, d-c.there[r])
		if sum >= most {
			break
		}
	}
	return sum
}

// swap carries an exchange out unless a rule forbids it.
func (c *crowd) swap(v, w cloud.VMID, h, g cloud.HostID) bool {
	if w >= 0 {
		c.s.Jump(w, cloud.Absent)
	}
	ok := c.s.Allows(v, g)
	if ok {
		c.s.Jump(v, g)
	}
	if w < 0 {
		return ok
	}
	if ok && c.s.Allows(w, h) {
		c.s.Jump(w, h)
		return true
	}
	if ok {
		c.s.Jump(v, h)
	}
	c.s.Jump(w, g)
	return false
}
