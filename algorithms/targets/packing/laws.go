package packing

import (
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// laws are the rules that a placement has to keep, by what they look at.
type laws struct {
	limit   []int64 // [host*R + resource]; MaxInt64 where nothing limits
	filters []cloud.HostFilter
	ofVM    [][]int32 // by VM: the filters that look at it; nil where all look at all
	joint   []cloud.Rule
	watched [][]int32 // by VM: positions in joint of rules that look at some VMs
	all     []int32   // positions in joint of rules that look at all
	ways    []cloud.WayFilter
}

func newLaws(p *Problem) *laws {
	in := p.Instance
	n := len(in.Resources)
	l := &laws{limit: slices.Repeat([]int64{math.MaxInt64}, len(in.Hosts)*n)}
	for _, rule := range p.Rules {
		limiter, limits := rule.(cloud.Limiter)
		f, filters := rule.(cloud.HostFilter)
		w, ways := rule.(cloud.WayFilter)
		if limits {
			for i := range l.limit {
				l.limit[i] = min(l.limit[i], limiter.Limit(cloud.HostID(i/n), i%n))
			}
		}
		if ways {
			l.ways = append(l.ways, w)
		}
		if filters {
			l.add(len(in.VMs), rule, f)
		}
		if !limits && !filters && !ways {
			l.join(len(in.VMs), rule)
		}
	}
	return l
}

func (l *laws) add(vms int, rule cloud.Rule, f cloud.HostFilter) {
	number := int32(len(l.filters))
	l.filters = append(l.filters, f)
	if l.ofVM == nil {
		l.ofVM = make([][]int32, vms)
	}
	if watched := rule.Watches(); watched != nil {
		for _, v := range watched {
			l.ofVM[v] = append(l.ofVM[v], number)
		}
		return
	}
	for v := range vms {
		l.ofVM[v] = append(l.ofVM[v], number)
	}
}

func (l *laws) join(vms int, rule cloud.Rule) {
	number := int32(len(l.joint))
	l.joint = append(l.joint, rule)
	watched := rule.Watches()
	if watched == nil {
		l.all = append(l.all, number)
		return
	}
	if l.watched == nil {
		l.watched = make([][]int32, vms)
	}
	for _, v := range watched {
		l.watched[v] = append(l.watched[v], number)
	}
}

// admits tells whether a VM may stand on a host in the end, whatever else stands there, and get there
// from its home.
func (x *Packing) admits(v cloud.VMID, h cloud.HostID) bool {
	l := x.laws
	if l.ofVM != nil {
		for _, n := range l.ofVM[v] {
			if !l.filters[n].Admits(v, h) {
				return false
			}
		}
	}
	if home := x.p.Home[v]; home != cloud.Absent {
		for _, w := range l.ways {
			if !w.Leads(v, home, h) {
				return false
			}
		}
	}
	return true
}

// lawful tells whether the rules that look at more than one VM hold for a VM where it stands.
func (x *Packing) lawful(v cloud.VMID) bool {
	l := x.laws
	if l.joint == nil {
		return true
	}
	change := &cloud.Change{VM: v, From: cloud.Absent, To: x.at[v]}
	if l.watched != nil {
		for _, n := range l.watched[v] {
			if len(l.joint[n].Violations(view{x}, change)) > 0 {
				return false
			}
		}
	}
	for _, n := range l.all {
		if len(l.joint[n].Violations(view{x}, change)) > 0 {
			return false
		}
	}
	return true
}

// holds tells whether the rules that look at more than one VM hold after VMs have moved that a trail
// lists from a mark on.
func (x *Packing) holds(mark int) bool {
	l := x.laws
	if l.joint == nil {
		return true
	}
	asked := map[int32]bool{}
	for _, s := range x.trail[mark:] {
		if l.watched != nil {
			for _, n := range l.watched[s.vm] {
				if !asked[n] {
					asked[n] = true
					if len(l.joint[n].Violations(view{x}, nil)) > 0 {
						return false
					}
				}
			}
		}
		for _, n := range l.all {
			if len(l.joint[n].Violations(view{x}, &cloud.Change{VM: s.vm, From: s.from, To: x.at[s.vm]})) > 0 {
				return false
			}
		}
	}
	return true
}

// view shows a packing to rules.
type view struct{ x *Packing }

func (w view) On(h cloud.HostID) []cloud.VMID { return slices.Sorted(slices.Values(w.x.on[h])) }

func (w view) HostOf(v cloud.VMID) cloud.HostID { return w.x.at[v] }

func (w view) Destination(cloud.VMID) (cloud.HostID, bool) { return cloud.Absent, false }
