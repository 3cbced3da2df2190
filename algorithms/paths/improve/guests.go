package improve

import (
	"cmp"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// inviteBystanders adds VMs that stand still in a window and may step aside and come back
// for less than there is to gain: those first that pay most for it, since they give most
// room where what a VM pays goes by its size.
func (s *improver) inviteBystanders(w *window) {
	gain := w.cost
	for _, m := range w.members {
		gain -= s.t.straight(m.vm, m.start, m.goal)
	}
	type bystander struct {
		vm    cloud.VMID
		price int64
	}
	var all []bystander
	for _, h := range w.hosts {
		for _, v := range s.t.presentIn(h, s.t.line[h].period(event{at: w.lo + 1}), nil) {
			if slices.ContainsFunc(w.members, func(m member) bool { return m.vm == v }) {
				continue
			}
			if price := s.t.aside(v, h, w.hosts); price < gain {
				all = append(all, bystander{v, price})
			}
		}
	}
	slices.SortFunc(all, func(a, b bystander) int { return cmp.Or(cmp.Compare(b.price, a.price), cmp.Compare(a.vm, b.vm)) })
	for _, b := range all[:min(len(all), mostVMs-len(w.members))] {
		w.members = append(w.members, s.member(b.vm, w.lo))
	}
}

// inviteHosts adds hosts by way of which the members might go: all that there are, where
// they are few, or some that were drawn at random and have room for one of them, until
// there are so many beyond those that the plan visits. It tells whether there are more.
func (s *improver) inviteHosts(w *window, reach int) bool {
	before, n := len(w.hosts), len(s.t.line)
	if n <= mostPlaces {
		for h := range n {
			s.invite(w, cloud.HostID(h))
		}
		return len(w.hosts) > before
	}
	most := min(w.visited+reach, mostPlaces)
	for tries := 0; tries < probes && len(w.hosts) < most; tries++ {
		h := cloud.HostID(s.run.Rand.IntN(n))
		room := s.t.roomAt(h, w.lo)
		if slices.ContainsFunc(w.members, func(m member) bool { return within(s.t.demand(m.vm), room) }) {
			s.invite(w, h)
		}
	}
	return len(w.hosts) > before
}

// invite adds a host, unless it is of the window.
func (s *improver) invite(w *window, h cloud.HostID) {
	if !slices.Contains(w.hosts, h) {
		w.hosts, w.rooms = append(w.hosts, h), append(w.rooms, s.t.roomAt(h, w.lo)...)
		w.hi = min(w.hi, s.t.line[h].after(w.lo))
	}
}

// within tells whether a demand is no more than the room.
func within(demand, room []int64) bool {
	for i, d := range demand {
		if d > room[i] {
			return false
		}
	}
	return true
}

// straight is what a VM pays at least for going from one host to another by itself.
func (t *timetable) straight(v cloud.VMID, from, to cloud.HostID) int64 {
	if from == to {
		return 0
	}
	least := cloud.CostOf(t.p.Cost, cloud.Change{VM: v, From: from, To: to})
	if t.p.Instance.VMs[v].Interruptible && to == t.p.Goal[v] {
		least = min(least, t.byWayOf(v, from, cloud.Absent, to))
	}
	return least
}

// aside is what a VM pays at least for leaving a host for one of some others, or for none,
// and coming back.
func (t *timetable) aside(v cloud.VMID, from cloud.HostID, hosts []cloud.HostID) int64 {
	least := int64(math.MaxInt64)
	if t.p.Instance.VMs[v].Interruptible && from == t.p.Goal[v] {
		least = t.byWayOf(v, from, cloud.Absent, from)
	}
	for _, h := range hosts {
		if h != from {
			least = min(least, t.byWayOf(v, from, h, from))
		}
	}
	return least
}

// byWayOf is what a VM pays for going from one host to another by way of a third.
func (t *timetable) byWayOf(v cloud.VMID, from, by, to cloud.HostID) int64 {
	return paths.Plus(
		cloud.CostOf(t.p.Cost, cloud.Change{VM: v, From: from, To: by}),
		cloud.CostOf(t.p.Cost, cloud.Change{VM: v, From: by, To: to}))
}
