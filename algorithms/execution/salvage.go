package execution

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/prose"
)

// salvage keeps the steps that can still run, in their order. VMs without such a step stay where they are. VMs that are down are brought back
// on their targets, or on any host that may hold them. A VM is suspended only if it can resume. O(steps × suspended VMs).
func (x *adapting) salvage() {
	left := map[cloud.VMID]bool{} // alone
	for v := range x.target {
		left[cloud.VMID(v)] = x.stuck[x.in.VMs[v].Name]
	}
	kept := x.keep(left)
	for again := true; again; {
		again = false
		for _, s := range kept {
			if s.Action == cloud.Suspend && x.settled.HostOf(s.VM) == cloud.Absent {
				left[s.VM], again = true, true
			}
		}
		if again {
			x.takeBack(kept)
			kept = x.keep(left)
		}
	}
	for v, to := range x.target {
		if vm := cloud.VMID(v); !left[vm] && to != cloud.Absent && x.settled.HostOf(vm) == cloud.Absent {
			kept = x.bringBack(kept, vm, to)
		}
	}
	short := 0
	for v, h := range x.target {
		if x.settled.HostOf(cloud.VMID(v)) != h {
			short++
		}
	}
	x.missed += "; " + prose.Count(short, "VM") + " will not stand on their targets"
	x.takeBack(kept)
	x.queue = kept
}

// keep takes the steps that can still run, those of some VMs left out, in the settled state.
func (x *adapting) keep(left map[cloud.VMID]bool) (kept []cloud.Step) {
	for i := range x.queue {
		if s := &x.queue[i]; !left[s.VM] && x.runs(s) {
			kept = append(kept, *s)
		}
	}
	return kept
}

// runs carries a step out in the settled state, if it can.
func (x *adapting) runs(s *cloud.Step) bool {
	if x.settled.HostOf(s.VM) != s.From || s.From == s.To || !x.settled.Allows(s.VM, s.To) {
		return false
	}
	x.settled.Jump(s.VM, s.To)
	return true
}

func (x *adapting) takeBack(steps []cloud.Step) {
	for _, s := range slices.Backward(steps) {
		x.settled.Jump(s.VM, s.From)
	}
}

// bringBack lets a VM come back on its target, or on the first host where it may stand.
func (x *adapting) bringBack(kept []cloud.Step, v cloud.VMID, to cloud.HostID) []cloud.Step {
	s := cloud.Step{Action: x.entry(v), VM: v, From: cloud.Absent, To: to}
	if x.runs(&s) {
		return append(kept, s)
	}
	for h := range x.in.Hosts {
		if s.To = cloud.HostID(h); x.runs(&s) {
			return append(kept, s)
		}
	}
	return kept
}
