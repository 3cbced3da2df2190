package bounds_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/generators"
)

// enumerated is the bound of Deadlock by its definition: it tries all sets of VMs, leaves
// none out, and knows no landmarks.
type enumerated struct {
	s     *space.State
	goal  []cloud.HostID
	known map[way]int64
}

// way is a VM, by position, that stands on a host and does or does not stray.
type way struct {
	i      int
	at     cloud.HostID
	strays bool
}

// estimate is the least that any set that is enough costs; DeadEnd when none is.
func (e enumerated) estimate() int64 {
	least := int64(space.DeadEnd)
	for set := range uint64(1) << len(e.goal) {
		cost := int64(0)
		for i := range e.goal {
			cost += e.cost(i, set>>i&1 != 0)
		}
		if cost < least && e.allLeave(set) && e.allArrive(set, e.misplaced()&^set, map[uint64]bool{}) {
			least = cost
		}
	}
	return least
}

func (e enumerated) misplaced() uint64 {
	var set uint64
	for i, goal := range e.goal {
		if e.s.Host[i] != goal && e.s.Host[i] != cloud.Absent {
			set |= 1 << i
		}
	}
	return set
}

// cost is the cheapest way of a VM to its target, among those of several steps if it
// strays. It is found by looking at all ways of up to five steps.
func (e enumerated) cost(i int, strays bool) int64 {
	key := way{i, e.s.Host[i], strays}
	cost, ok := e.known[key]
	if !ok {
		cost = e.search(i, strays)
		e.known[key] = cost
	}
	return cost
}

func (e enumerated) search(i int, strays bool) int64 {
	if e.s.Host[i] == cloud.Absent {
		return e.s.Problem.Cost.Resume(e.s.Layout.VM(i), e.goal[i])
	}
	least := int64(math.MaxInt64)
	var walk func(at cloud.HostID, steps int, cost int64, strayed bool)
	walk = func(at cloud.HostID, steps int, cost int64, strayed bool) {
		if at == e.goal[i] && (strayed || !strays) {
			least = min(least, cost)
		}
		if steps == 5 {
			return
		}
		for _, to := range e.s.Layout.Hosts(i) {
			if to != at && (at != cloud.Absent || to == e.goal[i]) {
				m := cloud.Change{VM: e.s.Layout.VM(i), From: at, To: to}
				walk(to, steps+1, cost+cloud.CostOf(e.s.Problem.Cost, m), strayed || to != e.goal[i])
			}
		}
	}
	walk(e.s.Host[i], 0, 0, false)
	return least
}

// room is what a host leaves of a resource without the VMs of a set that stand there in
// the state.
func (e enumerated) room(h cloud.HostID, resource int, gone uint64) int64 {
	room := e.s.Free[int(h)*e.s.Resources()+resource]
	for i, at := range e.s.Host {
		if gone>>i&1 != 0 && at == h {
			room += e.s.Demand(i, resource)
		}
	}
	return room
}

func (e enumerated) fits(i int, h cloud.HostID, gone, arrived uint64) bool {
	if h == cloud.Absent {
		return true
	}
	for r := range e.s.Resources() {
		room := e.room(h, r, gone)
		for k, goal := range e.goal {
			if arrived>>k&1 != 0 && goal == h {
				room -= e.s.Demand(k, r)
			}
		}
		if e.s.Demand(i, r) > room {
			return false
		}
	}
	return true
}

func (e enumerated) allLeave(set uint64) bool {
	misplaced := e.misplaced()
	gone := uint64(0)
	for again := true; again; {
		again = false
		for i, goal := range e.goal {
			if gone>>i&1 != 0 || (misplaced|set)>>i&1 == 0 || e.s.Host[i] == cloud.Absent {
				continue
			}
			can := misplaced>>i&1 != 0 && e.fits(i, goal, gone, 0)
			for _, h := range e.s.Layout.Hosts(i) {
				can = can || set>>i&1 != 0 && h != e.s.Host[i] && e.fits(i, h, gone, 0)
			}
			if can {
				gone |= 1 << i
				again = true
			}
		}
	}
	return misplaced&^gone == 0
}

