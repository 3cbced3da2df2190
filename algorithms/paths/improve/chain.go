package improve

import (
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// chain is a change of the timetable under way: one VM is put in by a cheaper route, VMs
// that are in its way there are put in by others, and so on (ejection chains: Glover 1996,
// doi 10.1016/0166-218X(94)00037-E). What is not kept is undone.
type chain struct {
	*improver
	log    []entry
	placed []bool         // by VM: of the chain already, so that it stays where it was put
	havens []cloud.HostID // where VMs of the chain stood on the way before
}

// entry is a VM that was taken out, and its route by then.
type entry struct {
	v  cloud.VMID
	by route
}

// begin begins a chain.
func (c *chain) begin() { c.log, c.havens = c.log[:0], c.havens[:0] }

// take takes a VM out, so that undo puts it back.
func (c *chain) take(v cloud.VMID) {
	c.log = append(c.log, entry{v, c.t.route[v]})
	c.t.takeOut(v)
}

// undo goes back to when the log had so many entries.
func (c *chain) undo(mark int) {
	for len(c.log) > mark {
		last := c.log[len(c.log)-1]
		c.log = c.log[:len(c.log)-1]
		if !c.t.out[last.v] {
			c.t.takeOut(last.v)
		}
		c.t.putIn(last.v, last.by)
	}
}

// since lists the routes that VMs taken out since a mark have now.
func (c *chain) since(mark int) []entry {
	var out []entry
	for _, e := range c.log[mark:] {
		if !slices.ContainsFunc(out, func(o entry) bool { return o.v == e.v }) {
			out = append(out, entry{e.v, c.t.route[e.v]})
		}
	}
	return out
}

// redo brings about what since told.
func (c *chain) redo(routes []entry) {
	for _, e := range routes {
		c.take(e.v)
		c.t.putIn(e.v, e.by)
	}
}

// place puts a VM that was taken out in by the cheapest route that is found, and takes
// others out of its way and puts them in by other routes, down to so many levels. Together
// that may cost so much more than what those others cost before; it tells how much. Where
// it does not succeed, nothing is changed and the VM is still out.
func (c *chain) place(v cloud.VMID, most int64, depth int) (cost int64, ok bool) {
	if !c.run.Expand() {
		return 0, false
	}
	c.tried++
	from, to := c.t.p.Start[v], c.t.p.Goal[v]
	demand := c.t.demand(v)
	leave, arrive := c.t.line[from].until(demand), c.t.line[to].since(demand)
	straight := int64(0)
	if from != to {
		straight = c.t.price(v, route{{to: to}})
		if straight <= most && leave-arrive > 1 && c.enter(v, route{{c.choose(v, arrive, leave), to}}) {
			return straight, true
		}
	} else if leave == dusk && c.enter(v, nil) {
		return 0, true
	}
	bypass, dear := c.bypass(v, leave, arrive, most)
	if bypass != nil {
		most = dear - 1
	}
	if depth > 0 && straight <= most {
		if cost, ok := c.push(v, leave, arrive, straight, most, depth); ok {
			return cost, true
		}
	}
	if bypass != nil && c.enter(v, bypass) {
		return dear, true
	}
	return 0, false
}

// enter puts a VM in, unless rules that watch it forbid that.
func (c *chain) enter(v cloud.VMID, by route) bool {
	was := c.t.route[v]
	c.t.putIn(v, by)
	if !c.t.law.allows(c.t, v) {
		c.t.takeOut(v)
		c.t.route[v] = was
		return false
	}
	return true
}

// choose is a moment after one and before another for a VM to go straight to its target:
// as near as can be to when it arrived there before.
func (c *chain) choose(v cloud.VMID, after, before moment) moment {
	was := before
	if by := c.t.route[v]; len(by) > 0 {
		was = by[len(by)-1].at
	}
	switch a, b := &c.t.line[c.t.p.Start[v]], &c.t.line[c.t.p.Goal[v]]; {
	case was <= after:
		return c.t.justAfter(after, min(before, a.after(after), b.after(after)))
	case was >= before:
		return c.t.justBefore(max(after, a.before(before), b.before(before)), before)
	default:
		return was
	}
}

// bypass finds the cheapest route by way of another host, for a VM that must leave before
// one moment and may arrive only after another.
func (c *chain) bypass(v cloud.VMID, leave, arrive moment, most int64) (best route, cost int64) {
	if leave > arrive { // only rules are in the way
		leave, arrive = arrive, leave
	}
	if leave == dawn || arrive == dusk {
		return nil, 0
	}
	from, to := c.t.p.Start[v], c.t.p.Goal[v]
	demand := c.t.demand(v)
	// Where a VM is charged the same everywhere, its price is known before any host is.
	flat := c.t.anywhere != nil && !c.t.p.Instance.VMs[v].Interruptible
	var price int64
	if flat {
		if price = paths.Plus(c.t.anywhere[v], c.t.anywhere[v]); price > most {
			return nil, 0
		}
	}
	least := int64(math.MaxInt64)
	by := cloud.HostID(-2)
	for _, h := range c.candidates(v, leave, arrive) {
		if h == from || h == to {
			continue
		}
		if !flat {
			price = c.t.price(v, route{{to: h}, {to: to}})
		}
		if price > most || price > least || h != cloud.Absent && !c.t.law.filters.Receives(v, h) {
			continue
		}
		tight := int64(0)
		if h != cloud.Absent {
			l := &c.t.line[h]
			n, ok := l.holds(leave, arrive, demand)
			if !ok {
				continue
			}
			tight = l.room[n*len(demand)]
		}
		if price < least || tight < cost {
			by, least, cost = h, price, tight
		}
	}
	if by == -2 {
		return nil, 0
	}
	lo, hi := c.t.line[from].before(leave), c.t.line[to].after(arrive)
	if by != cloud.Absent {
		lo, hi = max(lo, c.t.line[by].before(leave)), min(hi, c.t.line[by].after(arrive))
	}
	return route{{c.t.justBefore(lo, leave), by}, {c.t.justAfter(arrive, hi), to}}, least
}

// probes is how many hosts are looked at for a bypass, drawn anew each time: half of them
// from all hosts, and half from those that had room when that was noted last.
const probes = 24

// nearest is how many of those with room, of the fullest, are drawn from.
const nearest = 64

// candidates are hosts that a VM might bypass by from one moment to another.
func (c *chain) candidates(v cloud.VMID, from, to moment) []cloud.HostID {
	out := c.hosts[:0]
	if c.t.p.Instance.VMs[v].Interruptible {
		out = append(out, cloud.Absent)
	}
	n := len(c.t.line)
	if n <= probes {
		for h := range n {
			out = append(out, cloud.HostID(h))
		}
		c.hosts = out
		return out
	}
	out = append(out, c.havens...)
	for _, l := range c.t.route[v] {
		out = append(out, l.to)
	}
	vacant := c.vacancies.with(c.vacancies.size(c.t.demand(v)), from, to)
	for range min(probes/2, len(vacant)) {
		out = append(out, vacant[c.run.Rand.IntN(min(len(vacant), nearest))].host)
	}
	for range probes / 2 {
		out = append(out, cloud.HostID(c.run.Rand.IntN(n)))
	}
	c.hosts = out
	return out
}
