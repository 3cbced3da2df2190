package largefirst

import "github.com/cloudrearrange/rearrange/cloud"

// roster lists the VMs on each host, with their kinds beside them, in one array: a list
// that outgrows its place moves to the end of it.
type roster struct {
	places []place
	seats  []seat
}

type place struct{ first, length, capacity int32 }

type seat struct {
	vm   cloud.VMID
	kind int32
}

// spare is how many more VMs than it holds in the beginning a host has a place for.
const spare = 4

func newRoster(m *model, at cloud.Placement) roster {
	o := roster{places: make([]place, m.hosts)}
	for _, h := range at {
		if h != cloud.Absent {
			o.places[h].capacity++
		}
	}
	var sum int32
	for h := range o.places {
		p := &o.places[h]
		p.first, p.capacity = sum, p.capacity+spare
		sum += p.capacity
	}
	o.seats = make([]seat, sum, sum+sum/8)
	return o
}

// list is who stands on a host, until the next change.
func (o *roster) list(h cloud.HostID) []seat {
	p := &o.places[h]
	return o.seats[p.first : p.first+p.length]
}

// add adds a VM to the list of a host and returns where it is there.
func (o *roster) add(h cloud.HostID, v cloud.VMID, kind int32) int32 {
	p := &o.places[h]
	if p.length == p.capacity {
		first := int32(len(o.seats))
		o.seats = append(o.seats, o.seats[p.first:p.first+p.length]...)
		p.first, p.capacity = first, 2*p.capacity
		for range p.capacity - p.length {
			o.seats = append(o.seats, seat{})
		}
	}
	o.seats[p.first+p.length] = seat{v, kind}
	p.length++
	return p.length - 1
}

// remove takes one VM off the list of a host; the last one takes its place, and is
// returned with where it is then, or none if it was the last one itself.
func (o *roster) remove(h cloud.HostID, at int32) (moved cloud.VMID, to int32) {
	p := &o.places[h]
	p.length--
	if at == p.length {
		return none, 0
	}
	last := o.seats[p.first+p.length]
	o.seats[p.first+at] = last
	return last.vm, at
}
