package auto_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/auto"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/greedy"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/generators"
)

func solve(t *testing.T, text string, p *paths.Problem, o paths.Options) paths.Result {
	t.Helper()
	make, _, err := spec.Build[func() paths.Searcher](pathtest.Catalogue(paths.Registry(auto.Entry(), greedy.Entry()), bounds.Registry(bounds.Entries()...)), paths.Kind, spec.MustParse(text))
	if err != nil {
		t.Fatal(err)
	}
	r, err := paths.NewSolver(make).Solve(context.Background(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	pathtest.Judge(t, p, &r)
	return r
}

// ring makes VMs that are to go round in a circle of hosts, each too full to take another
// in, beside one empty host: one bypass is called for, and greedy's bound does not know.
func ring(t *testing.T, hosts int) *paths.Problem {
	t.Helper()
	in := &cloud.Instance{Name: "ring", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}}}
	for h := range hosts + 1 {
		in.Hosts = append(in.Hosts, cloud.Host{Name: string(rune('a' + h)), Capacity: []int64{10}, Reserved: []int64{0}})
	}
	for v := range hosts {
		in.VMs = append(in.VMs, cloud.VM{Name: string(rune('p' + v)), Demand: []int64{6}})
		in.Initial = append(in.Initial, cloud.HostID(v))
		in.Target = append(in.Target, cloud.HostID((v+1)%hosts))
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	return pathtest.Problem(t, in, "ram")
}

func TestAPlanWithinTheGapEndsTheSearch(t *testing.T) {
	p := ring(t, 5)
	all, some := solve(t, "auto", p, paths.Options{}), solve(t, "auto(gap=1/5)", p, paths.Options{})
	if all.Status != cloud.Optimal || all.Cost != 36 {
		t.Errorf("without a gap it ends with %s at %d, want the optimum 36", all.Status, all.Cost)
	}
	if !some.Status.HasPlan() || 5*(some.Cost-some.LowerBound) > some.LowerBound {
		t.Errorf("with a gap of 1/5 it ends with %s at %d, bound %d", some.Status, some.Cost, some.LowerBound)
	}
	if some.Counters.Expanded > all.Counters.Expanded {
		t.Errorf("with a gap it expands %d states, without one %d", some.Counters.Expanded, all.Counters.Expanded)
	}
}

// Where the tables of best-first search do not fit in memory, the answer has to come from
// a search that needs less.
func TestFullMemoryDoesNotEndTheSearch(t *testing.T) {
	const memory = 120 << 10
	p := generated(t, "random(hosts=3, min=384, tries=200, target=shuffle, moved=1, fill-limit=0.9, max=2304)", 5)
	r := solve(t, "auto", p, paths.Options{MemoryBytes: memory})
	if r.Status != cloud.Infeasible {
		t.Errorf("it ends with %s (%s), no path exists", r.Status, r.Reason)
	}
	if r.PeakBytes <= memory {
		t.Errorf("memory was not full: %d bytes", r.PeakBytes)
	}
}

// Pieces, kernels and rounds have to come to what exhaustive search finds.
func TestPiecesAndKernelsDoNotChangeTheAnswer(t *testing.T) {
	for name, random := range map[string]func(*rand.Rand) *cloud.Instance{"divided": pathtest.Divided, "uneven": pathtest.Uneven} {
		count := map[cloud.Status]int{}
		for seed := range uint64(400) {
			rng := rand.New(rand.NewPCG(seed, 2))
			p := pathtest.Problem(t, random(rng), []string{"ram", "count", "network"}[rng.IntN(3)])
			want := solved(t, p, space.BestFirst{Heuristic: bounds.Blind})
			r := solve(t, "auto", p, paths.Options{})
			if r.Status != want.Status || r.Cost != want.Cost || r.Status.Early() {
				t.Fatalf("%s %d: %s at %d, exhaustive search ends with %s at %d", name, seed, r.Status, r.Cost, want.Status, want.Cost)
			}
			count[r.Status]++
		}
		if count[cloud.Optimal] < 50 || count[cloud.Infeasible] < 50 {
			t.Errorf("%s: the instances are too much alike to show anything: %v", name, count)
		}
	}
}

func solved(t *testing.T, p *paths.Problem, s paths.Searcher) paths.Result {
	t.Helper()
	r, err := paths.Solve(context.Background(), s, p, paths.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The clock, or which of two lanes was first, must have no say in the plan.
func TestTheSamePlanAtAnyNumberOfCores(t *testing.T) {
	for _, family := range []string{
		full(8, 0.97), full(40, 0.98), full(300, 0.99),
	} {
		p := generated(t, family, 3)
		var first paths.Result
		for n, cores := range []int{1, 2, 8} {
			was := runtime.GOMAXPROCS(cores)
			r := solve(t, "auto", p, paths.Options{Expansions: 150_000, Seed: 5})
			runtime.GOMAXPROCS(was)
			if n == 0 {
				first = r
			} else if !slices.Equal(r.Migrations, first.Migrations) || r.LowerBound != first.LowerBound || r.Counters != first.Counters {
				t.Errorf("%s: %d cores make another plan than one: %d, %d; bounds %d, %d", family, cores, r.Cost, first.Cost, r.LowerBound, first.LowerBound)
			}
		}
	}
}

// full is a family of clouds whose two placements are random and independent.
func full(hosts int, utilisation float64) string {
	return fmt.Sprintf("random(hosts=%d, utilisation=%g, capacity=64, reserved=0, sizes=flavours, flavours=[1, 2, 4, 8, 16], "+
		"weights=[.30, .30, .20, .15, .05], tries=20, start=fresh, target=fresh)", hosts, utilisation)
}

// generated is the problem of the first instance of a family.
func generated(t *testing.T, text string, seed uint64) *paths.Problem {
	t.Helper()
	instances, err := generators.Generate(pathtest.Catalogue(generators.Registry(generators.Entries()...)), spec.MustParse(text), seed)
	if err != nil {
		t.Fatal(err)
	}
	return pathtest.Problem(t, instances[0], "ram")
}
