package improve

import (
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// timetable is a plan by VMs and by hosts. A VM can be taken out of it and put in again,
// by another route, in O(events of the hosts that it touches).
type timetable struct {
	p        *paths.Problem
	law      *law
	anywhere []int64        // by VM: what a migration costs, where that does not depend on hosts; else nil
	native   [][]cloud.VMID // by host: the VMs that stand there in the beginning
	route    []route        // by VM
	out      []bool         // by VM: taken out
	line     []timeline     // by host
	stride   moment         // between two migrations of the plan when it was drawn last
	cramped  bool           // there was no moment left between two others: it must be drawn again
}

// route is the way of one VM: its migrations in their order.
type route []leg

type leg struct {
	at moment
	to cloud.HostID
}

func newTimetable(p *paths.Problem, law *law, plan []cloud.Change) *timetable {
	in := p.Instance
	t := &timetable{
		p: p, law: law, route: make([]route, len(in.VMs)), line: make([]timeline, len(in.Hosts)),
		native: make([][]cloud.VMID, len(in.Hosts)), out: make([]bool, len(in.VMs)),
	}
	if u, ok := p.Cost.(cloud.HostIndependent); ok {
		t.anywhere = make([]int64, len(in.VMs))
		for v := range t.anywhere {
			t.anywhere[v] = u.MigrateAnywhere(cloud.VMID(v))
		}
	}
	for v, h := range p.Start {
		if h != cloud.Absent {
			t.native[h] = append(t.native[h], cloud.VMID(v))
		}
	}
	t.draw(plan)
	return t
}

// draw makes the routes and timelines of a plan, with migrations evenly spaced.
func (t *timetable) draw(plan []cloud.Change) {
	r := t.law.resources
	t.stride, t.cramped = dusk/moment(len(plan)+1), false
	for v := range t.route {
		t.route[v] = nil
	}
	for h := range t.line {
		l := &t.line[h]
		l.events = l.events[:0]
		l.room = append(l.room[:0], t.law.limit[h*r:(h+1)*r]...)
		for _, v := range t.native[h] {
			l.charge(0, 0, t.demand(v), 1)
		}
	}
	add := func(h cloud.HostID, e event, sign int64) {
		if h != cloud.Absent {
			l := &t.line[h]
			e.arrives = sign > 0
			l.events = append(l.events, e)
			l.room = append(l.room, l.room[len(l.room)-r:]...)
			l.charge(len(l.events), len(l.events), t.demand(e.vm), sign)
		}
	}
	for n, m := range plan {
		e := event{at: moment(n+1) * t.stride, vm: m.VM}
		t.route[m.VM] = append(t.route[m.VM], leg{e.at, m.To})
		add(m.From, e, -1)
		add(m.To, e, 1)
	}
}

func (t *timetable) demand(v cloud.VMID) []int64 { return t.p.Instance.VMs[v].Demand }

// takeOut takes a VM out of the plan. It stands nowhere then.
func (t *timetable) takeOut(v cloud.VMID) {
	t.out[v] = true
	demand := t.demand(v)
	t.stays(v, t.route[v], func(h cloud.HostID, from, to event) {
		l := &t.line[h]
		first, last := 0, len(l.events)
		if from.at > dawn {
			first = l.period(from) + 1
		}
		if to.at < dusk {
			last = l.period(to)
		}
		l.charge(first, last, demand, -1)
		if to.at < dusk {
			l.remove(last, len(demand))
		}
		if from.at > dawn {
			l.remove(first-1, len(demand))
		}
	})
}

// putIn puts a VM that was taken out back in, by a route. Whether there is room is not
// asked: where there is none, the room is then negative.
func (t *timetable) putIn(v cloud.VMID, by route) {
	t.out[v] = false
	t.route[v] = by
	demand := t.demand(v)
	t.stays(v, by, func(h cloud.HostID, from, to event) {
		l := &t.line[h]
		first := 0
		if from.at > dawn {
			first = l.insert(from, len(demand)) + 1
		}
		last := len(l.events)
		if to.at < dusk {
			last = l.insert(to, len(demand))
		}
		l.charge(first, last, demand, 1)
	})
}

// stays tells where a VM stands by a route, and from which event to which: from dawn to
// dusk where there is none.
func (t *timetable) stays(v cloud.VMID, by route, f func(h cloud.HostID, from, to event)) {
	at, from := t.p.Start[v], event{at: dawn, vm: v}
	for _, l := range by {
		if at != cloud.Absent {
			f(at, from, event{at: l.at, vm: v})
		}
		at, from = l.to, event{at: l.at, vm: v, arrives: true}
	}
	if at != cloud.Absent {
		f(at, from, event{at: dusk, vm: v})
	}
}

// price is what a route costs.
func (t *timetable) price(v cloud.VMID, by route) int64 {
	var sum int64
	if t.anywhere != nil && !slices.ContainsFunc(by, func(l leg) bool { return l.to == cloud.Absent }) {
		for range by {
			sum = paths.Plus(sum, t.anywhere[v])
		}
		return sum
	}
	at := t.p.Start[v]
	for _, l := range by {
		sum = paths.Plus(sum, cloud.CostOf(t.p.Cost, cloud.Change{VM: v, From: at, To: l.to}))
		at = l.to
	}
	return sum
}

// presentIn lists who stands on a host in a period, in a reproducible order.
func (t *timetable) presentIn(h cloud.HostID, period int, list []cloud.VMID) []cloud.VMID {
	for _, v := range t.native[h] {
		if !t.out[v] {
			list = append(list, v)
		}
	}
	for _, e := range t.line[h].events[:period] {
		if n := slices.Index(list, e.vm); n >= 0 {
			list = slices.Delete(list, n, n+1)
		} else {
			list = append(list, e.vm)
		}
	}
	return list
}

// movesOf lists the migrations of some VMs, in no order.
func (t *timetable) movesOf(vms []cloud.VMID) []move {
	var out []move
	for _, v := range vms {
		out = t.appendMoves(out, v)
	}
	return out
}

func (t *timetable) appendMoves(out []move, v cloud.VMID) []move {
	at := t.p.Start[v]
	for _, l := range t.route[v] {
		out = append(out, move{l.at, cloud.Change{VM: v, From: at, To: l.to}})
		at = l.to
	}
	return out
}

// all lists all migrations, in no order.
func (t *timetable) all() []move {
	var out []move
	for v := range t.route {
		out = t.appendMoves(out, cloud.VMID(v))
	}
	return out
}

// plan is the plan of the timetable.
func (t *timetable) plan() []cloud.Change {
	all := t.all()
	slices.SortFunc(all, move.compare)
	out := make([]cloud.Change, len(all))
	for n, m := range all {
		out[n] = m.Change
	}
	return out
}

// justAfter is a moment after one and before another, near the first.
func (t *timetable) justAfter(first, second moment) moment {
	gap := (second - first) / 2
	t.cramped = t.cramped || gap == 0
	return first + min(gap, t.stride/4)
}

// justBefore is a moment after one and before another, near the second.
func (t *timetable) justBefore(first, second moment) moment {
	gap := (second - first) / 2
	t.cramped = t.cramped || gap == 0
	return second - min(gap, t.stride/4)
}
