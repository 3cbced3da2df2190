package direct

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
)

// ordering asks whether misplaced VMs can go home in some order. It numbers hosts as the
// instance does, and is read-only.
type ordering struct {
	resources int
	demand    []int64 // [class*R + resource]
	classes   []class
	room      []int64    // [host*R + resource]: free at the start
	settled   [][]detour // by host: the VMs that are at home there and may move
}

// class is a set of interchangeable misplaced VMs: of equal demand, source and target.
type class struct {
	from, to int32
	vms      []cloud.VMID
	detour   int64 // the least that one of them pays beyond its direct migration for a detour
}

// need returns the demand of a VM of a class.
func (q *ordering) need(c int32) []int64 {
	return q.demand[int(c)*q.resources : (int(c)+1)*q.resources]
}

// What an ordering takes, in bytes: of each VM, of each host, and of each of them for each
// resource.
const (
	orderingPerVM     = 260
	orderingPerHost   = 120
	orderingPerAmount = 32
)

// ask returns the ordering of a problem. It returns nil if the problem has other rules than limits
// and host filters, if costs depend on hosts, or if a VM may be suspended.
// Where the run has to end it returns nil as well.
func ask(run *paths.Run) *ordering {
	if !run.KeepEach(orderingPerVM, orderingPerHost, orderingPerAmount) {
		return nil
	}
	p := run.Problem
	l := space.LayoutWithin(run)
	if l == nil {
		return nil
	}
	s := space.NewState(p, l)
	if _, stuck := l.Stuck(); stuck || !s.LimitsOnly() || !s.Uniform() || s.Suspends() {
		return nil
	}
	q := &ordering{resources: s.Resources(), room: s.Free, settled: make([][]detour, len(p.Instance.Hosts))}
	known := map[string]int{}
	var key []byte
	var order []int
	for i := range l.Len() {
		if v := l.VM(i); s.Host[i] != p.Goal[v] {
			order = append(order, i)
		} else {
			h := s.Host[i]
			d := detour{price: twice(fare(p, v)), from: int32(h), to: int32(h), class: -1}
			for j := range q.resources {
				d.need = append(d.need, s.Demand(i, j))
			}
			q.settled[h] = append(q.settled[h], d)
		}
	}
	// The search tries edges in this order: the largest first.
	slices.SortStableFunc(order, func(a, b int) int {
		for j := range q.resources {
			if x, y := s.Demand(a, j), s.Demand(b, j); x != y {
				return compare(y, x)
			}
		}
		return 0
	})
	for _, i := range order {
		v := l.VM(i)
		at, goal := s.Host[i], p.Goal[v]
		key = binary.AppendVarint(binary.AppendVarint(key[:0], int64(at)), int64(goal))
		for j := range q.resources {
			key = binary.AppendVarint(key, s.Demand(i, j))
		}
		n, ok := known[string(key)]
		if !ok {
			n = len(q.classes)
			known[string(key)] = n
			q.classes = append(q.classes, class{from: int32(at), to: int32(goal), detour: math.MaxInt64})
			for j := range q.resources {
				q.demand = append(q.demand, s.Demand(i, j))
			}
		}
		c := &q.classes[n]
		c.vms = append(c.vms, v)
		extra := fare(p, v)
		if len(l.Hosts(i)) <= 2 {
			extra = twice(extra) // there is nowhere to go but back
		}
		c.detour = min(c.detour, extra)
	}
	q.scale()
	return q
}

func compare(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// scale divides each resource by the greatest common divisor of all demands, and lowers room to
// at most the total demand, so that numbers are small.
func (q *ordering) scale() {
	r := q.resources
	for j := range r {
		var common, sum int64
		for c := range q.classes {
			d := q.demand[c*r+j]
			common = gcd(common, d)
			sum += d * int64(len(q.classes[c].vms))
		}
		for _, some := range q.settled {
			for _, d := range some {
				common = gcd(common, d.need[j])
			}
		}
		if common == 0 {
			common = math.MaxInt64
		}
		for c := range q.classes {
			q.demand[c*r+j] /= common
		}
		for _, some := range q.settled {
			for _, d := range some {
				d.need[j] /= common
			}
		}
		for h := j; h < len(q.room); h += r {
			q.room[h] = min(floor(q.room[h], common)/common, sum/common)
		}
	}
}

// floor rounds down to a multiple of n. Room on a host that is too full is negative.
func floor(a, n int64) int64 {
	rest := a % n
	if rest < 0 {
		rest += n
	}
	return a - rest
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// whole returns the rest at the start: all misplaced VMs.
func (q *ordering) whole() rest {
	var out rest
	met := map[int32]bool{}
	for c := range q.classes {
		x := &q.classes[c]
		out.edges = append(out.edges, edge{int32(c), int32(len(x.vms))})
		for _, h := range []int32{x.from, x.to} {
			if !met[h] {
				met[h] = true
				out.hosts = append(out.hosts, h)
			}
		}
	}
	slices.Sort(out.hosts)
	for _, h := range out.hosts {
		out.room = append(out.room, q.room[int(h)*q.resources:(int(h)+1)*q.resources]...)
	}
	return out
}

// reverse returns the ordering backwards in time, for rests that [ordering.turned] returns.
func (q *ordering) reverse() *ordering {
	out := &ordering{resources: q.resources, demand: q.demand, room: q.room}
	for _, x := range q.classes {
		out.classes = append(out.classes, class{from: x.to, to: x.from})
	}
	return out
}

// fare is the cost of one migration of a VM.
func fare(p *paths.Problem, v cloud.VMID) int64 {
	return p.Cost.(cloud.HostIndependent).MigrateAnywhere(v)
}

func twice(x int64) int64 { return paths.Plus(x, x) }
