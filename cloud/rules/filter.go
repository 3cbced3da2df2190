package rules

import (
	"iter"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// FilterGuard is the guard of every rule that is nothing but a [cloud.HostFilter]. That
// the VM may stand where it comes from is given: the rule holds in the state.
type FilterGuard struct{ cloud.HostFilter }

// Allows implements [cloud.Guard].
func (g FilterGuard) Allows(_ *cloud.State, vm cloud.VMID, _, to cloud.HostID) bool {
	return to == cloud.Absent || g.Admits(vm, to)
}

// ArrivalGuard is the guard of every rule that is nothing but a [cloud.ArrivalFilter].
type ArrivalGuard struct{ cloud.ArrivalFilter }

// Allows implements [cloud.Guard].
func (g ArrivalGuard) Allows(_ *cloud.State, vm cloud.VMID, _, to cloud.HostID) bool {
	return to == cloud.Absent || g.Receives(vm, to)
}

// DepartureGuard is the guard of the reverse of such a rule: backwards, a step from a host
// takes back an arrival there.
type DepartureGuard struct{ cloud.ArrivalFilter }

// Allows implements [cloud.Guard].
func (g DepartureGuard) Allows(_ *cloud.State, vm cloud.VMID, from, to cloud.HostID) bool {
	return (from == cloud.Absent || g.Receives(vm, from)) && (to == cloud.Absent || g.Admits(vm, to))
}

// WayGuard is the guard of every rule that is nothing but a [cloud.WayFilter].
type WayGuard struct{ cloud.WayFilter }

// Allows implements [cloud.Guard].
func (g WayGuard) Allows(_ *cloud.State, vm cloud.VMID, from, to cloud.HostID) bool {
	return g.Passes(vm, from, to)
}

// standing is what the judge's form of a filter has to look at: the VMs of an ascending
// list, each with the host it stands on, or with a change only the VM that changes and
// where it arrives.
func standing(v cloud.View, vms []cloud.VMID, change *cloud.Change) iter.Seq2[cloud.VMID, cloud.HostID] {
	return func(yield func(cloud.VMID, cloud.HostID) bool) {
		if change != nil {
			if _, concerned := slices.BinarySearch(vms, change.VM); concerned && change.To != cloud.Absent {
				yield(change.VM, change.To)
			}
			return
		}
		for _, vm := range vms {
			if h := v.HostOf(vm); h != cloud.Absent && !yield(vm, h) {
				return
			}
		}
	}
}

// concerned is what the judge's form of a rule about an ascending list of hosts has to
// look at: all of them, or with a change only the one where the VM arrives.
func concerned(hosts []cloud.HostID, change *cloud.Change) []cloud.HostID {
	if change == nil {
		return hosts
	}
	i, listed := slices.BinarySearch(hosts, change.To)
	if !listed {
		return nil
	}
	return hosts[i : i+1]
}

// initialOf is where the VMs stand initially, as far as the instance says: a generator
// may bind rules before it places VMs.
func initialOf(in *cloud.Instance) cloud.Placement { return known(in, in.Initial) }

// targetOf is where the VMs stand in the end, as far as the instance says: a strategy binds
// rules before it chooses a target.
func targetOf(in *cloud.Instance) cloud.Placement { return known(in, in.Target) }

func known(in *cloud.Instance, p cloud.Placement) cloud.Placement {
	if len(p) == len(in.VMs) {
		return p
	}
	return slices.Repeat(cloud.Placement{cloud.Absent}, len(in.VMs))
}
