package part

import (
	"fmt"
	"sync"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// Cutter cuts parts out of one problem. It stands at a placement, and can go along a plan.
// It is for one goroutine. Its parts may be searched by several, and share a state of the
// whole. A part is of use until the cutter moves on.
type Cutter struct {
	p     *paths.Problem
	place cloud.Placement
	limit []int64 // [host*R + resource]; nil where nothing limits
	mends bool    // whether the start breaks some limit
	used  []int64 // [host*R + resource]

	filters *cloud.Filters
	others  []cloud.Rule // the continuous ones that look at the whole
	ways    []cloud.Rule // those that look at the two ends of a migration
	watched []bool       // by VM: whether one of those looks at it; nil: all of them
	making  sync.Mutex   // guards mirrors
	mirrors [2]*mirror   // of others and of others reversed; nil until they are asked

	hostAt []int32 // scratch of Cut: by host, its number in the part, -1 if it is not of it
}

// NewCutter makes a cutter that stands at a placement of the problem. O(instance).
func NewCutter(p *paths.Problem, at cloud.Placement) *Cutter {
	in := p.Instance
	r := len(in.Resources)
	c := &Cutter{p: p, place: at.Clone(), used: make([]int64, len(in.Hosts)*r), hostAt: make([]int32, len(in.Hosts))}
	sorted := cloud.Sort(in, p.Rules)
	c.filters, c.others = &sorted.Filters, sorted.Joint
	for _, w := range sorted.Ways {
		c.ways = append(c.ways, w.(cloud.Rule))
	}
	if sorted.Limited {
		c.limit, c.mends = sorted.Limits, sorted.Mends()
	}
	for v, h := range at {
		if h != cloud.Absent {
			c.charge(cloud.VMID(v), h, 1)
		}
	}
	for h := range c.hostAt {
		c.hostAt[h] = -1
	}
	all := false
	for _, rule := range c.others {
		all = all || rule.Watches() == nil
	}
	if len(c.others) > 0 && !all {
		c.watched = make([]bool, len(in.VMs))
		for _, rule := range c.others {
			for _, v := range rule.Watches() {
				c.watched[v] = true
			}
		}
	}
	return c
}

// charge adds what a VM demands to what is used on a host, or with sign -1 takes it off.
func (c *Cutter) charge(v cloud.VMID, h cloud.HostID, sign int64) {
	r := len(c.p.Instance.Resources)
	for i, d := range c.p.Instance.VMs[v].Demand {
		c.used[int(h)*r+i] += sign * d
	}
}

// HostOf is where a VM stands.
func (c *Cutter) HostOf(v cloud.VMID) cloud.HostID { return c.place[v] }

// Move has a VM stand on another host, or on none, whether it may or not. O(resources).
func (c *Cutter) Move(v cloud.VMID, to cloud.HostID) {
	if from := c.place[v]; from != cloud.Absent {
		c.charge(v, from, -1)
	}
	c.place[v] = to
	if to != cloud.Absent {
		c.charge(v, to, 1)
	}
	for _, m := range c.mirrors {
		if m != nil {
			m.stray(v)
		}
	}
}

// Cut cuts out the problem of taking some VMs from where they stand to their goals, which
// are given in the same order, by way of none but the hosts that are listed. Neither list
// may name anything twice, VMs must be present and may not be suspended, where they stand
// and where they go must be listed, and both ends must be sane: a program that calls it
// otherwise is wrong, and of the first three faults it panics.
//
// A VM whose goal there is not its goal in the whole may not be suspended in the part: it
// would have to be resumed on that goal, and a suspended VM is resumed on its final host
// and nowhere else.
//
// It takes O(VMs and hosts of the part × resources); the first part of a problem with
// rules that look at more than single VMs and hosts O(instance) once it is searched.
func (c *Cutter) Cut(vms []cloud.VMID, goal, hosts []cloud.HostID) *Part {
	in := c.p.Instance
	t := &Part{cutter: c, vms: vms, hosts: hosts}
	for n, h := range hosts {
		if c.hostAt[h] >= 0 {
			panic(fmt.Sprintf("part: host %q is listed twice", in.Hosts[h].Name))
		}
		c.hostAt[h] = int32(n)
	}
	sub := &cloud.Instance{
		Name: in.Name, Resources: in.Resources, Switches: in.Switches,
		Hosts: make([]cloud.Host, len(hosts)), VMs: make([]cloud.VM, len(vms)),
		Initial: make(cloud.Placement, len(vms)), Target: make(cloud.Placement, len(vms)),
	}
	for n, h := range hosts {
		sub.Hosts[n] = in.Hosts[h]
	}
	watched := false
	for n, v := range vms {
		sub.VMs[n] = in.VMs[v]
		sub.VMs[n].Interruptible = in.VMs[v].Interruptible && goal[n] == c.p.Goal[v]
		sub.Initial[n], sub.Target[n] = c.inside(c.place[v], v), c.inside(goal[n], v)
		watched = watched || c.watched == nil || c.watched[v]
	}
	for _, h := range hosts {
		c.hostAt[h] = -1
	}
	t.Problem = &paths.Problem{
		Instance: sub, Rules: c.rules(t, sub, watched), Cost: costOf(t, c.p.Cost), Start: sub.Initial, Goal: sub.Target,
	}
	return t
}

// inside is a host's number in the part that is being cut out.
func (c *Cutter) inside(h cloud.HostID, v cloud.VMID) cloud.HostID {
	if h == cloud.Absent || c.hostAt[h] < 0 {
		panic(fmt.Sprintf("part: VM %q stands on, or goes to, host %q, which is not of the part",
			c.p.Instance.VMs[v].Name, c.p.Instance.HostName(h)))
	}
	return cloud.HostID(c.hostAt[h])
}

// rules are those of a part, and no more than it needs.
func (c *Cutter) rules(t *Part, sub *cloud.Instance, watched bool) []cloud.Rule {
	rules := []cloud.Rule{} // not nil: a part without rules has none
	if c.limit != nil {
		rules = append(rules, newLimits(t, sub))
	}
	if c.filters.Doors() {
		rules = append(rules, &arrivals{filters{t: t}})
	} else if !c.filters.Empty() {
		rules = append(rules, &filters{t: t})
	}
	for _, rule := range c.ways {
		rules = append(rules, newWays(t, rule))
	}
	if len(c.others) > 0 && watched {
		o := others{t: t, rules: c.others}
		if cloud.Reversible(c.others) {
			rules = append(rules, &o)
		} else {
			rules = append(rules, &oneWayOthers{o})
		}
	}
	return rules
}
