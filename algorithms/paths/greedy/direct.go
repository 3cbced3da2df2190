package greedy

import (
	"cmp"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// wake puts a host on the worklist: it may have gained room for those who wait.
func (w *walk) wake(h cloud.HostID) {
	if i := place(h); !w.queued[i] && len(w.waiting[i]) > 0 {
		w.queued[i] = true
		w.queue = append(w.queue, h)
	}
}

// wakeSources wakes every host that a VM has left since a mark, and those who are to
// be suspended.
func (w *walk) wakeSources(mark int) {
	for _, c := range w.s.Moves()[mark:] {
		w.wake(c.From)
	}
	w.wake(cloud.Absent)
}

// direct carries out direct migrations until the worklist is empty or `most` of
// them are done. The worklist is empty afterwards in any case.
func (w *walk) direct(most int) {
	head := 0
	for ; head < len(w.queue) && most > 0 && !w.stopped; head++ {
		h := w.queue[head]
		w.queued[place(h)] = false
		most -= w.tryHost(h)
	}
	for _, h := range w.queue[head:] {
		w.queued[place(h)] = false
	}
	w.queue = w.queue[:0]
}

// tryHost brings home those who wait for the host and may enter it, until nobody can,
// and returns how many did.
func (w *walk) tryHost(t cloud.HostID) int {
	if len(w.awaiting(t)) == 0 || !w.decide() {
		return 0
	}
	n := 0
	for !w.stopped {
		v, ok := w.choose(t)
		if !ok {
			break
		}
		from := w.s.HostOf(v)
		w.move(v, t)
		w.wake(from)
		if !w.settled(v) {
			w.wake(w.next(v, t))
		}
		w.wakeKin(v)
		n++
	}
	return n
}

// lookAhead bounds the VMs that are compared before one of them enters a host.
const lookAhead = 64

// comer is a VM that a host has room for.
type comer struct {
	vm    cloud.VMID
	worth int64
}

// choose finds who shall enter the host next, of those who may. The room that a VM leaves
// behind is all there is to go on with, so that it counts for two things: how large it
// is, and how large the VM is that can follow to where it comes from. Who enters first
// among many makes most of the difference between a walk that goes on and one that runs
// into deadlocks: with the largest first, ten times as much is spent on bypasses where
// clouds are 95 % full.
func (w *walk) choose(t cloud.HostID) (cloud.VMID, bool) {
	list := w.awaiting(t)
	for i := w.firstToFit(t, nil); i < len(list); {
		w.comers = w.comers[:0]
		for ; i < len(list) && len(w.comers) < lookAhead; i++ {
			if w.fits(list[i], t) {
				w.comers = append(w.comers, comer{vm: list[i]})
			}
		}
		if len(w.comers) > 1 {
			for k := range w.comers {
				c := &w.comers[k]
				c.worth = paths.Plus(w.size[c.vm], w.follower(c.vm))
			}
			slices.SortStableFunc(w.comers, func(a, b comer) int { return cmp.Compare(b.worth, a.worth) })
		}
		for _, c := range w.comers {
			if w.can(c.vm, t) {
				return c.vm, true
			}
		}
	}
	return 0, false
}

// follower is the size of the largest VM that will have room on a VM's host when that has
// left, of those who wait for the host; 0 if there is none. Sizes alone are looked at:
// with several resources it may take more than this one VM to leave.
func (w *walk) follower(v cloud.VMID) int64 {
	s := w.s.HostOf(v)
	if s == cloud.Absent {
		return 0
	}
	list := w.awaiting(s)
	if i := w.firstToFit(s, w.s.Instance().VMs[v].Demand); i < len(list) {
		return w.size[list[i]]
	}
	return 0
}

// firstToFit is the position, among those who wait for a host, of the first one that is
// not too large for it in any case, when some more room has become free there.
func (w *walk) firstToFit(t cloud.HostID, more []int64) int {
	if t == cloud.Absent {
		return 0
	}
	most := int64(1)
	for r := range w.resources {
		free := max(0, w.free(t, r))
		if more != nil {
			free = paths.Plus(free, more[r])
		}
		most = paths.Plus(most, free/w.unit[r])
	}
	if w.distorted {
		most = paths.Plus(most, most)
	}
	i, _ := slices.BinarySearchFunc(w.awaiting(t), most, func(v cloud.VMID, most int64) int { return cmp.Compare(most, w.size[v]) })
	return i
}

// maxKin bounds the VMs that are woken when one moves that shares a rule with them.
const maxKin = 64

// wakeKin wakes the hosts for which those wait who share a rule with a VM that moved:
// the rule may let them go now.
func (w *walk) wakeKin(v cloud.VMID) {
	if w.watched == nil {
		return
	}
	for _, rule := range w.watched[v] {
		for _, u := range w.watchers[rule][:min(maxKin, len(w.watchers[rule]))] {
			if at := w.s.HostOf(u); at != w.goal[u] {
				w.wake(w.next(u, at))
			}
		}
	}
}

func (w *walk) largeFirst(a, b cloud.VMID) int {
	return cmp.Or(cmp.Compare(w.size[b], w.size[a]), cmp.Compare(a, b))
}

// sweep carries out direct migrations until a full look at every host that is
// waited for finds none: rules other than capacity may unblock a VM without any
// host having gained room, so that only this proves a deadlock.
func (w *walk) sweep() {
	for again := true; again && !w.stopped; {
		again = false
		for i := range w.waiting {
			if w.tryHost(host(i)) > 0 {
				again = true
			}
		}
		w.direct(len(w.goal))
	}
}
