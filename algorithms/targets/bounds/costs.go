package bounds

import (
	"cmp"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
)

// Costs bounds what it costs to reach a target, by how good the target is. It is read-only.
type Costs struct {
	*Bounds
	leave   []int64        // by VM: the least cost of leaving its host for good
	natives [][]cloud.VMID // by host: VMs that stand there initially and have to stand in the end

	hosts *emptied         // where the objective counts the hosts in use
	peak  *objectives.Load // where it is the highest load
	base  int64            // what every target costs
}

// Costs bounds the cost of every path to a target. Leave is, by VM, the least cost of leaving its host for good. It is
// the caller's promise that each VM that stands elsewhere in the target costs as much at least.
//
// A host that has to be empty is left by all its VMs, and one that holds too much by some of them: the
// cheapest ones, of which the last may leave in part. Where the hosts in use count, as many hosts as a target
// has to empty are the cheapest ones to empty; and the others must have room for all VMs, which is relaxed with Lagrange
// multipliers. Of an objective with ranks, the first counts. Others bound nothing beyond what every target costs.
func (b *Bounds) Costs(o cloud.Objective, leave []int64) *Costs {
	c := &Costs{Bounds: b, leave: leave, natives: make([][]cloud.VMID, len(b.in.Hosts))}
	for v, h := range b.in.Initial {
		if h != cloud.Absent && b.blockOf[v] >= 0 {
			c.natives[h] = append(c.natives[h], cloud.VMID(v))
		}
	}
	for ranked, ok := o.(*objectives.Lexicographic); ok; ranked, ok = o.(*objectives.Lexicographic) {
		o = ranked.First()
	}
	c.base = c.sum(func(_ cloud.HostID, _ int, room int64) int64 { return room })
	switch o := o.(type) {
	case *objectives.Hosts:
		c.hosts = c.emptied(o)
	case *objectives.Load:
		if _, ok := o.Peak(); ok {
			c.peak = o
		}
	}
	return c
}

// Least is what every path costs at least to a target whose objective is at most the given value. O(VMs ×
// resources × log VMs) for the highest load, and O(log hosts) or O(hosts × log hosts) for the hosts in use.
func (c *Costs) Least(objective int64) int64 {
	switch {
	case c.hosts != nil:
		return plus(c.base, c.hosts.least(objective))
	case c.peak != nil && objective < mostPeak:
		resources, _ := c.peak.Peak()
		return c.sum(func(h cloud.HostID, r int, room int64) int64 {
			if slices.Contains(resources, r) {
				room = min(room, portion(c.peak.Limit(h, r), objective))
			}
			return room
		})
	}
	return c.base
}

// sum adds up over all hosts what it costs that they hold no more than they may.
func (c *Costs) sum(room func(h cloud.HostID, resource int, room int64) int64) (cost int64) {
	for h := range c.natives {
		cost = plus(cost, c.relieve(cloud.HostID(h), room))
	}
	return cost
}

// relieve bounds what it costs that those leave a host who may not stay, and as many others as it takes until it
// has room for the rest.
func (c *Costs) relieve(h cloud.HostID, room func(h cloud.HostID, resource int, room int64) int64) int64 {
	var forced, more int64
	n := c.resources + 1
	var stay []cloud.VMID
	for _, v := range c.natives[h] {
		if c.sets[c.blocks[c.blockOf[v]].set].has(h) {
			stay = append(stay, v)
		} else {
			forced = plus(forced, c.leave[v])
		}
	}
	for r := range n {
		excess := -room(h, r, c.room[int(h)*n+r])
		for _, v := range stay {
			if excess += c.demandOf(v, r); excess > most {
				break
			}
		}
		if excess <= 0 || excess > most {
			continue
		}
		offers := make([]offer, len(stay))
		for i, v := range stay {
			offers[i] = offer{c.demandOf(v, r), c.leave[v], 1}
		}
		more = max(more, knapsack(plain, offers, excess))
	}
	return plus(forced, more)
}

func (c *Costs) demandOf(v cloud.VMID, r int) int64 {
	if r == c.resources {
		return 1
	}
	return c.in.VMs[v].Demand[r]
}

// Cheapest lists the hosts in the order in which the bound empties them if those in use weigh so much at most, or
// as they cost for what they weigh. Nil where the objective does not count hosts.
func (c *Costs) Cheapest(used int64) []cloud.HostID {
	if c.hosts == nil {
		return nil
	}
	return c.hosts.cheapest(used)
}

// emptied bounds what it costs to empty hosts, beyond what every target costs.
type emptied struct {
	weight int64 // of the hosts that VMs leave if they are emptied
	even   bool  // each host counts 1
	offers []offer
	list   []keeper // the open hosts
	curves []curve
}

// emptied sorts out the hosts that may be emptied.
func (c *Costs) emptied(o *objectives.Hosts) *emptied {
	e := &emptied{even: o.Uniform()}
	needed := c.needed()
	free := func(cloud.HostID, int, int64) int64 { return 0 }
	for _, h := range c.open.list() {
		k := keeper{host: h, weight: o.Weight(h), needed: needed.has(h)}
		if len(c.natives[h]) > 0 {
			e.weight = plus(e.weight, o.Weight(h))
			k.price = c.relieve(h, free) - c.relieve(h, func(_ cloud.HostID, _ int, room int64) int64 { return room })
			if k.needed {
				k.price = 0
			} else {
				e.offers = append(e.offers, offer{o.Weight(h), k.price, 1})
			}
		}
		e.list = append(e.list, k)
	}
	if e.even {
		slices.SortFunc(e.offers, func(x, y offer) int { return cmp.Compare(x.weight, y.weight) })
		for i := 1; i < len(e.offers); i++ {
			e.offers[i].weight = plus(e.offers[i].weight, e.offers[i-1].weight) // of all up to it
		}
		for r := range c.resources {
			e.curves = append(e.curves, c.curves(e.list, r)...)
		}
	}
	return e
}

