package space

import (
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// Outline is what bounds of a whole problem need of a [Layout]: which VMs matter and where
// they may stand. It packs no states, and where there are many sizes of VMs and of hosts,
// it lists hosts by what rules tell apart, and not by what holds a VM in the emptiest of
// clouds: the lists would be VMs × hosts.
type Outline struct {
	where *whereabouts
	vms   []cloud.VMID
	kind  []int32    // by position: which of the grounds
	at    []*grounds // by number; nil if no VM that matters has them
	stuck cloud.VMID // a misplaced VM that cannot reach its goal; -1 if none
}

// NewOutline takes O(VMs + kinds of VMs × hosts), as [NewLayout] does. It lists at most so
// many hosts; where there would be more, it lists hosts that are too small for a VM as
// well.
//
// Within the limits of a run it keeps the memory that it takes; it returns nil if the run has
// to end.
func NewOutline(run *paths.Run, most int) *Outline {
	kept := run.Kept()
	o := &Outline{where: newWhereabouts(run.Problem)}
	if !o.fill(run, most) {
		run.Release(kept)
		o.where = newWhereabouts(run.Problem)
		o.where.anySize = true
		o.fill(run, math.MaxInt)
	}
	if !run.Look() {
		return nil
	}
	return o
}

// fill looks at all VMs; false if that would list more hosts than it may, or the run has to
// end.
func (o *Outline) fill(run *paths.Run, most int) bool {
	p := o.where.p
	o.vms, o.kind = make([]cloud.VMID, 0, len(p.Start)), make([]int32, 0, len(p.Start))
	o.at, o.stuck = nil, -1
	for v, start := range p.Start {
		if start == cloud.Absent {
			continue
		}
		vm := cloud.VMID(v)
		at, ok := o.where.of(vm)
		if len(o.where.kinds) > most/len(p.Instance.Hosts) || !o.where.within(run) {
			return false
		}
		if !ok || at != nil && !o.where.holds(vm, p.Goal[vm]) {
			o.stuck = vm
		}
		if at != nil && o.hasChoice(vm, at.hosts) {
			for len(o.at) <= int(at.number) {
				o.at = append(o.at, nil)
			}
			o.at[at.number] = at
			o.vms, o.kind = append(o.vms, vm), append(o.kind, at.number)
		}
	}
	return true
}

// hasChoice tells whether a VM fits on two hosts at least, in the emptiest of clouds.
func (o *Outline) hasChoice(vm cloud.VMID, hosts []cloud.HostID) bool {
	found := 0
	for _, h := range hosts {
		if h == cloud.Absent || o.where.holds(vm, h) {
			if found++; found == 2 {
				return true
			}
		}
	}
	return false
}

// Stuck names a VM that no path can bring to its goal, if there is one.
func (o *Outline) Stuck() (cloud.VMID, bool) { return o.stuck, o.stuck >= 0 }

// Len is the number of VMs that matter.
func (o *Outline) Len() int { return len(o.vms) }

// VM is the VM at a position.
func (o *Outline) VM(i int) cloud.VMID { return o.vms[i] }

// Hosts lists where the VM at a position may ever stand, ascending; Absent comes first if
// it may be suspended. Some of the hosts may be too small for it.
func (o *Outline) Hosts(i int) []cloud.HostID { return o.at[o.kind[i]].hosts }

// Kind numbers, from 0, who may stand where: positions of a kind have the same Hosts.
func (o *Outline) Kind(i int) int32 { return o.kind[i] }

// MayStand tells whether the VM at a position may ever stand on a host.
func (o *Outline) MayStand(i int, h cloud.HostID) bool {
	return o.at[o.kind[i]].digit[h+1] >= 0 && (h == cloud.Absent || o.where.holds(o.vms[i], h))
}

// Free is what the limits leave on each host where migrations begin, by host*R + resource; below
// zero where the start breaks them.
func (o *Outline) Free() []int64 {
	p, r := o.where.p, len(o.where.p.Instance.Resources)
	free, demands := slices.Clone(o.where.sorted.Limits), p.Instance.Demands()
	for v, h := range p.Start {
		if h != cloud.Absent {
			for i, d := range demands[v*r : v*r+r] {
				free[int(h)*r+i] -= d
			}
		}
	}
	return free
}
