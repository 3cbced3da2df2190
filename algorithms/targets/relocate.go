package targets

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// relocate finds hosts for the VMs, and for others that leave theirs to make room for them, or changes nothing and
// tells which one found none. Where the VMs cannot simply migrate one by one, it places all as though they had left
// their hosts, and looks for an order in which they can go. Where there is none they move together, and the path is lost.
func (d *draft) relocate(vms, others []cloud.VMID) (stuck cloud.VMID, ok bool) {
	vms, others = slices.Clone(vms), slices.Clone(others)
	d.decreasing(vms)
	d.decreasing(others)
	if len(others) == 0 && d.migrate(vms) {
		d.vain = 0
		return 0, true
	}
	depth := len(d.state.Moves())
	all := slices.Concat(vms, others)
	d.repair.home = map[cloud.VMID]cloud.HostID{}
	for _, v := range all {
		d.repair.home[v] = d.state.HostOf(v)
		d.move(v, cloud.Absent)
	}
	out := len(d.state.Moves())
	stuck, ok = d.place(all)
	if !ok && stuck != all[0] && len(others) == 0 {
		d.undo(out)
		ok = d.placeAround(all)
	}
	d.repair.home = nil
	moves := slices.Clone(d.state.Moves()[depth:])
	d.undo(depth)
	switch {
	case !ok:
		d.vain++
		return stuck, false
	case d.goThere(moves):
		d.vain = 0
		return 0, true
	case d.stepwise:
		d.vain++
		return all[0], false
	}
	for _, m := range moves {
		d.move(m.VM, m.To)
	}
	d.pathless, d.vain = true, 0
	return 0, true
}

// migrate moves the VMs one by one to where they fit, or others make room, or changes nothing.
func (d *draft) migrate(vms []cloud.VMID) bool {
	depth := len(d.state.Moves())
	for _, v := range vms {
		if h := d.fit(v); h != cloud.Absent {
			d.move(v, h)
		} else if !d.displace(v) {
			d.undo(depth)
			return false
		}
	}
	return true
}

// relocateMore moves VMs that find no hosts together with those that rules tie them to, or with those on one of a few
// hosts.
func (d *draft) relocateMore(vms []cloud.VMID) bool {
	with := func(others []cloud.VMID) bool {
		others = slices.DeleteFunc(slices.Clone(others), func(w cloud.VMID) bool {
			return d.state.HostOf(w) == cloud.Absent || slices.Contains(vms, w)
		})
		if len(others) == 0 || len(others) > mostTogether {
			return false
		}
		_, ok := d.relocate(vms, others)
		return ok
	}
	var tied []cloud.VMID
	for _, v := range vms {
		for _, i := range d.watchers(v) {
			tied = append(tied, d.rules[i].Watches()...)
		}
	}
	slices.Sort(tied)
	if with(slices.Compact(tied)) {
		return true
	}
	left := d.tries
	for _, h := range slices.Backward(d.rooms.hosts) {
		if left == 0 {
			break
		}
		if !d.rooms.isOpen(h) {
			continue
		}
		if left--; with(d.state.On(h)) {
			return true
		}
	}
	return false
}

// place puts VMs that stand nowhere where they came from, if they may, or else where they fit best, or where
// another makes room. It tells which one finds no host.
func (d *draft) place(vms []cloud.VMID) (stuck cloud.VMID, ok bool) {
	for _, v := range vms {
		h := d.repair.home[v]
		if !d.rooms.isOpen(h) || !d.allows(v, h) {
			h = d.fit(v)
		}
		if h != cloud.Absent {
			d.move(v, h)
		} else if !d.displace(v) {
			return v, false
		}
	}
	return 0, true
}

// placeAround puts the first of the VMs on one of a few hosts that have room for all of them, and the others as
// place does.
func (d *draft) placeAround(vms []cloud.VMID) bool {
	depth, left := len(d.state.Moves()), d.tries
	for h := range d.rooms.fitting(d.sum(vms)) {
		if left == 0 {
			break
		}
		if left--; !d.allows(vms[0], h) {
			continue
		}
		d.move(vms[0], h)
		if _, ok := d.place(vms[1:]); ok {
			return true
		}
		d.undo(depth)
	}
	return false
}

// goThere looks for an order in which VMs can go, one by one, where the moves take them in the end, or changes
// nothing. Discrete rules hold on the way if there is such an order.
func (d *draft) goThere(moves []cloud.Change) bool {
	var last []cloud.Change // of each VM
	for i, m := range moves {
		again := slices.ContainsFunc(moves[i+1:], func(later cloud.Change) bool { return later.VM == m.VM })
		if !again && m.To != d.state.HostOf(m.VM) {
			last = append(last, m)
		}
	}
	depth := len(d.state.Moves())
	if inTurn(last, d.state.Allows, d.move) {
		return true
	}
	d.undo(depth)
	s := cloud.NewState(d.in, d.onTheWay, d.state.Placement())
	if !inTurn(last, s.Allows, s.Move) {
		return false
	}
	for _, m := range s.Moves() {
		d.move(m.VM, m.To)
	}
	return true
}

// inTurn makes the moves that are allowed, again and again while some are, and tells whether it made all of them.
func inTurn(moves []cloud.Change, allowed func(cloud.VMID, cloud.HostID) bool, move func(cloud.VMID, cloud.HostID)) bool {
	left := slices.Clone(moves)
	for range mostRounds {
		before := len(left)
		left = slices.DeleteFunc(left, func(m cloud.Change) bool {
			fine := allowed(m.VM, m.To)
			if fine {
				move(m.VM, m.To)
			}
			return fine
		})
		if len(left) == 0 || len(left) == before {
			break
		}
	}
	return len(left) == 0
}
