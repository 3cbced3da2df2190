package rules

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// placeGuard is the guard of a rule about what stands in a place, in parts.
type placeGuard interface {
	cloud.Guard
	// arrives tells whether the whole rule holds where a VM arrives, under way and after.
	arrives(s *cloud.State, vm cloud.VMID, from, to cloud.HostID) bool
	// leaves tells whether it holds in the place of a host that a VM has left.
	leaves(s *cloud.State, vm cloud.VMID, from cloud.HostID) bool
	// kept tells whether it holds in the place of a host as it is.
	kept(s *cloud.State, h cloud.HostID) bool
}

// mending is the mending form of a rule about what stands in a place. A place that the start
// breaks is tolerated while the VMs that the rule watches there are some of those that the
// start has there. A VM that enters it from outside has to find the whole rule kept.
type mending struct {
	cloud.Rule // the whole
	in         *cloud.Instance
	watches    []cloud.VMID // ascending; nil for all
	spots      map[cloud.Where]*spot
	at         map[cloud.HostID]*spot // by host of a place that the start breaks; unused by filters
}

// spot is a place that the start breaks.
type spot struct {
	hosts []cloud.HostID // ascending
	vms   []cloud.VMID   // ascending: who of those that the rule watches stands there at the start
	one   bool           // only the one VM is looked at
}

func (p *spot) holds(h cloud.HostID) bool {
	_, found := slices.BinarySearch(p.hosts, h)
	return found
}

func (p *spot) had(vm cloud.VMID) bool {
	_, found := slices.BinarySearch(p.vms, vm)
	return found
}

// newMending finds the places that the start breaks. O(VMs + places × hosts), for those places
// that are no hosts.
func newMending(rule cloud.Rule, in *cloud.Instance, start cloud.View) *mending {
	m := &mending{Rule: rule, in: in, spots: map[cloud.Where]*spot{}, at: map[cloud.HostID]*spot{}}
	if m.watches = slices.Clone(rule.Watches()); m.watches != nil {
		slices.Sort(m.watches)
	}
	for _, v := range rule.Violations(start, nil) {
		if m.spots[v.Where] != nil {
			continue
		}
		p := &spot{hosts: in.HostsAt(v.Where)}
		if vm, ok := in.VM(v.Where.VM); ok && v.Where.VM != "" {
			p.vms, p.one = []cloud.VMID{vm}, true
		} else {
			for _, h := range p.hosts {
				p.vms = append(p.vms, start.On(h)...)
				m.at[h] = p
			}
			slices.Sort(p.vms)
			p.vms = slices.DeleteFunc(p.vms, func(vm cloud.VMID) bool { return !m.watched(vm) })
		}
		m.spots[v.Where] = p
	}
	return m
}

func (m *mending) watched(vm cloud.VMID) bool {
	if m.watches == nil {
		return true
	}
	_, found := slices.BinarySearch(m.watches, vm)
	return found
}

// Whole implements [cloud.Mending].
func (m *mending) Whole() cloud.Rule { return m.Rule }

// Violations leaves out what is tolerated. Where a VM has just arrived, or is arriving, nothing
// is.
func (m *mending) Violations(v cloud.View, change *cloud.Change) []cloud.Violation {
	return slices.DeleteFunc(m.Rule.Violations(v, change), func(found cloud.Violation) bool {
		p := m.spots[found.Where]
		return p != nil && !(change != nil && m.entered(p, *change)) && m.tolerates(v, p) && !m.entering(v, p)
	})
}

// entered tells whether a change takes a VM that counts into a place from outside.
func (m *mending) entered(p *spot, c cloud.Change) bool {
	return p.holds(c.To) && !p.holds(c.From) && (p.had(c.VM) || !p.one && m.watched(c.VM))
}

// tolerates tells whether those who stand in a place stood there at the start.
func (m *mending) tolerates(v cloud.View, p *spot) bool {
	for _, h := range p.hosts {
		for _, vm := range v.On(h) {
			if !p.had(vm) && !p.one && m.watched(vm) {
				return false
			}
		}
	}
	return true
}

// entering tells whether a VM is under way into a place from outside.
func (m *mending) entering(v cloud.View, p *spot) bool {
	for _, vm := range p.vms { // others are not tolerated anyway
		if to, underWay := v.Destination(vm); underWay && m.entered(p, cloud.Change{VM: vm, From: v.HostOf(vm), To: to}) {
			return true
		}
	}
	return false
}

// NewGuard implements [cloud.Rule].
func (m *mending) NewGuard(s *cloud.State) cloud.Guard {
	return &mendingGuard{m, m.Rule.NewGuard(s).(placeGuard)}
}

