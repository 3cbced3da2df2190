package cloud

import "encoding/binary"

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

// add adds what a rule says as a filter: the rule itself, or a filter made of it.
func (f *Filters) add(in *Instance, rule Rule, admits HostFilter, number int) {
	x := filter{HostFilter: admits, number: number}
	x.arrivals, _ = admits.(ArrivalFilter)
	x.classes, _ = admits.(VMClassifier)
	f.doors = f.doors || x.arrivals != nil
	watched := rule.Watches()
	if watched == nil {
		f.all = append(f.all, x)
		return
	}
	if f.some == nil {
		f.some = make([][]filter, len(in.VMs))
	}
	for _, v := range watched {
		f.some[v] = append(f.some[v], x)
	}
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
