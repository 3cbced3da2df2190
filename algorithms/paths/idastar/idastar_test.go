package idastar

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/internal/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func searcher(t testing.TB, text string) paths.Searcher {
	t.Helper()
	makeSearcher, _, err := spec.NewRegistry("algorithm", paths.Vocabulary(), Entry()).Build(spec.MustParse(text))
	if err != nil {
		t.Fatal(err)
	}
	return makeSearcher()
}

func solve(t testing.TB, s paths.Searcher, p *paths.Problem, o paths.Options) paths.Result {
	t.Helper()
	r, err := paths.Solve(context.Background(), s, p, o)
	if err != nil {
		t.Fatal(err)
	}
	pathtest.Judge(t, p, &r)
	return r
}

// Whatever is left out, forgotten or estimated, the answer is that of exhaustive search.
func TestEveryVariantAgreesWithExhaustiveSearch(t *testing.T) {
	variants := []string{
		"idastar",
		"idastar(por=no)",
		"idastar(por=no, prune=[])",
		"idastar(por=yes, prune=[])",
		"idastar(prune=[repeat])",
		"idastar(heuristic=blind, prune=[repeat])",
		"idastar(heuristic=misplaced)",
		"idastar(heuristic=misplaced, por=no, prune=[])",
	}
	count := map[cloud.Status]int{}
	for seed := range uint64(700) {
		rng := rand.New(rand.NewPCG(seed, 21))
		in := pathtest.Random(rng)
		p := pathtest.Problem(t, in, []string{"ram", "count"}[rng.IntN(2)])
		truth, exists := pathtest.Exhaustive(p).To(p.Start)
		for _, v := range variants {
			r := solve(t, searcher(t, v), p, paths.Options{})
			count[r.Status]++
			if exists && (r.Status != cloud.Optimal || r.Cost != truth) || !exists && r.Status != cloud.Infeasible {
				t.Fatalf("instance %d: %s ends with %s at cost %d; a path exists: %v, of cost %d", seed, v, r.Status, r.Cost, exists, truth)
			}
		}
	}
	t.Logf("%v", count)
	if count[cloud.Infeasible] < 100 || count[cloud.Optimal] < 1000 {
		t.Errorf("the instances are too much alike to show anything: %v", count)
	}
}
