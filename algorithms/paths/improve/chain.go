package improve

import (
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// chain is a change of the timetable in progress. One VM gets a cheaper route, VMs that are in its
// way get other routes, and so on (ejection chains: Glover 1996, doi
// 10.1016/0166-218X(94)00037-E). A chain that is not kept is undone.
type chain struct {
	*improver
	log    []entry
	placed []bool         // by VM: already placed by the chain, so it keeps its route
	havens []cloud.HostID // hosts by which VMs of the chain went before
}

// entry is a VM that was taken out, and its route at that time.
type entry struct {
	v  cloud.VMID
	by route
}

// begin begins a chain.
func (c *chain) begin() { c.log, c.havens = c.log[:0], c.havens[:0] }

// take takes a VM out and logs its route, so that undo can put it back.
func (c *chain) take(v cloud.VMID) {
	c.log = append(c.log, entry{v, c.t.route[v]})
	c.t.takeOut(v)
}

// undo restores the timetable to the time when the log had mark entries.
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

// since lists the VMs taken out since a mark, with their current routes.
func (c *chain) since(mark int) []entry {
	var out []entry
	for _, e := range c.log[mark:] {
		if !slices.ContainsFunc(out, func(o entry) bool { return o.v == e.v }) {
			out = append(out, entry{e.v, c.t.route[e.v]})
		}
	}
	return out
}

// redo restores routes that since listed.
func (c *chain) redo(routes []entry) {
	for _, e := range routes {
		c.take(e.v)
		c.t.putIn(e.v, e.by)
	}
}

// place puts in a VM that was taken out, by the cheapest route that it finds. It may move other
// VMs out of the way to other routes, up to depth levels deep. It returns the cost of the route,
// plus the added cost of the other VMs, which is at most most. If it fails, nothing changes and
// the VM is still out.
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
	bypass, costly := c.bypass(v, leave, arrive, most)
	if bypass != nil {
		most = costly - 1
	}
	if depth > 0 && straight <= most {
		if cost, ok := c.push(v, leave, arrive, straight, most, depth); ok {
			return cost, true
		}
	}
	if bypass != nil && c.enter(v, bypass) {
		return costly, true
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

// choose returns a moment between two others for a VM to go straight to its target: as near as
// possible to its previous arrival there.
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

// bypass finds the cheapest route via another host for a VM that must leave before one moment
// and may arrive only after another. Among equal ones it prefers the tightest host.
func (c *chain) bypass(v cloud.VMID, leave, arrive moment, most int64) (best route, cost int64) {
	if leave > arrive { // only rules are in the way
		leave, arrive = arrive, leave
	}
	if leave == dawn || arrive == dusk {
		return nil, 0
	}
	from, to := c.t.p.Start[v], c.t.p.Goal[v]
	demand := c.t.demand(v)
	// If the price does not depend on the host, it is known before a host is chosen.
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

// probes is the number of random hosts examined for a bypass: half of them from all hosts, and
// half from the vacancies.
const probes = 24

// nearest is the number of vacancies to draw from, the fullest hosts first.
const nearest = 64

// candidates returns hosts where a VM might stay between two moments.
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
