package packing

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// Improve makes the placement better until goOn says no, or until the objective, if there is one, and the
// cost are 0, below which nothing goes. It opens no more hosts that are closed than it closes others in their place.
func (x *Packing) Improve(goOn func() bool) {
	for n := 0; !x.perfect() && goOn(); n++ {
		switch {
		case n%4 == 3 && x.trade():
		case x.meter != nil && n%4 == 0:
			x.relocate()
		case x.meter != nil && n%4 == 1:
			x.swap()
		default:
			x.ruin()
		}
	}
}

// perfect tells whether nothing can be better.
func (x *Packing) perfect() bool {
	v := x.value()
	return v.score == cloud.Score{} && v.cost == 0
}

// pressing draws a VM: of a few, the one without which the objective would be lowest.
func (x *Packing) pressing() cloud.VMID {
	best, lowest := cloud.Absent, cloud.Score{}
	for range 1 << x.rnd.IntN(6) {
		v := cloud.VMID(x.rnd.IntN(len(x.size)))
		if x.state.HostOf(v) == cloud.Absent || x.p.Stay != nil && x.p.Stay[v] {
			continue
		}
		if s := x.meter.After(v, cloud.Absent); best < 0 || s.Compare(lowest) < 0 {
			best, lowest = cloud.HostID(v), s
		}
	}
	return cloud.VMID(best)
}

// relocate puts one VM where it ranks best.
func (x *Packing) relocate() {
	v := x.pressing()
	if v < 0 {
		return
	}
	mark, before := len(x.trail), x.value()
	x.put(v, cloud.Absent)
	if !x.insert(v, 1, cloud.Absent) {
		x.undo(mark)
		return
	}
	x.keep(mark, before)
}

// swap has two VMs change places, the best pair of a few.
func (x *Packing) swap() {
	v := x.pressing()
	if v < 0 {
		return
	}
	mark, before := len(x.trail), x.value()
	from := x.state.HostOf(v)
	var partner cloud.VMID
	best := before
	for range 16 {
		w := cloud.VMID(x.rnd.IntN(len(x.size)))
		to := x.state.HostOf(w)
		if to == cloud.Absent || to == from || !x.admits(v, to) || !x.admits(w, from) || !x.exchanges(v, w, to) || !x.exchanges(w, v, from) {
			continue
		}
		x.put(v, to)
		x.put(w, from)
		if after := x.value(); x.compare(after, best) < 0 {
			best, partner = after, w
		}
		x.undo(mark)
	}
	if best == before {
		return
	}
	to := x.state.HostOf(partner)
	x.put(v, to)
	x.put(partner, from)
	x.keep(mark, before)
}

// trade opens a closed host and closes an open one for it, and keeps that unless it is worse. It tells
// whether there is such a pair.
func (x *Packing) trade() bool {
	open, shut := cloud.Absent, cloud.Absent
	for range 1 << (2 + x.rnd.IntN(6)) { // of few or of many, the pair with the most to gain
		h := cloud.HostID(x.rnd.IntN(len(x.closed)))
		switch {
		case !x.closed[h] && len(x.state.On(h)) > 0:
			if shut == cloud.Absent || x.worth[h] < x.worth[shut] {
				shut = h
			}
		case x.closed[h] && !x.shut[h]:
			if open == cloud.Absent || x.worth[h] > x.worth[open] {
				open = h
			}
		}
	}
	if open == cloud.Absent || shut == cloud.Absent {
		return false
	}
	mark, before := len(x.trail), x.value()
	pool := x.takeOut(shut)
	x.Close(open, false)
	x.Close(shut, true)
	for _, v := range x.natives[open] {
		if x.state.HostOf(v) != cloud.Absent {
			x.put(v, cloud.Absent)
			pool = append(pool, v)
		}
	}
	if x.rnd.IntN(2) == 0 {
		for _, h := range x.around(nil, 1) {
			pool = append(pool, x.takeOut(h)...)
		}
	}
	x.shuffle(pool)
	if !x.insertEach(pool, 1) {
		x.undo(mark)
		x.Close(open, true)
		x.Close(shut, false)
	} else if !x.keep(mark, before) {
		x.Close(open, true)
		x.Close(shut, false)
	}
	return true
}

// ruin takes out the VMs of some hosts and puts them in again, and keeps that unless it is worse.
func (x *Packing) ruin() {
	mark, before := len(x.trail), x.value()
	var hosts []cloud.HostID
	if len(x.away) > 0 {
		v := x.away[x.rnd.IntN(len(x.away))]
		hosts = append(hosts, x.state.HostOf(v))
		if home := x.p.Home[v]; !x.closed[home] {
			hosts = append(hosts, home)
		}
	} else if x.meter == nil {
		return
	}
	for _, h := range x.around(nil, x.rnd.IntN(3)) {
		if !slices.Contains(hosts, h) {
			hosts = append(hosts, h)
		}
	}
	var pool []cloud.VMID
	for _, h := range hosts {
		pool = append(pool, x.takeOut(h)...)
	}
	x.shuffle(pool)
	if !x.insertEach(pool, 1) {
		x.undo(mark)
		return
	}
	x.keep(mark, before)
}

// GoHome has VMs go home again that are away, if nothing forbids it, and tells whether they did: ok says of
// the cost then and of how many migrations are saved whether that is what is wanted.
func (x *Packing) GoHome(vms []cloud.VMID, ok func(cost int64, saved int) bool) bool {
	mark, before := len(x.trail), x.value()
	var opened []cloud.HostID
	for _, v := range vms {
		if home := x.p.Home[v]; home != cloud.Absent && x.state.HostOf(v) != home {
			if x.closed[home] && !x.shut[home] {
				x.Close(home, false)
				opened = append(opened, home)
			}
			x.put(v, home)
		}
	}
	moved := x.trail[mark:]
	counts, more := x.recount(mark)
	bad := more > 0 || len(moved) == 0
	for _, s := range moved {
		bad = bad || x.over(x.p.Home[s.vm]) || !x.admits(s.vm, x.p.Home[s.vm])
	}
	if after := x.value(); bad || !ok(after.spent, before.away-after.away) {
		x.undo(mark)
		for _, h := range opened {
			x.Close(h, true)
		}
		return false
	}
	x.laws.apply(counts)
	x.trail = x.trail[:mark]
	return true
}
