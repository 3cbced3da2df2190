package beam

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/generators"
)

func solve(t testing.TB, text string, p *paths.Problem, o paths.Options) paths.Result {
	t.Helper()
	makeSearcher, _, err := spec.Build[func() paths.Searcher](pathtest.Catalogue(paths.Registry(Entry()), bounds.Registry(bounds.Entries()...)), paths.Kind, spec.MustParse(text))
	if err != nil {
		t.Fatal(err)
	}
	r, err := paths.Solve(context.Background(), makeSearcher(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	pathtest.Judge(t, p, &r)
	return r
}

func random(t testing.TB, family string, seed uint64) *paths.Problem {
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

// However narrow the first beam is, there is a path in the end where one exists and a
// proof where none does, and no claim of optimality or of a bound that is not true.
func TestEveryWidthAgreesWithExhaustiveSearch(t *testing.T) {
	variants := []string{
		"beam", "beam(width=1)", "beam(width=2, prune=[])", "beam(width=3, heuristic=blind, lookahead=no)", "beam(width=100000, heuristic=misplaced, prune=[], lookahead=no)",
	}
	count := map[cloud.Status]int{}
	for seed := range uint64(700) {
		rng := rand.New(rand.NewPCG(seed, 22))
		p := pathtest.Problem(t, pathtest.Random(rng), []string{"ram", "count"}[rng.IntN(2)])
		truth, exists := pathtest.Exhaustive(p).To(p.Start)
		for n, v := range variants {
			r := solve(t, v, p, paths.Options{})
			count[r.Status]++
			switch {
			case exists != r.Status.HasPlan() || !exists && r.Status != cloud.Infeasible:
				t.Fatalf("instance %d: %s ends with %s, a path exists: %v", seed, v, r.Status, exists)
			case exists && (r.LowerBound > truth || r.Status == cloud.Optimal && r.Cost != truth):
				t.Fatalf("instance %d: %s ends with %s at %d with a bound of %d, the optimum is %d", seed, v, r.Status, r.Cost, r.LowerBound, truth)
			case exists && n == len(variants)-1 && r.Status != cloud.Optimal:
				t.Fatalf("instance %d: a beam that dropped nothing proves nothing: %s", seed, r.Status)
			}
		}
	}
	t.Logf("%v", count)
	if count[cloud.Infeasible] < 100 || count[cloud.Feasible] < 20 || count[cloud.Optimal] < 1000 {
		t.Errorf("the instances are too much alike to show anything: %v", count)
	}
}

// With complete=no there is one pass; what it does not know it does not claim.
func TestOnePassClaimsNothingItHasNotProved(t *testing.T) {
	gaveUp := 0
	for seed := range uint64(500) {
		p := pathtest.Problem(t, pathtest.Random(rand.New(rand.NewPCG(seed, 23))), "ram")
		_, exists := pathtest.Exhaustive(p).To(p.Start)
		r := solve(t, "beam(width=1, heuristic=blind, complete=no)", p, paths.Options{})
		if r.Status == cloud.Infeasible && exists {
			t.Fatalf("instance %d: a path exists", seed)
		}
		if r.Status == cloud.Unknown {
			gaveUp++
		}
	}
	if gaveUp == 0 {
		t.Error("a beam of one state without a heuristic never lost its way")
	}
}

// Memory is accounted for before it is exceeded by much, and a limit loses no plan.
func TestLimitsEndTheSearch(t *testing.T) {
	p := random(t, "random(hosts=12)", 1)
	for _, o := range []paths.Options{{MemoryBytes: 8 << 20}, {Expansions: 300}} {
		r := solve(t, "beam(width=100000, heuristic=blind)", p, o)
		if !r.Status.Early() {
			t.Errorf("%v: %s", o, r.Status)
		}
		if o.MemoryBytes > 0 && r.PeakBytes > 2*o.MemoryBytes {
			t.Errorf("%d bytes held under a limit of %d", r.PeakBytes, o.MemoryBytes)
		}
	}
}

// The same plan every time, also where a limit cuts the search short.
func TestRunsRepeatThemselves(t *testing.T) {
	for seed := range uint64(5) {
		p := random(t, "random(hosts=8)", seed)
		for _, o := range []paths.Options{{}, {Expansions: 200}} {
			a, b := solve(t, "beam(width=20)", p, o), solve(t, "beam(width=20)", p, o)
			if !slices.Equal(a.Migrations, b.Migrations) || a.Counters != b.Counters {
				t.Errorf("random instance %d, %v: two runs differ", seed, o)
			}
		}
	}
}

// A layer keeps what a sort would keep, however often it has dropped on the way.
func TestLayerKeepsTheMostPromising(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(1, 40).Draw(t, "width")
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		l := newLayer(1, width)
		var all []candidate
		dropped := false
		for n := range uint64(rapid.IntRange(0, 400).Draw(t, "candidates")) {
			key := []uint64{n}
			c := candidate{hash: space.Hash(key), g: rng.Int64N(50), h: rng.Int64N(5), parent: uint32(n)}
			all = append(all, c)
			if !l.takes(c) {
				dropped = true
			} else if l.add(key, c) {
				dropped = true
			}
		}
		dropped = l.shrink() || dropped
		l.rank()
		slices.SortStableFunc(all, before)
		if dropped != (len(all) > width) {
			t.Fatalf("%d candidates for %d places, dropped: %v", len(all), width, dropped)
		}
		for n, i := range l.order {
			if l.list[i] != all[n] || l.key(i)[0] != uint64(all[n].parent) {
				t.Fatalf("place %d is %v, expected %v", n, l.list[i], all[n])
			}
		}
		if len(l.order) != min(width, len(all)) {
			t.Fatalf("%d are kept of %d for %d places", len(l.order), len(all), width)
		}
	})
}
