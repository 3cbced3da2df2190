package bounds

import (
	"math"
	"strconv"
	"unsafe"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// How far a state is looked into unless told otherwise.
const (
	defaultNodes  = 64
	defaultOrders = 4000
	defaultCore   = 24
)

func deadlockEntry() spec.Entry[Maker] {
	return spec.Entry[Maker]{
		Descriptor: spec.Descriptor{
			Name:     "deadlock",
			Synopsis: "misplaced, and the cheapest migrations that deadlocks force beyond those",
			Doc: "VMs that wait for each other in a circle cannot all go straight to their targets: one must bypass, or " +
				"a settled VM must step aside. The bound is the cheapest set of VMs such that, if they do so, no others wait " +
				"in a circle any more and there is an order in which those can go straight to their targets.",
			Params: []spec.Param{{
				Name: "nodes", Type: spec.Int, Default: strconv.Itoa(defaultNodes), Unit: "nodes", Bounds: spec.Between(1, 1e6),
				Doc: "how far the cheapest set is searched for in one state; where that is not enough, what is proved by then has to do",
			}, {
				Name: "orders", Type: spec.Int, Default: strconv.Itoa(defaultOrders), Unit: "sets of VMs", Bounds: spec.Between(0, 1e6),
				Doc: "how far orders are searched for in one state; where that is not enough, an order is taken to exist",
			}, {
				Name: "core", Type: spec.Int, Default: strconv.Itoa(defaultCore), Unit: "VMs", Bounds: spec.Between(0, maxCore),
				Doc: "orders are searched for in states with at most this many VMs whose order matters; more would cost too much",
			}},
			Citation: "Haslum, Slaney and Thiébaux 2012, Minimal landmarks for optimal delete-free planning, ICAPS; " +
				"Bonet and Helmert 2010, Strengthening landmark heuristics via hitting sets, ECAI, doi 10.3233/978-1-60750-606-5-329",
			Properties: []spec.Property{Admissible},
		},
		New: func(a spec.Args) (Maker, error) {
			nodes, orders, core := int(a.Int("nodes")), int(a.Int("orders")), int(a.Int("core"))
			return func(run *paths.Run, p *paths.Problem, l *space.Layout) space.Heuristic {
				return newDeadlock(run, p, l, nodes, orders, core)
			}, nil
		},
	}
}

// Deadlock is the cost of the cheapest set of VMs that have to go out of their way: of
// misplaced VMs that bypass and settled VMs that step aside, with what all misplaced VMs
// have to pay in any case.
//
// A set of VMs that go out of their way is enough when both of two relaxed problems have
// a solution with it.
//
//   - Leaving: whoever has left its host takes no room anywhere. A misplaced VM leaves
//     once its target has room for it, one of the set once any host where it may stand
//     has. All misplaced VMs must leave.
//   - Arriving: the set stands nowhere. Every other misplaced VM goes to its target
//     once, straight, when there is room for it, and from then on takes room there. All
//     must arrive.
//
// Admissible: take any path from the state to the goal, and let the set be the VMs that
// make a step on it which does not end on their target. Leaving: look at the first step
// of each VM. When it is made, its destination holds at least those who stand there in
// the state and have not made their first step yet, and unless the VM is of the set its
// destination is its target. So the first steps in their order solve the problem.
// Arriving: a misplaced VM that is not of the set makes one step, to its target, and a
// settled one makes none. So the steps of those in their order solve the problem: all
// the path adds is that the set takes room too. Each misplaced VM pays for the cheapest
// way to its target ([tariff]), each VM of the set for the cheapest way that is not a
// single step; different VMs pay for different steps. Rules other than limits and host
// filters only take paths away. Where not even the set of all VMs is enough, no path
// exists and the state is a dead end.
//
// With one VM per host, equal VMs and one empty host it is exact: a circle of VMs
// costs one more than its length, a chain that ends in the empty host its length.
//
// The cheapest set is a hitting set. Let N be VMs such that with all others in the set
// it is not enough: one of N must be in it (a disjunctive landmark). Landmarks are found
// such that no VM can be left out and the cheapest VM is as costly as can be. They are
// added up by cost partitioning: what one counts is taken off the prices of its VMs
// before the next is looked for. That is a lower bound. The VMs whose price is used up
// are enough, and make an upper bound; as long as the two differ, one branches over the
// VMs of a landmark.
//
// An estimate takes O(VMs × resources) where nothing is deadlocked, and a few
// microseconds where few VMs are. To find the cheapest set takes exponential time, as
// does to find an order; both are cut short, by nodes (and, with thousands of VMs that
// wait, within a node) and by orders, and leave an estimate that is lower and still
// admissible. Memory is O(VMs + hosts), and O(VMs ×
// classes of hosts) at most where hosts make a difference to the cost.
func Deadlock(run *paths.Run, p *paths.Problem, l *space.Layout) space.Heuristic {
	return newDeadlock(run, p, l, defaultNodes, defaultOrders, defaultCore)
}

type deadlock struct {
	goal  []cloud.HostID // by position
	costs tariff
	relaxed
	order
	cover
}

// What the relaxed problems and the search for a set take, in bytes: of each VM, of each host,
// and of each of them for each resource.
const (
	deadlockPerVM     = 112
	deadlockPerHost   = 48
	deadlockPerAmount = 16
)

func newDeadlock(run *paths.Run, p *paths.Problem, l *space.Layout, nodes, orders, core int) space.Heuristic {
	costs, ok := newTariff(run, p, l)
	if !ok || !run.KeepEach(deadlockPerVM, deadlockPerHost, deadlockPerAmount) ||
		!run.Keep(int64(seenSlots(orders))*int64(unsafe.Sizeof(impasse{}))) {
		return nil
	}
	d := &deadlock{costs: costs, goal: make([]cloud.HostID, l.Len())}
	for i := range d.goal {
		d.goal[i] = p.Goal[l.VM(i)]
	}
	d.relaxed.initState(p, l)
	d.order.init(&d.relaxed, orders, core)
	d.cover.init(run, &d.relaxed, &d.order, nodes)
	return d
}

// Estimate implements [space.Heuristic].
func (d *deadlock) Estimate(s *space.State) int64 {
	var base int64
	d.relaxed.reset(s)
	d.cover.total = 0
	for i, goal := range d.goal {
		at := s.Host[i]
		if at == goal {
			continue
		}
		base = plus(base, d.costs.straight(i, at))
		if at != cloud.Absent { // who is suspended holds nothing that others wait for
			d.relaxed.wait(i, goal)
		}
	}
	if d.order.begin(d.relaxed.room) {
		return base
	}
	d.relaxed.settle()
	d.relaxed.focus(d.order.core)
	for k, i := range d.relaxed.items {
		d.cover.price[k] = d.costs.detour(int(i), s.Host[i])
	}
	extra := d.cover.least()
	if extra == never {
		return space.DeadEnd
	}
	return plus(base, extra)
}

// Strays implements [space.Strays]. A landmark counts what it takes off the prices of its VMs. A
// set that is enough has a VM of each landmark. So it costs at least the sum of all landmarks plus
// what they have left of the price of any one member.
func (d *deadlock) Strays(s *space.State, least []int64) {
	for i := range least {
		least[i] = plus(d.cover.total, d.costs.detour(i, s.Host[i]))
	}
	for k, i := range d.relaxed.items {
		least[i] = plus(d.cover.total, d.cover.spare[k])
	}
}

// never is the cost of what cannot be.
const never = math.MaxInt64

// plus adds up costs. A sum that does not fit is cut down, which leaves a lower bound.
func plus(a, b int64) int64 {
	if a > math.MaxInt64-1-b {
		return math.MaxInt64 - 1
	}
	return a + b
}
