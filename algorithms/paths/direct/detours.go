package direct

import (
	"cmp"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
)

// detour is a VM of a piece that may deviate from its direct migration, or from its host if it
// is at home, and the price of that.
type detour struct {
	price    int64
	from, to int32 // hosts; the same if it is at home
	class    int32 // -1 if it is at home
	need     []int64
}

// detours lists the detours of a piece, the cheapest last.
func (q *ordering) detours(x rest) []detour {
	var out []detour
	for _, e := range x.edges {
		c := &q.classes[e.class]
		for range e.n {
			out = append(out, detour{c.detour, c.from, c.to, e.class, q.need(e.class)})
		}
	}
	for _, h := range x.hosts {
		out = append(out, q.settled[h]...)
	}
	slices.SortStableFunc(out, func(a, b detour) int { return cmp.Compare(b.price, a.price) })
	return out
}

// least reports rising lower bounds on the cost of detours in a piece that has no order. At best,
// VMs on a detour take no room, and the others have an order without them. So if removing VMs
// whose prices add up to at most some amount never leaves an order, detours cost more. The amount
// rises until an order is left, or the run has to end.
func (s *solver) least(x rest, improved func(int64)) {
	all := s.q.detours(x)
	if len(all) == 0 {
		improved(math.MaxInt64)
		return
	}
	step := int64(0)
	for _, d := range all {
		step = gcd(step, d.price)
	}
	amount := all[len(all)-1].price
	improved(amount)
	for step > 0 && s.run.Look() && s.without(x, nil, all, amount) == no {
		amount = paths.Plus(amount, step)
		improved(amount)
	}
}

// without tells whether a rest has an order without the VMs in out and without some of the
// others whose prices add up to at most an amount.
func (s *solver) without(x rest, out, others []detour, amount int64) answer {
	first, _ := slices.BinarySearchFunc(others, amount, func(d detour, amount int64) int { return cmp.Compare(amount, d.price) })
	others = others[first:]
	if a := s.solve(s.pieces(s.q.take(x, out, others), nil), true); a != yes || len(others) == 0 {
		return a
	}
	// Either the most expensive one is removed, or neither it nor its equals are.
	d := others[0]
	if a := s.without(x, append(slices.Clone(out), d), others[1:], amount-d.price); a != no {
		return a
	}
	rest := others[1:]
	for d.class >= 0 && len(rest) > 0 && rest[0].class == d.class {
		rest = rest[1:]
	}
	return s.without(x, out, rest, amount)
}

// take returns a rest without some VMs.
func (q *ordering) take(x rest, some ...[]detour) rest {
	out := rest{hosts: x.hosts, edges: slices.Clone(x.edges), room: slices.Clone(x.room)}
	for _, d := range slices.Concat(some...) {
		if d.class >= 0 {
			n := slices.IndexFunc(out.edges, func(e edge) bool { return e.class == d.class })
			if out.edges[n].n--; out.edges[n].n == 0 {
				out.edges = slices.Delete(out.edges, n, n+1)
			}
		}
		h, _ := slices.BinarySearch(x.hosts, d.from)
		for j, need := range d.need {
			out.room[h*q.resources+j] += need
		}
	}
	return out
}
