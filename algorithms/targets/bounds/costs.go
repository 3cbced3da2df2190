package bounds

import (
	"cmp"
	"math"
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

// emptied bounds what it costs to empty hosts, beyond what every target costs.
type emptied struct {
	weight int64 // of the hosts that VMs leave if they are emptied
	even   bool  // each host counts 1
	offers []offer
	curves [][]int64 // by number of hosts in use: what each relaxation of room proves
}

// emptied sorts out the hosts that may be emptied.
func (c *Costs) emptied(o *objectives.Hosts) *emptied {
	e := &emptied{even: o.Uniform()}
	needed := c.needed()
	var list []keeper
	free := func(cloud.HostID, int, int64) int64 { return 0 }
	for _, h := range c.open.list() {
		k := keeper{host: h, needed: needed.has(h)}
		if len(c.natives[h]) > 0 {
			e.weight = plus(e.weight, o.Weight(h))
			k.price = c.relieve(h, free) - c.relieve(h, func(_ cloud.HostID, _ int, room int64) int64 { return room })
			if k.needed {
				k.price = 0
			} else {
				e.offers = append(e.offers, offer{o.Weight(h), k.price, 1})
			}
		}
		list = append(list, k)
	}
	if e.even {
		slices.SortFunc(e.offers, func(x, y offer) int { return cmp.Compare(x.weight, y.weight) })
		for i := 1; i < len(e.offers); i++ {
			e.offers[i].weight = plus(e.offers[i].weight, e.offers[i-1].weight) // of all up to it
		}
		for r := range c.resources {
			e.curves = append(e.curves, c.curves(list, r)...)
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
	for _, curve := range e.curves {
		if used >= 0 && used < int64(len(curve)) {
			cost = max(cost, curve[used])
		}
	}
	return cost
}

// keeper is a host that may stay in use.
type keeper struct {
	host   cloud.HostID
	price  int64 // of emptying it
	needed bool  // it cannot be empty
}

// multipliers is how many prices of room are tried for each resource.
const multipliers = 16

// curves bounds the cost of emptying hosts, by how many are in use at most, where those have to have room for all VMs.
// For a price of room p/q, a host that stays in use saves what emptying it costs, and gives its room: those that save and
// give the most are kept, and what is still missing then has to be paid. O(multipliers × hosts × log hosts).
func (c *Costs) curves(list []keeper, r int) (out [][]int64) {
	var demand, saved, highest int64
	for i := range c.blocks {
		demand = plus(demand, c.demand[i*(c.resources+1)+r])
	}
	room := make([]int64, len(list))
	for i, k := range list {
		room[i] = min(demand, c.room[int(k.host)*(c.resources+1)+r])
		saved, highest = plus(saved, k.price), max(highest, k.price)
	}
	if len(room) == 0 || slices.Min(room) == slices.Max(room) {
		return nil // it makes no difference which hosts are kept
	}
	var ratios []keeper // of price and room, by index of the host
	for i, k := range list {
		if k.price > 0 && room[i] > 0 {
			ratios = append(ratios, keeper{cloud.HostID(i), k.price, false})
		}
	}
	ratio := func(k keeper) float64 { return float64(k.price) / float64(room[k.host]) }
	slices.SortFunc(ratios, func(x, y keeper) int { return cmp.Compare(ratio(x), ratio(y)) })
	for m := 1; m <= multipliers && len(ratios) > 0; m++ {
		k := ratios[(len(ratios)-1)*m/multipliers]
		p, q := k.price, room[k.host]
		for plus(times(p, demand), times(q, saved)) > math.MaxInt64/4 {
			p, q = p/2, q/2
		}
		if p > 0 && q > 0 {
			out = append(out, relaxed(list, room, demand, saved, p, q))
		}
	}
	return out
}

// relaxed is the curve for one price of room.
func relaxed(list []keeper, room []int64, demand, saved, p, q int64) []int64 {
	var kept []int64
	missing := p*demand + q*saved
	first := 0
	for i, k := range list {
		if gives := q*k.price + p*room[i]; k.needed {
			missing = max(0, missing-gives)
			first++
		} else {
			kept = append(kept, gives)
		}
	}
	slices.SortFunc(kept, func(x, y int64) int { return cmp.Compare(y, x) })
	curve := make([]int64, len(list)+1)
	for n := range curve {
		if n > first {
			missing = max(0, missing-kept[n-first-1])
		}
		curve[n] = missing / q
		if missing%q > 0 {
			curve[n]++
		}
	}
	return curve
}
