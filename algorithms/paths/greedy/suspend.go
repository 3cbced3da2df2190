package greedy

import (
	"github.com/cloudrearrange/rearrange/cloud"
)

// passes tells whether the walk may ever take the VM from one host to the other, one
// of which may be Absent. A walk from the goal takes back what the plan does, so that
// a VM gets off its final host, and no other, by taking back a resume, and from there
// onto any host by taking back a suspend.
func (w *walk) passes(v cloud.VMID, from, to cloud.HostID) bool {
	return w.run.Problem.Lawful(w.planned(cloud.Change{VM: v, From: from, To: to}))
}

// planned is what the plan will hold for a move of the walk.
func (w *walk) planned(m cloud.Change) cloud.Change {
	if w.mirrored {
		m.From, m.To = m.To, m.From
	}
	return m
}

// next is where the VM heads for when it stands on a host: the walk's goal, but where
// the goal cannot be entered from here, the host by way of which it can. Only VMs that
// one end of the path has suspended go such a way, and always by their final host.
func (w *walk) next(v cloud.VMID, at cloud.HostID) cloud.HostID {
	t := w.goal[v]
	if at == t || at != cloud.Absent && t != cloud.Absent || w.passes(v, at, t) {
		return t
	}
	return w.run.Problem.Goal[v]
}

// steps is how many direct moves take the VM to its goal: 0, 1 or 2. It is the same
// from the other end.
func (w *walk) steps(v cloud.VMID, at cloud.HostID) int64 {
	switch w.goal[v] {
	case at:
		return 0
	case w.next(v, at):
		return 1
	}
	return 2
}

// finish is what the direct moves of the VM to its goal cost.
func (w *walk) finish(v cloud.VMID, at cloud.HostID) int64 {
	if at == w.goal[v] {
		return 0
	}
	_, _, cost := w.way(v, at)
	return cost
}

// way sums up the direct moves of a misplaced VM: the first one's end, how many there
// are, and their cost.
func (w *walk) way(v cloud.VMID, at cloud.HostID) (next cloud.HostID, steps, cost int64) {
	next, steps = w.next(v, at), 1
	cost = w.price(v, at, next)
	if t := w.goal[v]; next != t {
		steps, cost = 2, cost+w.price(v, next, t)
	}
	return next, steps, cost
}

// detour is what it adds to the cost of the path to take the VM elsewhere first, which
// may be Absent. It is negative where suspending comes cheaper than to migrate live.
func (w *walk) detour(v cloud.VMID, by cloud.HostID) int64 {
	at := w.s.HostOf(v)
	return w.price(v, at, by) + w.finish(v, by) - w.finish(v, at)
}

// elsewhere is another host, for asking what a migration may cost; in a cloud of one
// host there is none.
func (w *walk) elsewhere(h cloud.HostID) cloud.HostID {
	if h == 0 {
		return w.hosts() - 1
	}
	return h - 1
}

// restful tells whether the VM stands on a host that it may be suspended from.
func (w *walk) restful(v cloud.VMID) bool {
	at := w.s.HostOf(v)
	return at != cloud.Absent && w.interruptible(v) && w.passes(v, at, cloud.Absent)
}

func (w *walk) interruptible(v cloud.VMID) bool { return w.s.Instance().VMs[v].Interruptible }

// rest suspends every misplaced VM for which that comes cheaper than to migrate it:
// it then stands in nobody's way.
func (w *walk) rest() {
	for v := range w.goal {
		vm := cloud.VMID(v)
		if w.interruptible(vm) && !w.settled(vm) && w.restful(vm) && w.detour(vm, cloud.Absent) < 0 && w.can(vm, cloud.Absent) {
			w.move(vm, cloud.Absent)
		}
	}
}

// suspends tells whether one of the moves takes a VM off its host or brings one back.
func suspends(moves []cloud.Change) bool {
	for _, m := range moves {
		if m.From == cloud.Absent || m.To == cloud.Absent {
			return true
		}
	}
	return false
}
