package improve

import (
	"context"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/greedy"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// planned is a searcher that improves a plan.
type planned []cloud.Change

func (plan planned) Search(run *paths.Run) error {
	run.Found(plan)
	_, err := Plan(run, plan, Options{})
	return err
}

// solve runs a searcher and has its plan judged.
func solve(t testing.TB, s paths.Searcher, p *paths.Problem, o paths.Options) paths.Result {
	t.Helper()
	r, err := paths.Solve(context.Background(), s, p, o)
	if err != nil {
		t.Fatal(err)
	}
	pathtest.Judge(t, p, &r)
	return r
}

// searcherOf makes the searcher that a spec names.
func searcherOf(t testing.TB, text string) paths.Searcher {
	t.Helper()
	s, _, err := spec.Build[func() paths.Searcher](pathtest.Catalogue(paths.Registry(greedy.Entry(), Entry()), bounds.Registry(bounds.Entries()...)), paths.Kind, spec.MustParse(text))
	if err != nil {
		t.Fatal(err)
	}
	return s()
}

// aimless is an instance under rules and a plan of it that wanders about.
func aimless(t testing.TB, seed uint64, cost string) (*paths.Problem, []cloud.Change) {
	rng := rand.New(rand.NewPCG(seed, 92))
	in := pathtest.Ruled(rng)
	switch {
	case seed%4 == 0:
		in = pathtest.Random(rng)
	case seed%4 == 1:
		in = pathtest.Broken(rng)
	}
	return strolled(t, in, cost, rng, 60)
}

// strolled is an instance whose target is where a plan leads that wanders about, and that plan.
func strolled(t testing.TB, in *cloud.Instance, cost string, rng *rand.Rand, steps int) (*paths.Problem, []cloud.Change) {
	t.Helper()
	in.Target = in.Initial
	p := pathtest.Problem(t, in, cost)
	plan := stroll(p, rng, steps)
	goal := p.Start.Clone()
	for _, m := range plan {
		goal[m.VM] = m.To
	}
	whole := *in
	whole.Target = goal
	return pathtest.Problem(t, &whole, cost), plan
}

// The cost may only fall, and what is announced must be a plan, whatever the rules and
// the cost function.
func TestPlansStaySaneAndGetCheaper(t *testing.T) {
	cheaper, improved, optimal := 0, 0, 0
	for seed := range uint64(800) {
		p, plan := aimless(t, seed, []string{"ram", "count", "network", "ram(suspend=1, resume=0)"}[seed%4])
		before := paths.PathCost(p.Cost, plan)
		var told []int64
		r := solve(t, planned(plan), p, paths.Options{Seed: seed, OnIncumbent: func(i paths.Incumbent) { told = append(told, i.Cost) }})
		if r.Status == cloud.Infeasible || before == 0 { // a discrete rule forbids the target
			continue
		}
		if r.Cost > before || !slices.IsSortedFunc(told, func(a, b int64) int { return int(b - a) }) {
			t.Fatalf("seed %d: a plan of cost %d became one of %d, by way of %v", seed, before, r.Cost, told)
		}
		truth, _ := pathtest.Exhaustive(p).To(p.Start)
		if before > truth {
			cheaper++
			if r.Cost < before {
				improved++
			}
			if r.Cost == truth {
				optimal++
			}
		}
	}
	t.Logf("of %d plans that could be cheaper %d are, %d as cheap as can be", cheaper, improved, optimal)
	if improved < cheaper*9/10 {
		t.Errorf("of %d plans that could be cheaper only %d are", cheaper, improved)
	}
}

// With a limit in expansions the answer must not depend on the machine.
func TestTheSameSeedGivesTheSamePlan(t *testing.T) {
	for seed := range uint64(60) {
		p, plan := aimless(t, seed, "ram")
		for _, limit := range []int64{20, 300} {
			var first []cloud.Change
			for n, cores := range []int{1, 1, 4} {
				was := runtime.GOMAXPROCS(cores)
				r := solve(t, planned(plan), p, paths.Options{Seed: seed, Expansions: limit})
				runtime.GOMAXPROCS(was)
				if n == 0 {
					first = r.Migrations
				} else if !slices.Equal(first, r.Migrations) {
					t.Fatalf("seed %d, %d expansions: one plan is %v, another %v", seed, limit, first, r.Migrations)
				}
			}
		}
	}
}

// What the base proves is proved, and what it does not find is not made up.
func TestTheBaseHasItsSay(t *testing.T) {
	seen := map[cloud.Status]int{}
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 93))
		p := pathtest.Problem(t, pathtest.Random(rng), "ram")
		base := solve(t, searcherOf(t, "greedy"), p, paths.Options{})
		r := solve(t, searcherOf(t, "improve"), p, paths.Options{})
		seen[r.Status]++
		if base.Status.HasPlan() != r.Status.HasPlan() || base.LowerBound > r.LowerBound || r.Cost > base.Cost {
			t.Fatalf("seed %d: the base ends with %s, cost %d, bound %d; improved that is %s, %d, %d",
				seed, base.Status, base.Cost, base.LowerBound, r.Status, r.Cost, r.LowerBound)
		}
	}
	if seen[cloud.Optimal] < 50 || seen[cloud.Feasible] < 5 || seen[cloud.Infeasible]+seen[cloud.Unknown] < 5 {
		t.Errorf("the instances are too much alike to show anything: %v", seen)
	}
}
