package cloud

import (
	"encoding/binary"
	"math"
)

// Limits are the least limits that the continuous ones of some rules set, by host*R +
// resource, MaxInt64 where none does; set tells whether any does. O(rules × hosts ×
// resources).
func Limits(in *Instance, rules []Rule) (limits []int64, set bool) {
	n := len(in.Resources)
	limits = make([]int64, len(in.Hosts)*n)
	for i := range limits {
		limits[i] = math.MaxInt64
	}
	for _, rule := range rules {
		l, ok := rule.(Limiter)
		if !ok || !rule.Continuous() {
			continue
		}
		set = true
		for i := range limits {
			limits[i] = min(limits[i], l.Limit(HostID(i/n), i%n))
		}
	}
	return limits, set
}

// Plain tells whether all that a continuous rule says of a migration follows from [Limits]
// and [Filters]: others have to be asked in a state.
func Plain(rule Rule) bool {
	_, limits := rule.(Limiter)
	_, filters := rule.(HostFilter)
	_, arrivals := rule.(ArrivalFilter)
	_, oneWay := rule.(OneWay)
	return (limits || filters) && (!oneWay || arrivals)
}

// Filters are the continuous rules that look at a VM and a host by themselves, found by
// VM.
type Filters struct {
	all   []filter   // about all VMs
	some  [][]filter // by VM: about some; nil where there are none
	doors bool
}

type filter struct {
	HostFilter
	number   int // of the rule
	arrivals ArrivalFilter
	classes  VMClassifier
}

// NewFilters finds the filters among some rules. O(rules + VMs that they watch).
func NewFilters(in *Instance, rules []Rule) *Filters {
	out := &Filters{}
	for number, rule := range rules {
		f, ok := rule.(HostFilter)
		if !ok || !rule.Continuous() {
			continue
		}
		x := filter{HostFilter: f, number: number}
		x.arrivals, ok = rule.(ArrivalFilter)
		out.doors = out.doors || ok
		x.classes, _ = rule.(VMClassifier)
		watched := rule.Watches()
		if watched == nil {
			out.all = append(out.all, x)
			continue
		}
		if out.some == nil {
			out.some = make([][]filter, len(in.VMs))
		}
		for _, v := range watched {
			out.some[v] = append(out.some[v], x)
		}
	}
	return out
}

// Empty tells whether there are none.
func (f *Filters) Empty() bool { return f.all == nil && f.some == nil }

// Doors tells whether one of them is stricter about arriving than about standing.
func (f *Filters) Doors() bool { return f.doors }

// of lists those about some VMs that look at this one.
func (f *Filters) of(v VMID) []filter {
	if f.some == nil {
		return nil
	}
	return f.some[v]
}

// Admits tells whether all of them let the VM stand on the host. O(filters of the VM).
func (f *Filters) Admits(v VMID, h HostID) bool {
	for i := range f.all {
		if !f.all[i].Admits(v, h) {
			return false
		}
	}
	list := f.of(v)
	for i := range list {
		if !list[i].Admits(v, h) {
			return false
		}
	}
	return true
}

// Receives tells whether all of them let the VM arrive at the host, and stand there then.
// O(filters of the VM).
func (f *Filters) Receives(v VMID, h HostID) bool {
	for i := range f.all {
		if !f.all[i].receives(v, h) {
			return false
		}
	}
	list := f.of(v)
	for i := range list {
		if !list[i].receives(v, h) {
			return false
		}
	}
	return true
}

func (f *filter) receives(v VMID, h HostID) bool {
	if f.arrivals != nil {
		return f.arrivals.Receives(v, h)
	}
	return f.Admits(v, h)
}

// AppendKind appends to a key what tells apart VMs of which the filters say different
// things. A filter that is no [VMClassifier] makes each VM a kind of its own.
func (f *Filters) AppendKind(key []byte, v VMID) []byte {
	for _, list := range [][]filter{f.all, f.of(v)} {
		for i := range list {
			key = binary.AppendUvarint(key, uint64(list[i].number))
			class := int64(v)
			if list[i].classes != nil {
				class = list[i].classes.VMClass(v)
			}
			key = binary.AppendVarint(key, class)
		}
	}
	return key
}
