package improve

import (
	"cmp"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// push sends a VM straight to its target although there is no room for it, at one moment or
// another, and takes others out of its way.
func (c *chain) push(v cloud.VMID, leave, arrive moment, straight, most int64, depth int) (cost int64, ok bool) {
	from, to := c.t.p.Start[v], c.t.p.Goal[v]
	for _, by := range c.straights(v, leave, arrive) {
		mark, havens := len(c.log), len(c.havens)
		if !c.enter(v, by) {
			continue
		}
		for _, l := range c.log[mark-1].by {
			c.havens = append(c.havens, l.to)
		}
		c.placed[v] = true
		spent, ok := c.clear(from, most-straight, depth)
		if ok && to != from {
			var more int64
			more, ok = c.clear(to, most-straight-spent, depth)
			spent += more
		}
		c.placed[v] = false
		c.havens = c.havens[:havens]
		if ok {
			return straight + spent, true
		}
		c.undo(mark)
		c.t.takeOut(v)
		c.t.route[v] = c.log[mark-1].by
	}
	return 0, false
}

// moments is how many are tried for a VM that is in somebody's way whenever it goes.
const moments = 3

// straights are the ways of going straight, or of staying: those first for which least
// room is lacking.
func (c *chain) straights(v cloud.VMID, leave, arrive moment) []route {
	from, to := c.t.p.Start[v], c.t.p.Goal[v]
	if from == to {
		return []route{nil}
	}
	a, b := &c.t.line[from], &c.t.line[to]
	type option struct {
		at   moment
		lack int64
	}
	var options []option
	demand := c.t.demand(v)
	// Between two events that count nothing changes. Those that count are those before
	// which it is still right to go, or after which it is right at last.
	add := func(at moment) {
		options = append(options, option{at, a.lack(dawn, at, demand) + b.lack(at, dusk, demand)})
	}
	limited := a.limited()
	for n := a.period(event{at: leave}); n < len(a.events) && a.events[n].at <= arrive; n++ {
		if n+1 >= limited && !a.fits(n+1, demand) {
			at := a.events[n].at
			add(c.t.justBefore(max(a.before(at), b.before(at)), at))
		}
	}
	add(c.t.justAfter(arrive, min(a.after(arrive), b.after(arrive))))
	slices.SortStableFunc(options, func(x, y option) int { return cmp.Compare(x.lack, y.lack) })
	var out []route
	for _, o := range options[:min(moments, len(options))] {
		out = append(out, route{{o.at, to}})
	}
	return out
}

// clear makes room on a host wherever it lacks, by other routes of those who stand there,
// that may cost so much more. What it leaves when it does not succeed is for undo.
func (c *chain) clear(h cloud.HostID, most int64, depth int) (spent int64, ok bool) {
	l := &c.t.line[h]
	for {
		n := l.worst(c.t.law.resources)
		if n < 0 {
			return spent, true
		}
		cost, ok := c.relieve(h, n, most-spent, depth-1)
		if !ok {
			return spent, false
		}
		spent += cost
	}
}

// relieve puts one VM that stands on a host in a period in by another route: the one for
// which that costs least for the room that it gives. Only where there is none are others
// taken out of the way of some.
func (c *chain) relieve(h cloud.HostID, period int, most int64, depth int) (cost int64, ok bool) {
	who := c.t.presentIn(h, period, nil)
	who = slices.DeleteFunc(who, func(u cloud.VMID) bool { return c.placed[u] })
	for level := 0; level <= depth; level++ {
		if level > 0 {
			who = c.promising(who, h, period)
		}
		if cost, ok := c.cheapest(who, h, most, level); ok {
			return cost, true
		}
	}
	return 0, false
}

// cheapest puts one of some VMs that stand on a host in by another route.
func (c *chain) cheapest(who []cloud.VMID, h cloud.HostID, most int64, depth int) (cost int64, ok bool) {
	l := &c.t.line[h]
	before := l.shortage(c.t.law.resources)
	var best []entry
	worth := 0.0
	for _, u := range who {
		mark := len(c.log)
		old := c.t.price(u, c.t.route[u])
		c.take(u)
		price, placed := c.place(u, paths.Plus(old, most), depth)
		relief, extra := before-l.shortage(c.t.law.resources), price-old
		switch {
		case !placed || relief <= 0:
		case extra <= 0 && relief == before:
			return extra, true
		default:
			if x := float64(relief) / float64(max(extra, 0)+1); best == nil || x > worth {
				best, worth, cost = c.since(mark), x, extra
			}
		}
		c.undo(mark)
	}
	if best == nil {
		return 0, false
	}
	c.redo(best)
	return cost, true
}

// fan is how many VMs are tried with others taken out of their way.
const fan = 3

// promising are the VMs that give the room that is lacking, or nearly so, with the least to
// spare.
func (c *chain) promising(who []cloud.VMID, h cloud.HostID, period int) []cloud.VMID {
	missing := func(u cloud.VMID) (over int64) {
		r := c.t.law.resources
		for i, d := range c.t.demand(u) {
			lack := max(0, -c.t.line[h].room[period*r+i])
			over = paths.Plus(over, max(d-lack, lack-d)) // too much, or too little
		}
		return over
	}
	slices.SortStableFunc(who, func(u, v cloud.VMID) int { return cmp.Compare(missing(u), missing(v)) })
	return who[:min(fan, len(who))]
}
