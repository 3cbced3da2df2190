package kernel_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/kernel"
	"github.com/cloudrearrange/rearrange/algorithms/paths/part"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
)

// searched solves a problem whose ends were looked at before.
func searched(t *testing.T, p *paths.Problem) paths.Result {
	t.Helper()
	r, err := paths.Solve(context.Background(), space.BestFirst{Heuristic: bounds.Misplaced, Lookahead: true}, p, paths.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Status.Early() {
		t.Fatalf("the search ended with %s: %s", r.Status, r.Reason)
	}
	return r
}

// assembled is the path that the cheapest paths of the pieces make up; false when one has
// none.
func assembled(t *testing.T, p *paths.Problem, k *kernel.Kernel) (paths.Result, bool) {
	t.Helper()
	c := part.NewCutter(p, p.Start)
	moves := slices.Clone(k.First)
	for _, m := range k.First {
		c.Move(m.VM, m.To)
	}
	for _, x := range k.Pieces {
		cut := x.Cut(c, p)
		r := searched(t, cut.Problem)
		if r.Status == cloud.Infeasible {
			return paths.Result{}, false
		}
		moves = append(moves, cut.Lift(r.Migrations)...)
	}
	moves = append(moves, k.Last...)
	cost := paths.PathCost(p.Cost, moves)
	out := paths.Result{Status: cloud.Feasible, Migrations: moves, Cost: cost}
	pathtest.Judge(t, p, &out)
	return out, true
}

// A kernel loses no path of an excess below what it was made for, its pieces make up a path
// of the whole, and where that has a greater excess there is none with a lesser one.
func TestKernelsKeepACheapestPath(t *testing.T) {
	seen := map[string]int{}
	for seed := range uint64(6000) {
		rng := rand.New(rand.NewPCG(seed, 0))
		in := pathtest.Uneven(rng)
		if seed%3 == 0 && pathtest.Overfull(rng, in) {
			seen["of clouds with a host too full"]++
		}
		p := pathtest.Problem(t, in, []string{"ram", "count"}[rng.IntN(2)])
		truth := searched(t, p)
		if p.Start.Equal(p.Goal) {
			continue
		}
		straight := bounds.MisplacedFrom(paths.Unlimited(p), p.Start)
		for excess := int64(1); excess < 40; excess += 1 + rng.Int64N(1+excess) {
			k := kernel.Reduce(p, space.NewLayout(p), excess)
			if k == nil {
				continue
			}
			seen["kernels"]++
			if len(k.Pieces) > 1 {
				seen["of several pieces"]++
			}
			if len(k.First) > 0 {
				seen["first"]++
			}
			if len(k.Last) > 0 {
				seen["last"]++
			}
			r, found := assembled(t, p, k)
			switch {
			case found && truth.Status == cloud.Infeasible:
				t.Fatalf("instance %d, excess below %d: a path of the kernel where there is none", seed, excess)
			case truth.Status == cloud.Infeasible:
			case truth.Cost-straight < excess && (!found || r.Cost != truth.Cost):
				t.Fatalf("instance %d, excess below %d: the kernel has %d (%v), the optimum is %d, of excess %d", seed, excess, r.Cost, found, truth.Cost, truth.Cost-straight)
			case truth.Cost-straight < excess:
				if seen["proved"]++; truth.Cost > straight {
					seen["proved beyond one migration for each"]++
				}
			case found && r.Cost-straight < excess:
				t.Fatalf("instance %d: the kernel's path costs %d, the optimum is %d", seed, r.Cost, truth.Cost)
			default:
				seen["refuted"]++
			}
		}
	}
	t.Log(seen)
	for _, what := range []string{"kernels", "of clouds with a host too full", "of several pieces", "first", "last", "proved", "proved beyond one migration for each", "refuted"} {
		if seen[what] < 100 {
			t.Errorf("%s: seen only %d times", what, seen[what])
		}
	}
}

// Pieces that have nothing to do with each other have optima that add up, and one without
// a path proves that the whole has none, under every rule.
func TestPiecesOfASplitAddUp(t *testing.T) {
	split, infeasible := 0, 0
	for seed := range uint64(3000) {
		rng := rand.New(rand.NewPCG(seed, 1))
		p := pathtest.Problem(t, pathtest.Divided(rng), "ram")
		whole := searched(t, p)
		if whole.Counters.Expanded == 0 {
			continue // an end breaks a rule, or there is nothing to search
		}
		pieces := kernel.Split(p, space.NewLayout(p))
		if pieces == nil {
			continue
		}
		split++
		k := &kernel.Kernel{Pieces: pieces}
		r, found := assembled(t, p, k)
		if found != whole.Status.HasPlan() || found && r.Cost != whole.Cost {
			t.Fatalf("instance %d: the pieces have %d (%v), the whole %d (%s)", seed, r.Cost, found, whole.Cost, whole.Status)
		}
		if !found {
			infeasible++
		}
	}
	t.Log(split, infeasible)
	if split < 100 || infeasible < 10 {
		t.Errorf("%d instances were split, %d of them without a path", split, infeasible)
	}
}