// least bounds the cost where the hosts in use weigh so much at most.
func (e *emptied) least(used int64) (cost int64) {
	missing := e.weight - used
	if missing > 0 && len(e.offers) > 0 {
		if e.even {
			cost = e.offers[min(missing, int64(len(e.offers)))-1].weight
		} else {
			cost = knapsack(plain, e.offers, missing)
		}
	}
	if best := e.best(used); best != nil {
		cost = max(cost, best.cost[used])
	}
	return cost
}

// best is the curve that proves the most for a number of hosts in use; nil: there is none.
func (e *emptied) best(used int64) (best *curve) {
	for i := range e.curves {
		k := &e.curves[i]
		if used >= 0 && used < int64(len(k.cost)) && (best == nil || k.cost[used] > best.cost[used]) {
			best = k
		}
	}
	return best
}

// cheapest orders the hosts by what they cost.
func (e *emptied) cheapest(used int64) (out []cloud.HostID) {
	if best := e.best(used); best != nil {
		for _, i := range slices.Backward(best.keep(best.price)) {
			out = append(out, e.list[i].host)
		}
		return out
	}
	list := slices.Clone(e.list)
	ratio := func(k keeper) float64 { return float64(k.price) / max(1e-9, float64(k.weight)) }
	slices.SortStableFunc(list, func(x, y keeper) int { return cmp.Compare(ratio(x), ratio(y)) })
	for _, k := range list {
		out = append(out, k.host)
	}
	return out
}

// keeper is a host that may stay in use.
type keeper struct {
	host   cloud.HostID
	price  int64 // of emptying it
	weight int64
	needed bool // it cannot be empty
}

// curve is what a relaxation of room proves.
type curve struct {
	*relaxation
	price int64   // of room
	cost  []int64 // by number of hosts in use
}

// relaxationBudget bounds, for one resource, how often a host is looked at by relaxations of its room.
const relaxationBudget = 1 << 24

// curves bounds the cost of emptying hosts, by how many are in use at most, where those have to have room for all VMs. For a
// price of room, a host that stays in use saves what emptying it costs, and gives its room: those that save and give the most
// are kept, and what is still missing has to be paid (a Lagrange multiplier). The best price is found by bisection for some
// numbers of hosts, more of them where room is short; each price proves something for all numbers.
// O(budget × log hosts).
func (c *Costs) curves(list []keeper, r int) (out []curve) {
	m := &relaxation{list: list, room: make([]int64, len(list))}
	for i := range c.blocks {
		m.demand = plus(m.demand, c.demand[i*(c.resources+1)+r])
	}
	for i, k := range list {
		m.room[i] = min(m.demand, c.room[int(k.host)*(c.resources+1)+r])
		m.saved = plus(m.saved, k.price)
	}
	if len(list) == 0 || m.saved == 0 || slices.Min(m.room) == slices.Max(m.room) {
		return nil // it makes no difference which hosts are kept
	}
	limit := int64(1) << 59
	for m.q = 1; m.q < 1<<40 && times(2*m.q, m.saved) < limit; {
		m.q *= 2
	}
	highest := min(limit/max(1, m.demand), times(m.q, m.saved))
	const steps = 40
	most := relaxationBudget / steps / len(list)
	anchors := max(1, min(48, most))
	first := m.fewest()
	for i := range anchors {
		share := float64(i) / float64(anchors)
		kept := first + int(share*share*float64(len(list)-first))
		low, high := int64(0), highest
		for n := 0; n < steps && high-low > 1; n++ {
			if p := low + (high-low)/2; m.short(p, kept) {
				low = p
			} else {
				high = p
			}
		}
		for _, p := range []int64{low, high} {
			out = append(out, curve{m, p, m.curve(p)})
		}
	}
	return out
}

// relaxation is the question which hosts to keep, with prices of room p/q.
type relaxation struct {
	list          []keeper
	room          []int64 // by position in list
	demand, saved int64
	q             int64
}

// fewest is how many hosts have room enough at least, whatever the prices.
func (m *relaxation) fewest() int {
	room, left := slices.Sorted(slices.Values(m.room)), m.demand
	for n, x := range slices.Backward(room) {
		if left -= min(left, x); left == 0 {
			return len(room) - n
		}
	}
	return len(room)
}

// keep orders the hosts by what they save and give, those first that cannot be empty.
func (m *relaxation) keep(p int64) []int {
	order := make([]int, len(m.list))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		if x, y := m.list[i].needed, m.list[j].needed; x != y {
			return map[bool]int{true: -1, false: 1}[x]
		}
		return cmp.Or(cmp.Compare(m.gives(j, p), m.gives(i, p)), cmp.Compare(m.room[j], m.room[i]))
	})
	return order
}

func (m *relaxation) gives(i int, p int64) int64 { return m.q*m.list[i].price + p*m.room[i] }

// short tells whether the hosts that are kept have too little room.
func (m *relaxation) short(p int64, kept int) bool {
	left := m.demand
	for _, i := range m.keep(p)[:kept] {
		left -= min(left, m.room[i])
	}
	return left > 0
}

// curve is what a price of room proves, by how many hosts are kept.
func (m *relaxation) curve(p int64) []int64 {
	missing := p*m.demand + m.q*m.saved
	out := make([]int64, len(m.list)+1)
	order := m.keep(p)
	for n := range out {
		if out[n] = missing / m.q; missing%m.q > 0 {
			out[n]++
		}
		if n < len(order) {
			missing = max(0, missing-m.gives(order[n], p))
		}
	}
	return out
}