type mendingGuard struct {
	m     *mending
	whole placeGuard
}

func (g *mendingGuard) Allows(s *cloud.State, vm cloud.VMID, from, to cloud.HostID) bool {
	source, target := g.m.at[from], g.m.at[to]
	if source != nil && source == target {
		return true // within one place
	}
	return (to == cloud.Absent || g.whole.arrives(s, vm, from, to)) &&
		(from == cloud.Absent || g.whole.leaves(s, vm, from) || source != nil && g.asAtStart(s, source, vm))
}

// asAtStart tells whether all in a place but one VM stood there at the start, and none of them
// is on its way back.
func (g *mendingGuard) asAtStart(s *cloud.State, p *spot, but cloud.VMID) bool {
	for _, h := range p.hosts {
		for _, vm := range s.On(h) {
			if vm != but && g.m.watched(vm) && (!p.had(vm) || !p.holds(s.HostOf(vm))) {
				return false
			}
		}
	}
	return true
}

// none is no VM.
const none cloud.VMID = -1

// Reverse implements [cloud.OneWay].
func (m *mending) Reverse() cloud.Rule { return &unmending{m} }

// unmending is the mending form for a path that is walked backwards.
type unmending struct{ *mending }

// Reverse implements [cloud.OneWay].
func (m *unmending) Reverse() cloud.Rule { return m.mending }

// Violations judges the placement, and whether the VM can have arrived where it leaves.
func (m *unmending) Violations(v cloud.View, change *cloud.Change) []cloud.Violation {
	arrival := cloud.Change{VM: none, From: cloud.Absent, To: cloud.Absent}
	if change != nil {
		arrival = cloud.Change{VM: change.VM, From: change.To, To: change.From}
	}
	before := instead{v, arrival.VM, arrival.From}
	out := slices.DeleteFunc(m.Rule.Violations(before, nil), func(found cloud.Violation) bool {
		p := m.spots[found.Where]
		return p != nil && m.tolerates(before, p)
	})
	if change == nil {
		return out
	}
	after := instead{v, arrival.VM, arrival.To}
	for _, found := range m.Rule.Violations(after, nil) {
		if p := m.spots[found.Where]; p == nil || m.entered(p, arrival) || !m.tolerates(after, p) {
			out = append(out, found)
		}
	}
	return out
}

// instead is a view in which one VM stands on a host, and nowhere else.
type instead struct {
	cloud.View
	vm cloud.VMID
	h  cloud.HostID
}

func (w instead) HostOf(v cloud.VMID) cloud.HostID {
	if v == w.vm {
		return w.h
	}
	return w.View.HostOf(v)
}

func (w instead) Destination(v cloud.VMID) (cloud.HostID, bool) {
	if v == w.vm {
		return cloud.Absent, false
	}
	return w.View.Destination(v)
}

func (w instead) On(h cloud.HostID) []cloud.VMID {
	out := slices.DeleteFunc(slices.Clone(w.View.On(h)), func(v cloud.VMID) bool { return v == w.vm })
	if h == w.h {
		i, _ := slices.BinarySearch(out, w.vm)
		out = slices.Insert(out, i, w.vm)
	}
	return out
}

func (m *unmending) NewGuard(s *cloud.State) cloud.Guard {
	return &unmendingGuard{mendingGuard{m.mending, m.Rule.NewGuard(s).(placeGuard)}}
}

type unmendingGuard struct{ mendingGuard }

// Allows asks whether the VM may go from the second host to the first. Where it arrives then, the
// whole rule has to be kept; and a place that the start breaks may hold it before if it did at
// the start.
func (g *unmendingGuard) Allows(s *cloud.State, vm cloud.VMID, from, to cloud.HostID) bool {
	source, target := g.m.at[from], g.m.at[to]
	if source != nil && source == target {
		return true
	}
	if from != cloud.Absent {
		if source != nil && !g.whole.kept(s, from) ||
			!g.whole.leaves(s, vm, from) && (source == nil || !g.asAtStart(s, source, vm)) {
			return false
		}
	}
	return to == cloud.Absent || g.whole.arrives(s, vm, from, to) || target != nil && target.had(vm) && g.asAtStart(s, target, none)
}

// mendingLimits is the mending form of limits. A host that is too full at the start never holds
// more than then.
type mendingLimits struct {
	*mending
	whole *Capacity
	limit []int64 // [host*R + resource]
}

