package greedy

import "github.com/cloudrearrange/rearrange/cloud"

// homes knows the hosts of VMs that filters admit to few: an index of all hosts by their
// room would lead such a VM past very many that it must not enter.
type homes struct {
	of      []int32 // by VM: 1 + position in lists; 0 until it is asked for; nil without filters
	lists   [][]cloud.HostID
	classes map[string]int32 // by what filters make of a VM: as in of
	left    int              // hosts that may be looked at for lists yet to be made
}

const (
	// fewHomes is up to how many hosts count as few.
	fewHomes = 400
	// homesPerVM bounds the hosts that are looked at to make lists, for each VM and host.
	homesPerVM = 200
)

func newHomes(z *sizes, vms, hosts int) *homes {
	x := &homes{classes: map[string]int32{}, left: homesPerVM * (vms + hosts)}
	if !z.filters.Empty() {
		x.of = make([]int32, vms)
	}
	return x
}

// homesOf lists the hosts that filters admit the VM to, ascending; nil where these are
// many, or where to tell would take too long.
func (w *walk) homesOf(v cloud.VMID) []cloud.HostID {
	x := w.homes
	if x.of == nil {
		return nil
	}
	if x.of[v] == 0 {
		x.of[v] = w.homeClass(v)
	}
	return x.lists[x.of[v]-1]
}

// homeClass finds the list for a VM, that of another one which filters do not tell from it
// if there is such.
func (w *walk) homeClass(v cloud.VMID) int32 {
	x := w.homes
	key := string(w.filters.AppendKind(nil, v))
	if c, met := x.classes[key]; met {
		return c
	}
	x.lists = append(x.lists, w.listHomes(v))
	c := int32(len(x.lists))
	x.classes[key] = c
	return c
}

func (w *walk) listHomes(v cloud.VMID) []cloud.HostID {
	out := []cloud.HostID{}
	for h := range w.hosts() {
		if w.homes.left--; w.homes.left < 0 || len(out) > fewHomes {
			return nil
		}
		if w.admits(v, h) {
			out = append(out, h)
		}
	}
	return out
}
