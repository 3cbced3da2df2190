package targets

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// fits is among how many hosts with room the best fit is sought.
const fits = 8

// fit is the open host where the VM may go that it fills best, or Absent: of the first few
// where it may go, in the order of rooms, the one that is left with the smallest norm of
// free shares over all resources (norm-based greedy of Panigrahy et al. 2011).
func (d *draft) fit(v cloud.VMID) cloud.HostID {
	demand := d.in.VMs[v].Demand
	best, least := cloud.Absent, 0.0
	seen := 0
	for h := range d.rooms.fitting(demand) {
		if !d.state.Allows(v, h) {
			continue
		}
		if n := d.waste(h, demand); best == cloud.Absent || n < least {
			best, least = h, n
		}
		if seen++; seen == fits {
			break
		}
	}
	return best
}

// waste is the norm, squared, of what stays free on a host that takes the demand.
func (d *draft) waste(h cloud.HostID, demand []int64) float64 {
	sum := 0.0
	for i, limit := range d.host(h) {
		x := portion(limit-d.state.Used(h, i)-demand[i], limit)
		sum += float64(x * x) // converted, so that no processor fuses it with the addition
	}
	return sum
}

// displace makes room for a VM on an open host by moving one other VM from there to a
// third host. It looks at the hosts with the least load first, at as many as d.tries says.
func (d *draft) displace(v cloud.VMID) bool {
	left := d.tries
	for i := len(d.rooms.hosts) - 1; i >= 0 && left > 0; i-- {
		h := d.rooms.hosts[i]
		if h == d.state.HostOf(v) || !d.rooms.isOpen(h) {
			continue
		}
		left--
		there := slices.Clone(d.state.On(h))
		d.decreasing(there)
		slices.Reverse(there)
		for _, w := range there {
			if d.swapIn(v, w, h) {
				return true
			}
		}
	}
	return false
}

// swapIn puts v on h in the place of w, which goes elsewhere, or changes nothing.
func (d *draft) swapIn(v, w cloud.VMID, h cloud.HostID) bool {
	for i, demand := range d.in.VMs[v].Demand {
		if d.bound && demand > d.free(h, i)+d.in.VMs[w].Demand[i] {
			return false
		}
	}
	to := d.fit(w)
	if to == cloud.Absent {
		return false
	}
	depth := len(d.state.Moves())
	d.move(w, to)
	if !d.state.Allows(v, h) {
		d.undo(depth)
		return false
	}
	d.move(v, h)
	return true
}