func newMendingLimits(c *Capacity, start cloud.View) cloud.Mending {
	m := &mendingLimits{newMending(c, c.in, start), c, slices.Clone(c.limit)}
	n := len(c.in.Resources)
	for h := range m.at {
		for r := range n {
			var used int64
			for _, vm := range start.On(h) {
				used += c.demands[int(vm)*n+r]
			}
			m.limit[int(h)*n+r] = max(m.limit[int(h)*n+r], used)
		}
	}
	return m
}

// Limit implements [cloud.Limiter].
func (m *mendingLimits) Limit(h cloud.HostID, resource int) int64 {
	return m.limit[int(h)*len(m.in.Resources)+resource]
}

// ArrivalLimit implements [cloud.ArrivalLimiter].
func (m *mendingLimits) ArrivalLimit(h cloud.HostID, resource int) int64 {
	return m.whole.Limit(h, resource)
}

// FreesEarly implements [cloud.EarlyLimiter].
func (m *mendingLimits) FreesEarly(resource int) bool { return m.whole.FreesEarly(resource) }

// Reverse implements [cloud.OneWay].
func (m *mendingLimits) Reverse() cloud.Rule {
	return &unmendingLimits{unmending{m.mending}, m}
}

// unmendingLimits is for paths that are walked backwards.
type unmendingLimits struct {
	unmending
	forward *mendingLimits
}

// Limit implements [cloud.Limiter].
func (m *unmendingLimits) Limit(h cloud.HostID, resource int) int64 {
	return m.forward.Limit(h, resource)
}

// FreesEarly implements [cloud.EarlyLimiter].
func (m *unmendingLimits) FreesEarly(resource int) bool { return m.forward.FreesEarly(resource) }

// Reverse implements [cloud.OneWay].
func (m *unmendingLimits) Reverse() cloud.Rule { return m.forward }

// filterRule is a rule that is nothing but a filter.
type filterRule interface {
	cloud.Rule
	cloud.HostFilter
	cloud.VMClassifier
}

// mendingFilter is the mending form of a filter: a VM may stay on a host that does not admit it
// if it stands there at the start, and cannot come back once it has left.
type mendingFilter struct {
	*mending
	filter filterRule
	home   map[cloud.VMID]cloud.HostID // of those that stand at the start where they may not
	class  []int64                     // by VM
}

func newMendingFilter(f filterRule, in *cloud.Instance, start cloud.View) cloud.Mending {
	m := &mendingFilter{newMending(f, in, start), f, map[cloud.VMID]cloud.HostID{}, make([]int64, len(in.VMs))}
	for _, p := range m.spots {
		m.home[p.vms[0]] = p.hosts[0]
	}
	number := map[[2]int64]int64{}
	for v := range m.class {
		vm := cloud.VMID(v)
		home, ok := m.home[vm]
		if !ok {
			home = cloud.Absent
		}
		key := [2]int64{f.VMClass(vm), int64(home)}
		if _, known := number[key]; !known {
			number[key] = int64(len(number))
		}
		m.class[v] = number[key]
	}
	return m
}

// Admits implements [cloud.HostFilter].
func (m *mendingFilter) Admits(vm cloud.VMID, h cloud.HostID) bool {
	home, astray := m.home[vm]
	return astray && home == h || m.filter.Admits(vm, h)
}

// Receives implements [cloud.ArrivalFilter].
func (m *mendingFilter) Receives(vm cloud.VMID, to cloud.HostID) bool { return m.filter.Admits(vm, to) }

// VMClass implements [cloud.VMClassifier].
func (m *mendingFilter) VMClass(vm cloud.VMID) int64 { return m.class[vm] }

// NewGuard implements [cloud.Rule].
func (m *mendingFilter) NewGuard(*cloud.State) cloud.Guard { return ArrivalGuard{m} }

// Reverse implements [cloud.OneWay].
func (m *mendingFilter) Reverse() cloud.Rule { return &unmendingFilter{unmending{m.mending}, m} }

// unmendingFilter is for paths that are walked backwards.
type unmendingFilter struct {
	unmending
	forward *mendingFilter
}

// Admits implements [cloud.HostFilter].
func (m *unmendingFilter) Admits(vm cloud.VMID, h cloud.HostID) bool { return m.forward.Admits(vm, h) }

// VMClass implements [cloud.VMClassifier].
func (m *unmendingFilter) VMClass(vm cloud.VMID) int64 { return m.forward.VMClass(vm) }

// NewGuard implements [cloud.Rule].
func (m *unmendingFilter) NewGuard(*cloud.State) cloud.Guard { return DepartureGuard{m.forward} }

// Reverse implements [cloud.OneWay].
func (m *unmendingFilter) Reverse() cloud.Rule { return m.forward }
