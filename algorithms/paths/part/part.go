package part

import (
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// Part is a problem that was cut out of a larger one.
type Part struct {
	// Problem is the part by itself. Its instance numbers VMs and hosts anew, in the
	// order in which [Cutter.Cut] was given them.
	Problem *paths.Problem

	cutter *Cutter
	vms    []cloud.VMID   // by VM of the part
	hosts  []cloud.HostID // by host of the part
}

// Lift turns migrations of the part into migrations of the whole.
func (t *Part) Lift(moves []cloud.Change) []cloud.Change {
	out := make([]cloud.Change, len(moves))
	for i, m := range moves {
		out[i] = t.lift(m)
	}
	return out
}

func (t *Part) lift(m cloud.Change) cloud.Change {
	return cloud.Change{VM: t.vms[m.VM], From: t.outside(m.From), To: t.outside(m.To)}
}

// Lower turns migrations of the whole into migrations of the part: it undoes [Part.Lift].
// They may be of none but the part's VMs, and among none but its hosts.
func (t *Part) Lower(moves []cloud.Change) []cloud.Change {
	inside := func(h cloud.HostID) cloud.HostID {
		return cloud.HostID(slices.Index(t.hosts, h)) // -1, as it is outside, where the VM is suspended
	}
	out := make([]cloud.Change, len(moves))
	for i, m := range moves {
		out[i] = cloud.Change{VM: cloud.VMID(slices.Index(t.vms, m.VM)), From: inside(m.From), To: inside(m.To)}
	}
	return out
}

// outside is the host of the whole.
func (t *Part) outside(h cloud.HostID) cloud.HostID {
	if h == cloud.Absent {
		return h
	}
	return t.hosts[h]
}
