package space

import (
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// whereabouts tells where a VM may ever stand, and where it may ever arrive, by the rules
// that look at nothing but a VM and a host and by what hosts can hold at all.
type whereabouts struct {
	p     *paths.Problem
	limit []int64              // [host*R + resource]
	all   []cloud.HostFilter   // rules about all VMs
	some  [][]cloud.HostFilter // by VM: rules about some VMs; nil where there are none
	doors bool                 // whether some rule is stricter about arriving than about standing

	hosts, enter []cloud.HostID // scratch of of
}

func newWhereabouts(p *paths.Problem) *whereabouts {
	in := p.Instance
	r := len(in.Resources)
	w := &whereabouts{p: p, limit: make([]int64, len(in.Hosts)*r)}
	for i := range w.limit {
		w.limit[i] = math.MaxInt64
	}
	for _, rule := range p.Rules {
		if !rule.Continuous() {
			continue
		}
		if l, ok := rule.(cloud.Limiter); ok {
			for i := range w.limit {
				w.limit[i] = min(w.limit[i], l.Limit(cloud.HostID(i/r), i%r))
			}
		}
		f, ok := rule.(cloud.HostFilter)
		if !ok {
			continue
		}
		if _, ok := f.(cloud.ArrivalFilter); ok {
			w.doors = true
		}
		watched := rule.Watches()
		if watched == nil {
			w.all = append(w.all, f)
			continue
		}
		if w.some == nil {
			w.some = make([][]cloud.HostFilter, len(in.VMs))
		}
		for _, v := range watched {
			w.some[v] = append(w.some[v], f)
		}
	}
	return w
}

// of lists where a VM that is present throughout may ever stand, Absent first if it may be
// suspended, and where it may ever arrive; not ok if it can never get to its goal. A VM
// that stands on its goal and, once away, could not come back has nowhere else to be. The
// lists are valid until the next call, and the same where they are of equal length.
func (w *whereabouts) of(vm cloud.VMID) (hosts, enter []cloud.HostID, ok bool) {
	start, goal := w.p.Start[vm], w.p.Goal[vm]
	if start == goal && w.stands(vm, goal) && !w.enters(vm, goal) {
		return []cloud.HostID{goal}, nil, true
	}
	hosts = w.hosts[:0]
	if w.p.Instance.VMs[vm].Interruptible {
		hosts = append(hosts, cloud.Absent)
	}
	for h := range cloud.HostID(len(w.p.Instance.Hosts)) {
		if w.stands(vm, h) && (h == start || w.enters(vm, h)) {
			hosts = append(hosts, h)
		}
	}
	w.hosts, enter = hosts, hosts
	if at := slices.Index(hosts, start); at >= 0 && !w.enters(vm, start) {
		w.enter = append(append(w.enter[:0], hosts[:at]...), hosts[at+1:]...)
		enter = w.enter
	}
	return hosts, enter, slices.Contains(hosts, goal)
}

// stands tells whether the VM may stand on the host in the emptiest of clouds.
func (w *whereabouts) stands(vm cloud.VMID, h cloud.HostID) bool {
	r := len(w.p.Instance.Resources)
	for i, d := range w.p.Instance.VMs[vm].Demand {
		if d > w.limit[int(h)*r+i] {
			return false
		}
	}
	return w.each(vm, func(f cloud.HostFilter) bool { return f.Admits(vm, h) })
}

// enters tells whether the VM may arrive at a host on which it may stand.
func (w *whereabouts) enters(vm cloud.VMID, h cloud.HostID) bool {
	return !w.doors || w.each(vm, func(f cloud.HostFilter) bool {
		a, ok := f.(cloud.ArrivalFilter)
		return !ok || a.Receives(vm, h)
	})
}

// each tells whether all filters that look at the VM pass the test.
func (w *whereabouts) each(vm cloud.VMID, test func(cloud.HostFilter) bool) bool {
	for _, f := range w.all {
		if !test(f) {
			return false
		}
	}
	if w.some != nil {
		for _, f := range w.some[vm] {
			if !test(f) {
				return false
			}
		}
	}
	return true
}
