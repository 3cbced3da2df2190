package bounds_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

// The bound of a whole problem is never above the cost of the cheapest path from any state
// of small instances, and no state from which there is one is called a dead end: under
// rules and costs of all kinds, whether parts are pockets or their traps are added up.
func TestWholeExceedsTheOptimum(t *testing.T) {
	states, above, trapped := 0, 0, 0
	judge := func(name string, p *paths.Problem) {
		truth := pathtest.Exhaustive(p)
		truth.Each(func(at cloud.Placement, cost int64) {
			for v := range at {
				if at[v] == cloud.Absent && p.Start[v] != cloud.Absent {
					return // suspended: not the beginning of a problem
				}
			}
			q := *p
			q.Start = at
			misplaced := bounds.MisplacedFrom(paths.Unlimited(&q), at)
			states++
			for _, most := range []int{128, 4, 0} {
				bound, deadEnd := bounds.WholeOf(&q, most, states%2*1000)
				if deadEnd || bound > cost {
					t.Fatalf("%s: from %v, with pockets of up to %d VMs, the bound is %d (dead end: %v), the optimum %d", name, at, most, bound, deadEnd, cost)
				}
				if bound > misplaced {
					above++
					if most == 0 {
						trapped++
					}
				}
			}
		})
	}
	each(t, 600, func(name string, p *paths.Problem, _ *space.Layout) { judge(name, p) })
	for seed := range uint64(600) {
		rng := rand.New(rand.NewPCG(seed, 9))
		p := pathtest.Problem(t, pathtest.Ruled(rng), []string{"ram", "count"}[rng.IntN(2)])
		if rng.IntN(3) == 0 {
			p.Cost = byDistance{rng.Uint64()}
		}
		judge(fmt.Sprintf("ruled %d, %s", seed, p.Cost), p)
	}
	t.Logf("%d states, %d bounds above misplaced, %d of them by traps alone", states, above, trapped)
	if states < 50_000 || above < 1000 || trapped < 300 {
		t.Errorf("%d states, %d bounds above misplaced, %d by traps alone: too few to show anything", states, above, trapped)
	}
}

// A problem that is called a dead end has no path, and some are.
func TestWholeCallsADeadEnd(t *testing.T) {
	ends := 0
	for seed := range uint64(4000) {
		rng := rand.New(rand.NewPCG(seed, 11))
		in := deadlocked(rng)
		if seed%2 == 0 {
			in = pathtest.Random(rng)
		}
		p := pathtest.Problem(t, in, "ram")
		for _, most := range []int{128, 0} {
			if _, deadEnd := bounds.WholeOf(p, most, int(seed)%3*1000); deadEnd {
				ends++
				if cost, ok := pathtest.Exhaustive(p).To(p.Start); ok {
					t.Fatalf("instance %d is called a dead end and has a path of cost %d", seed, cost)
				}
			}
		}
	}
	if ends < 50 {
		t.Errorf("only %d dead ends", ends)
	}
}

// many puts copies of an instance into one cloud, which share nothing.
func many(in *cloud.Instance, n int) *cloud.Instance {
	out := &cloud.Instance{Name: "many", Resources: in.Resources}
	for k := range n {
		base := cloud.HostID(len(out.Hosts))
		for _, h := range in.Hosts {
			h.Name = fmt.Sprintf("%s-%d", h.Name, k)
			out.Hosts = append(out.Hosts, h)
		}
		for v, vm := range in.VMs {
			vm.Name = fmt.Sprintf("%s-%d", vm.Name, k)
			out.VMs = append(out.VMs, vm)
			out.Initial = append(out.Initial, base+in.Initial[v])
			out.Target = append(out.Target, base+in.Target[v])
		}
	}
	return out
}

// Where the optimum is known, the bound of the whole is exact: circles of any length, and
// many pockets in a large cloud, each with a deadlock of its own.
func TestWholeMissesAClosedForm(t *testing.T) {
	for _, c := range []struct {
		name string
		in   *cloud.Instance
		want int64
	}{
		{"a circle of 5000 VMs", ring(5000, true), 5001},
		{"a chain of 5000 VMs", ring(5000, false), 5000},
		{"2000 circles of two VMs", many(ring(2, true), 2000), 3 * 2000},
		{"30 circles of 100 VMs", many(ring(100, true), 30), 101 * 30},
		{"100 circles of 40 VMs and as many chains", many(circleAndChain(40), 100), (41 + 40) * 100},
	} {
		if bound, deadEnd := bounds.Whole(paths.Unlimited(pathtest.Problem(t, c.in, "count"))); deadEnd || bound != c.want {
			t.Errorf("%s: the bound is %d (dead end: %v), expected %d", c.name, bound, deadEnd, c.want)
		}
	}
}