func (e enumerated) allArrive(set, coming uint64, failed map[uint64]bool) bool {
	if coming == 0 {
		return true
	}
	if failed[coming] {
		return false
	}
	arrived := e.misplaced() &^ set &^ coming
	for i, goal := range e.goal {
		if coming>>i&1 != 0 && e.fits(i, goal, set|arrived, arrived) && e.allArrive(set, coming&^(1<<i), failed) {
			return true
		}
	}
	failed[coming] = true
	return false
}

// With effort enough, the estimate is what the definition says: no set is overlooked,
// and none of the VMs that are left out would have made a difference.
func TestDeadlockIsTheCheapestSet(t *testing.T) {
	maker, _, err := spec.Build[bounds.Maker](pathtest.Catalogue(bounds.Registry(bounds.Entries()...)), bounds.Kind, spec.MustParse("deadlock(nodes=1000000, orders=1000000)"))
	if err != nil {
		t.Fatal(err)
	}
	looked, above := 0, 0
	each(t, 150, func(name string, p *paths.Problem, l *space.Layout) {
		truth := pathtest.Exhaustive(p)
		s, h := space.NewState(p, l), maker(paths.Unlimited(p), p, l)
		misplaced := bounds.Misplaced(paths.Unlimited(p), p, l)
		e := enumerated{s, make([]cloud.HostID, l.Len()), map[way]int64{}}
		for i := range e.goal {
			e.goal[i] = p.Goal[l.VM(i)]
		}
		key := make([]uint64, l.Words())
		n := 0
		truth.Each(func(at cloud.Placement, cost int64) {
			if n++; n%5 != 0 {
				return
			}
			l.Pack(at, key)
			s.Visit(key)
			got, want := h.Estimate(s), e.estimate()
			if got != want {
				t.Fatalf("%s: the estimate of %v is %d, the cheapest set costs %d", name, s.Host, got, want)
			}
			looked++
			if got > misplaced.Estimate(s) {
				above++
			}
		})
	})
	t.Logf("%d states, %d of them above misplaced", looked, above)
	if above < 300 {
		t.Errorf("of %d states only %d are above misplaced", looked, above)
	}
}

// ring is one VM per host, all equal, and an empty host behind them: each VM goes to
// the next host, the last of them to the first host in a circle and to the empty one in a
// chain.
func ring(n int, circle bool) *cloud.Instance {
	in := &cloud.Instance{Name: "ring", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}}}
	for i := range n + 1 {
		in.Hosts = append(in.Hosts, cloud.Host{Name: fmt.Sprintf("host%d", i), Capacity: []int64{10}, Reserved: []int64{1}})
		if i == n {
			break
		}
		in.VMs = append(in.VMs, cloud.VM{Name: fmt.Sprintf("vm%d", i), Demand: []int64{6}})
		in.Initial = append(in.Initial, cloud.HostID(i))
		to := i + 1
		if circle {
			to %= n
		}
		in.Target = append(in.Target, cloud.HostID(to))
	}
	return in
}

// A circle takes one migration more than it has VMs, a chain as many, and the estimate
// of the start says so.
func TestRingsHaveTheirClosedForm(t *testing.T) {
	for n := 2; n < 40; n++ {
		for _, circle := range []bool{true, false} {
			p := pathtest.Problem(t, ring(n, circle), "count")
			want := int64(n)
			if circle {
				want++
			}
			l := space.NewLayout(p)
			if got := bounds.Deadlock(paths.Unlimited(p), p, l).Estimate(space.NewState(p, l)); got != want {
				t.Errorf("%d VMs, circle %v: estimate %d, expected %d", n, circle, got, want)
			}
			r, err := paths.Solve(context.Background(), space.BestFirst{Heuristic: bounds.Deadlock}, p, paths.Options{Expansions: 10_000})
			if err != nil || r.Status != cloud.Optimal || r.Cost != want {
				t.Errorf("%d VMs, circle %v: %s at %d after %d expansions, expected %d; %v",
					n, circle, r.Status, r.Cost, r.Counters.Expanded, want, err)
			}
			pathtest.Judge(t, p, &r)
		}
	}
}

