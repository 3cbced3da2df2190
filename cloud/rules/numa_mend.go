package rules

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// Mend implements [cloud.Mender].
func (m *numa) Mend(start cloud.View) cloud.Mending {
	out := &numaMending{Rule: m, numa: m, home: make(cloud.Placement, len(m.in.VMs)), broken: make([]bool, len(m.in.Hosts))}
	for v := range out.home {
		out.home[v] = start.HostOf(cloud.VMID(v))
	}
	for h := range m.in.Hosts {
		out.broken[h] = len(m.judge(start, cloud.HostID(h), nil)) > 0
	}
	return out
}

// numaMending is the mending form. A half that the start overfills is tolerated while each VM that charges
// it stands where it stood. Each half that an arriving VM charges has to keep its limit, under way and after.
type numaMending struct {
	cloud.Rule // the whole
	numa       *numa
	home       cloud.Placement
	broken     []bool // by host
}

// Whole implements [cloud.Mending].
func (m *numaMending) Whole() cloud.Rule { return m.numa }

// Charge implements [cloud.Charger].
func (m *numaMending) Charge(vm cloud.VMID, at cloud.HostID) (amounts []int64, also cloud.HostID) {
	return m.numa.Charge(vm, at)
}

// Bound implements [cloud.Charger].
func (m *numaMending) Bound(h cloud.HostID, resource int) int64 { return m.numa.Bound(h, resource) }

// tolerates tells whether a half that the start overfills is charged by nothing but what it was charged by.
func (m *numaMending) tolerates(v cloud.View, h cloud.HostID) bool {
	if !m.broken[h] {
		return false
	}
	for _, half := range m.numa.halves(h) {
		for _, vm := range v.On(half) {
			if (half == h || m.numa.double[vm]) && (m.home[vm] != half || v.HostOf(vm) != half) {
				return false
			}
		}
	}
	return true
}

// judge lists what is wrong with some halves; all of them are whole if a VM arrives there.
func (m *numaMending) judge(v cloud.View, arrives bool, halves ...cloud.HostID) []cloud.Violation {
	var out []cloud.Violation
	for _, h := range halves {
		if arrives || !m.tolerates(v, h) {
			out = m.numa.judge(v, h, out)
		}
	}
	return out
}

// all is what is wrong with a placement.
func (m *numaMending) all(v cloud.View) []cloud.Violation {
	var out []cloud.Violation
	for h := range m.broken {
		out = append(out, m.judge(v, false, cloud.HostID(h))...)
	}
	return out
}

// entered are the halves that a VM charges where it stands on a host; none for Absent.
func (m *numaMending) entered(vm cloud.VMID, h cloud.HostID) []cloud.HostID {
	switch {
	case h == cloud.Absent:
		return nil
	case m.numa.double[vm]:
		return m.numa.halves(h)
	}
	return []cloud.HostID{h}
}

// Violations implements [cloud.Rule]. A change can break nothing but the halves that the VM charges.
func (m *numaMending) Violations(v cloud.View, change *cloud.Change) []cloud.Violation {
	if change == nil {
		return m.all(v)
	}
	return m.judge(v, true, m.entered(change.VM, change.To)...)
}

// NewGuard implements [cloud.Rule]: what arrives has to find the limits kept, as under the whole rule.
func (m *numaMending) NewGuard(*cloud.State) cloud.Guard { return numaGuard{m.numa} }

// Reverse implements [cloud.OneWay].
func (m *numaMending) Reverse() cloud.Rule { return &numaUnmending{m} }

// numaUnmending is the mending form for a path that is walked backwards.
type numaUnmending struct{ *numaMending }

// Reverse implements [cloud.OneWay].
func (m *numaUnmending) Reverse() cloud.Rule { return m.numaMending }

// Violations judges the placement, and whether the VM can have arrived where it leaves.
func (m *numaUnmending) Violations(v cloud.View, change *cloud.Change) []cloud.Violation {
	if change == nil {
		return m.all(v)
	}
	before := instead{v, change.VM, change.To}
	return append(m.all(before), m.judge(travelling{before, change.From}, true, m.entered(change.VM, change.From)...)...)
}

// travelling is a view in which one VM is under way to a host.
type travelling struct {
	instead
	to cloud.HostID
}

func (w travelling) Destination(v cloud.VMID) (cloud.HostID, bool) {
	if v == w.vm {
		return w.to, true
	}
	return w.instead.Destination(v)
}

func (w travelling) On(h cloud.HostID) []cloud.VMID {
	out := w.instead.On(h)
	if h == w.to {
		out = append(out, w.vm)
		slices.Sort(out)
	}
	return out
}

// NewGuard implements [cloud.Rule].
func (m *numaUnmending) NewGuard(*cloud.State) cloud.Guard {
	return numaUnmendingGuard{numaGuard{m.numa}, m.numaMending}
}

type numaUnmendingGuard struct {
	numaGuard
	mending *numaMending
}

// Allows asks whether the VM may go from the second host to the first. The halves that it charges on the first have
// to bear it at both ends; those on the second hold it before, as the start may have them do.
func (g numaUnmendingGuard) Allows(s *cloud.State, vm cloud.VMID, from, to cloud.HostID) bool {
	none := make([]int64, len(g.m.in.Resources))
	source, target := g.mending.entered(vm, from), g.mending.entered(vm, to)
	more := none
	if to != cloud.Absent {
		more, _ = g.m.Charge(vm, to)
	}
	for _, h := range source {
		extra := none
		if slices.Contains(target, h) {
			extra = more
		}
		if !g.holds(s, h, extra) {
			return false
		}
	}
	for _, h := range target {
		if !slices.Contains(source, h) && !g.holds(s, h, more) && !g.asAtStart(s, vm, to, h) {
			return false
		}
	}
	return true
}

// asAtStart tells whether a half that the start overfills is charged by nothing but what it was charged by, if
// a VM stands on a host.
func (g numaUnmendingGuard) asAtStart(s *cloud.State, vm cloud.VMID, at, h cloud.HostID) bool {
	home := g.mending.home
	if !g.mending.broken[h] || home[vm] != at {
		return false
	}
	for _, half := range g.m.halves(h) {
		for _, other := range s.On(half) {
			if other != vm && (half == h || g.m.double[other]) && (home[other] != half || s.HostOf(other) != half) {
				return false
			}
		}
	}
	return true
}
