package improve

import (
	"runtime"
	"slices"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
)

// improved improves a plan and then checks that both lanes hold it.
type improved struct {
	t    *testing.T
	plan []cloud.Change
}

// Search implements [paths.Searcher].
func (x improved) Search(run *paths.Run) error {
	run.Found(x.plan)
	s := newImprover(run, x.plan, Options{})
	if s.second == nil {
		x.t.Fatal("there is only one lane: the test shows nothing")
	}
	for depth := range deepest + 1 {
		if err := s.sweep(depth); err != nil {
			return err
		}
	}
	if err := s.stir(); err != nil {
		return err
	}
	if !slices.Equal(s.t.plan(), s.second.t.plan()) || s.t.rooms() != s.second.t.rooms() || s.cost != s.second.cost {
		x.t.Error("the lanes hold different plans")
	}
	if got := paths.PathCost(run.Problem.Cost, s.t.plan()); got != s.cost {
		x.t.Errorf("the plan costs %d, the lanes say %d", got, s.cost)
	}
	return s.announce()
}

// Lanes that miss each other's changes make plans that cannot be carried out. Lanes that depend on
// timing make a different plan each time.
func TestLanesAgreeAtAnyNumberOfCores(t *testing.T) {
	const family = "random(hosts=300, utilisation=0.985, capacity=64, reserved=0, sizes=flavours, flavours=[1, 2, 4, 8, 16], " +
		"weights=[.30, .30, .20, .15, .05], tries=20, start=fresh, target=fresh, grouped=0.1, anti-affinity=host)"
	for seed := range uint64(2) {
		p := pathtest.Problem(t, generate(t, family, seed), "ram")
		base := solve(t, searcherOf(t, "greedy"), p, paths.Options{})
		var first paths.Result
		for n, cores := range []int{1, 2, 8} {
			was := runtime.GOMAXPROCS(cores)
			r := solve(t, improved{t, base.Migrations}, p, paths.Options{Seed: seed, Expansions: 100_000})
			runtime.GOMAXPROCS(was)
			if n == 0 {
				first = r
			} else if !slices.Equal(r.Migrations, first.Migrations) || r.Counters.Expanded != first.Counters.Expanded {
				t.Errorf("seed %d: the plan on %d cores differs from the plan on one", seed, cores)
			}
		}
		if first.Cost >= base.Cost {
			t.Errorf("seed %d: the plan of cost %d became one of %d", seed, base.Cost, first.Cost)
		}
	}
}