// The example in the comments of the bound's parts.
func TestWholeMissesItsExample(t *testing.T) {
	in := &cloud.Instance{
		Name: "example", Resources: []cloud.Resource{{Name: "ram", Unit: "GiB"}},
		Initial: cloud.Placement{0, 1, 2}, Target: cloud.Placement{1, 0, 3},
	}
	for _, h := range []string{"1", "2", "3", "4"} {
		in.Hosts = append(in.Hosts, cloud.Host{Name: h, Capacity: []int64{4}, Reserved: []int64{0}})
	}
	for _, v := range []string{"a", "b", "c"} {
		in.VMs = append(in.VMs, cloud.VM{Name: v, Demand: []int64{3}})
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	if bound, deadEnd := bounds.Whole(paths.Unlimited(pathtest.Problem(t, in, "ram"))); deadEnd || bound != 12 {
		t.Errorf("the bound is %d (dead end: %v), expected 12", bound, deadEnd)
	}
}

func circleAndChain(n int) *cloud.Instance {
	in := many(ring(n, true), 1)
	more := many(ring(n, false), 1)
	for v, h := range more.Hosts {
		h.Name = fmt.Sprint("chain", v)
		in.Hosts = append(in.Hosts, h)
	}
	base := cloud.HostID(len(in.Hosts) - len(more.Hosts))
	for v, vm := range more.VMs {
		vm.Name = fmt.Sprint("link", v)
		in.VMs = append(in.VMs, vm)
		in.Initial, in.Target = append(in.Initial, base+more.Initial[v]), append(in.Target, base+more.Target[v])
	}
	return in
}

// Told to stop, it proves less and nothing wrong.
func TestWholeGoesOnWhenToldToStop(t *testing.T) {
	p := pathtest.Problem(t, many(ring(3, true), 100), "count")
	ctx := &impatient{Context: context.Background(), looks: 50}
	var bound int64
	var deadEnd bool
	if _, err := paths.Solve(ctx, paths.SearcherFunc(func(run *paths.Run) error {
		bound, deadEnd = bounds.Whole(run)
		return nil
	}), p, paths.Options{}); err != nil {
		t.Fatal(err)
	}
	if ctx.looks < -5 || deadEnd || bound <= 300 || bound >= 400 {
		t.Errorf("with %d looks left the bound is %d (dead end: %v): expected one between those of no and of all deadlocks", ctx.looks, bound, deadEnd)
	}
}

// impatient is a context that ends after a number of looks.
type impatient struct {
	context.Context
	looks int
}

func (c *impatient) Err() error {
	if c.looks--; c.looks < 0 {
		return context.Canceled
	}
	return nil
}

// BenchmarkWhole shows how the bound grows with the cloud: per VM it takes about as long
// in a large cloud as in a small one, whether nothing is deadlocked or much is.
func BenchmarkWhole(b *testing.B) {
	for _, family := range []string{
		"random(hosts=%d, capacity=64, reserved=0, min=1, max=16, start=fresh, target=fresh, utilisation=0.95)",
		"random(hosts=%d, capacity=64, reserved=0, min=1, max=16, start=fresh, target=fresh, utilisation=0.9, grouped=0.3)",
		"swaps(pairs=%d)",
		"permutation(hosts=%d)",
	} {
		for _, n := range []int{1000, 10_000} {
			text := fmt.Sprintf(family, n)
			b.Run(text, func(b *testing.B) {
				p := problem(b, text, 1)
				for b.Loop() {
					bounds.Whole(paths.Unlimited(p))
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(p.Instance.VMs)), "ns/VM")
			})
		}
	}
}

// What the heuristic sees in a small cloud the bound of the whole sees as well, also where
// room has to be made before anyone can go out of the way.
func TestWholeOverlooksADeadlock(t *testing.T) {
	looked, above := 0, 0
	compare := func(name string, p *paths.Problem) {
		l := space.NewLayout(p)
		if _, stuck := l.Stuck(); stuck || len(validate.Placement(p.Instance, p.Rules, p.Goal, false)) > 0 {
			return // found out before
		}
		want := bounds.Deadlock(paths.Unlimited(p), p, l).Estimate(space.NewState(p, l))
		got, deadEnd := bounds.Whole(paths.Unlimited(p))
		if deadEnd != (want == space.DeadEnd) || !deadEnd && got < want {
			t.Errorf("%s: the bound is %d (dead end: %v), the heuristic's estimate of the start %d", name, got, deadEnd, want)
		}
		looked++
		if want > bounds.MisplacedFrom(paths.Unlimited(p), p.Start) {
			above++
		}
	}
	each(t, 1000, func(name string, p *paths.Problem, _ *space.Layout) { compare(name, p) })
	for _, family := range []string{
		"random(hosts=6, max=1024)", "narrow", "decoy", "blocked", "ring(rings=3)", "chain", "permutation(hosts=40)",
		"swaps(pairs=12)", "random(hosts=12, fill-limit=0.95, tries=50, target=shuffle)",
	} {
		for seed := range uint64(5) {
			compare(fmt.Sprintf("%s, seed %d", family, seed), problem(t, family, seed))
		}
	}
	if above < 500 {
		t.Errorf("of %d problems only %d have a deadlock", looked, above)
	}
}
