package pathtest

import (
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

// Distances is the true cost from every placement to one placement.
type Distances struct {
	p    *paths.Problem
	cost map[string]int64
}

// Exhaustive computes the cost to reach the goal from every placement from which it
// can be reached, by relaxing migrations backwards until nothing changes
// (Bellman-Ford). It judges states and migrations by the rules' naive forms alone, and
// also the ends of the path: with an end that breaks a rule, nothing is reached.
func Exhaustive(p *paths.Problem) *Distances {
	d := &Distances{p, map[string]int64{}}
	for _, end := range []struct {
		place cloud.Placement
		final bool
	}{{p.Start, false}, {p.Goal, false}, {p.Instance.Target, true}} {
		if len(validate.Placement(p.Instance, p.Rules, end.place, end.final)) > 0 {
			return d
		}
	}
	d.cost[key(p.Goal)] = 0
	queue := []cloud.Placement{p.Goal}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for v, to := range at {
			for from := cloud.Absent; int(from) < len(p.Instance.Hosts); from++ {
				m := cloud.Change{VM: cloud.VMID(v), From: from, To: to}
				if !allowed(p, m) {
					continue
				}
				before := slices.Clone(at)
				before[v] = from
				through := d.cost[key(at)] + cloud.CostOf(p.Cost, m)
				if old, known := d.cost[key(before)]; known && old <= through {
					continue
				}
				if sane(p, before, m) {
					d.cost[key(before)] = through
					queue = append(queue, before)
				}
			}
		}
	}
	return d
}

// To is the true cost from a placement to the goal; false when there is no way.
func (d *Distances) To(from cloud.Placement) (int64, bool) {
	c, ok := d.cost[key(from)]
	return c, ok
}

// Each calls f for every placement from which the goal can be reached.
func (d *Distances) Each(f func(at cloud.Placement, cost int64)) {
	keys := make([]string, 0, len(d.cost))
	for k := range d.cost {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		at := make(cloud.Placement, len(k))
		for v := range k {
			at[v] = cloud.HostID(int8(k[v]))
		}
		f(at, d.cost[k])
	}
}

// Successors lists the sane migrations out of a sane placement.
func Successors(p *paths.Problem, at cloud.Placement) []cloud.Change {
	var out []cloud.Change
	for v, from := range at {
		for to := cloud.Absent; int(to) < len(p.Instance.Hosts); to++ {
			m := cloud.Change{VM: cloud.VMID(v), From: from, To: to}
			if allowed(p, m) && sane(p, at, m) {
				out = append(out, m)
			}
		}
	}
	return out
}

// allowed tells whether a change is a migration, or a suspend of a VM that may be
// suspended, or a resume of one on its target.
func allowed(p *paths.Problem, m cloud.Change) bool {
	switch {
	case p.Start[m.VM] == cloud.Absent || m.From == m.To:
		return false
	case m.To == cloud.Absent:
		return p.Instance.VMs[m.VM].Interruptible
	case m.From == cloud.Absent:
		return p.Instance.VMs[m.VM].Interruptible && m.To == p.Goal[m.VM]
	}
	return true
}

// sane judges one migration in full: before, while both hosts hold the VM, and after.
func sane(p *paths.Problem, before cloud.Placement, m cloud.Change) bool {
	after := slices.Clone(before)
	after[m.VM] = m.To
	for _, r := range p.Rules {
		if !r.Continuous() {
			continue
		}
		if len(r.Violations(view{before, nil}, nil)) > 0 ||
			len(r.Violations(view{before, &m}, &m)) > 0 ||
			len(r.Violations(view{after, nil}, nil)) > 0 {
			return false
		}
	}
	return true
}

// view shows a placement, with at most one VM under way, to the rules.
type view struct {
	place    cloud.Placement
	underWay *cloud.Change
}

func (w view) HostOf(v cloud.VMID) cloud.HostID { return w.place[v] }

func (w view) Destination(v cloud.VMID) (cloud.HostID, bool) {
	if w.underWay == nil || w.underWay.VM != v {
		return cloud.Absent, false
	}
	return w.underWay.To, true
}

func (w view) On(h cloud.HostID) []cloud.VMID {
	var out []cloud.VMID
	for v, at := range w.place {
		if at == h || (w.underWay != nil && w.underWay.VM == cloud.VMID(v) && w.underWay.To == h) {
			out = append(out, cloud.VMID(v))
		}
	}
	return out
}

func key(p cloud.Placement) string {
	b := make([]byte, len(p))
	for v, h := range p {
		b[v] = byte(int8(h))
	}
	return string(b)
}
