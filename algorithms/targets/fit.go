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
		if !d.allows(v, h) {
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

// settle finds a place for the VM: the best fit, else room is made for it, else it moves
// with those that it must not be parted from. It tells whether it did.
func (d *draft) settle(v cloud.VMID) bool {
	if h := d.fit(v); h != cloud.Absent {
		d.move(v, h)
		return true
	}
	return d.displace(v) || d.together(v)
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
	if !d.allows(v, h) {
		d.undo(depth)
		return false
	}
	d.move(v, h)
	return true
}

// mostTogether bounds how many VMs are moved together.
const mostTogether = 64

// together moves a VM from a closed host along with those on closed hosts that some rule
// ties it to, such as a group that must share a host: none of them may move alone.
func (d *draft) together(v cloud.VMID) bool {
	for _, i := range d.watchers(v) {
		var group []cloud.VMID
		for _, w := range d.rules[i].Watches() {
			if h := d.state.HostOf(w); h != cloud.Absent && !d.rooms.isOpen(h) {
				group = append(group, w)
			}
		}
		if len(group) > 1 && d.regroup(group) {
			d.pathless = true
			return true
		}
	}
	return false
}

// regroup moves the VMs to one host, or changes nothing.
func (d *draft) regroup(group []cloud.VMID) bool {
	left := d.tries
	for h := range d.rooms.fitting(d.sum(group)) {
		if left == 0 {
			break
		}
		left--
		if d.gather(group, h) {
			return true
		}
	}
	return false
}

// sum is what VMs demand together.
func (d *draft) sum(vms []cloud.VMID) []int64 {
	sum := make([]int64, d.resources)
	for _, v := range vms {
		for i, demand := range d.in.VMs[v].Demand {
			sum[i] += demand
		}
	}
	return sum
}

// gather moves the VMs to the host, or changes nothing.
func (d *draft) gather(group []cloud.VMID, h cloud.HostID) bool {
	depth := len(d.state.Moves())
	for _, w := range group {
		if !d.ways.Passes(w, d.state.HostOf(w), h) { // which nobody can see of a VM that stands nowhere
			return false
		}
	}
	for _, w := range group {
		d.move(w, cloud.Absent)
	}
	for _, w := range group {
		if !d.state.Allows(w, h) {
			d.undo(depth)
			return false
		}
		d.move(w, h)
	}
	return true
}

// watchers lists the rules that watch the VM and few others.
func (d *draft) watchers(v cloud.VMID) []int32 {
	if d.watching == nil {
		d.watching = make([][]int32, len(d.in.VMs))
		for i, rule := range d.rules {
			if vms := rule.Watches(); len(vms) <= mostTogether {
				for _, w := range vms {
					d.watching[w] = append(d.watching[w], int32(i))
				}
			}
		}
	}
	return d.watching[v]
}