// The soak test of the first path finder is solved within few expansions, all of it.
func TestRandomCloudsAreProvedWithFewExpansions(t *testing.T) {
	for _, c := range []struct {
		family string
		seeds  uint64
		most   int64 // expansions, of all seeds together
	}{
		{"random(hosts=10)", 50, 2000},
		{"random(hosts=10, fill-limit=0.9, tries=100)", 20, 2000},
		{"random(hosts=10, resources=3)", 20, 500},
		{"random(hosts=20)", 20, 1000},
	} {
		expanded := int64(0)
		for seed := range c.seeds {
			p := problem(t, c.family, seed+1)
			r, err := paths.Solve(context.Background(), space.BestFirst{Heuristic: bounds.Deadlock}, p, paths.Options{Expansions: c.most})
			if err != nil || r.Status != cloud.Optimal {
				t.Errorf("%s, seed %d: %s, %v", c.family, seed+1, r.Status, err)
			}
			pathtest.Judge(t, p, &r)
			expanded += r.Counters.Expanded
		}
		t.Logf("%s: %d expansions", c.family, expanded)
		if expanded > c.most {
			t.Errorf("%s: %d expansions, expected no more than %d", c.family, expanded, c.most)
		}
	}
}

func problem(t testing.TB, family string, seed uint64) *paths.Problem {
	t.Helper()
	f, _, err := spec.Build[generators.Family](pathtest.Catalogue(generators.Registry(generators.Entries()...)), generators.Kind, spec.MustParse(family))
	if err != nil {
		t.Fatal(err)
	}
	instances, err := f(seed)
	if err != nil {
		t.Fatal(err)
	}
	return pathtest.Problem(t, instances[0], "ram")
}

// An estimate is computed for every state that is expanded: it must not allocate.
func TestEstimatesAllocate(t *testing.T) {
	p := problem(t, "random(hosts=10)", 19)
	l := space.NewLayout(p)
	s, h := space.NewState(p, l), bounds.Deadlock(paths.Unlimited(p), p, l)
	if n := testing.AllocsPerRun(100, func() { h.Estimate(s) }); n > 0 {
		t.Errorf("%v allocations per estimate", n)
	}
}

// An estimate of thousands of VMs that wait for each other is cut short: one that went on
// until all landmarks are known would keep a search from ever looking at the clock.
func TestEstimatesOfLargeDeadlocksAreCompleted(t *testing.T) {
	const circles = 2000
	p := pathtest.Problem(t, many(ring(3, true), circles), "count")
	l := space.NewLayout(p)
	got := bounds.Deadlock(paths.Unlimited(p), p, l).Estimate(space.NewState(p, l))
	if misplaced, optimum := int64(3*circles), int64(4*circles); got <= misplaced || got >= optimum {
		t.Errorf("the estimate is %d: expected one between %d, what is misplaced, and %d, what takes too long to find out", got, misplaced, optimum)
	}
}

func BenchmarkDeadlock(b *testing.B) {
	for _, c := range []struct {
		family string
		seed   uint64
	}{
		{"random(hosts=10)", 19}, {"random(hosts=20)", 39}, {"random(hosts=10, fill-limit=0.9, tries=100)", 37},
	} {
		b.Run(fmt.Sprintf("%s#%d", c.family, c.seed), func(b *testing.B) {
			p := problem(b, c.family, c.seed)
			l := space.NewLayout(p)
			s, h := space.NewState(p, l), bounds.Deadlock(paths.Unlimited(p), p, l)
			h.Estimate(s)
			b.ReportAllocs()
			for b.Loop() {
				h.Estimate(s)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "estimates/s")
		})
	}
}
