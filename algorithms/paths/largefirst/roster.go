package largefirst

import "github.com/cloudrearrange/rearrange/cloud"

// roster lists the VMs on each host, with their kinds, in one array. A list that outgrows its
// place moves to the end of the array.
type roster struct {
	places []place
	seats  []seat
}

type place struct{ first, length, capacity int32 }

type seat struct {
	vm   cloud.VMID
	kind int32
}

// spare is the number of free seats of each host at the beginning.
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

// list returns the VMs on a host. It is valid until the next change.
func (o *roster) list(h cloud.HostID) []seat {
	p := &o.places[h]
	return o.seats[p.first : p.first+p.length]
}

// add adds a VM to the list of a host and returns its position there.
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

// remove removes the VM at a position from the list of a host. The last VM of the list takes its
// place, and is returned with its new position; none if the removed VM was the last.
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
