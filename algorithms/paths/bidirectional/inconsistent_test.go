package bidirectional

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
)

// bumpy is admissible and as inconsistent as can be: zero in every other state.
type bumpy struct{ space.Heuristic }

func (b bumpy) blank(s *space.State, pos int, to cloud.HostID) bool {
	sum := uint64(0)
	for i, h := range s.Host {
		if i == pos {
			h = to
		}
		sum = (sum + uint64(h) + 2) * 0x9e3779b97f4a7c15
	}
	return sum>>40&1 == 0
}

func (b bumpy) Estimate(s *space.State) int64 {
	if b.blank(s, -1, 0) {
		return 0
	}
	return b.Heuristic.Estimate(s)
}

// bumpyAfter is incremental as well.
type bumpyAfter struct{ bumpy }

func (b bumpyAfter) After(_ int64, s *space.State, m space.Move) int64 {
	if b.blank(s, int(m.Pos), m.To) {
		return 0
	}
	return b.Heuristic.(space.Incremental).After(b.Heuristic.Estimate(s), s, m)
}

// A heuristic need not be consistent: states are expanded again.
func TestInconsistentHeuristicsMislead(t *testing.T) {
	makers := map[string]bounds.Maker{
		"lazy": func(run *paths.Run, p *paths.Problem, l *space.Layout) space.Heuristic {
			return bumpy{bounds.Misplaced(run, p, l)}
		},
		"incremental": func(run *paths.Run, p *paths.Problem, l *space.Layout) space.Heuristic {
			return bumpyAfter{bumpy{bounds.Misplaced(run, p, l)}}
		},
	}
	reopened := map[string]int64{}
	for seed := range uint64(1000) {
		p := pathtest.Problem(t, pathtest.Random(rand.New(rand.NewPCG(seed, 26))), "ram")
		if seed%2 == 0 {
			p.Cost = uphill{p.Cost}
		}
		truth, exists := pathtest.Exhaustive(p).To(p.Start)
		for name, maker := range makers {
			r, err := paths.Solve(context.Background(), searcher{maker}, p, paths.Options{})
			if err != nil {
				t.Fatal(err)
			}
			pathtest.Judge(t, p, &r)
			if exists && (r.Status != cloud.Optimal || r.Cost != truth) || !exists && r.Status != cloud.Infeasible {
				t.Fatalf("instance %d, %s: %s at %d; a path exists: %v, optimum %d", seed, name, r.Status, r.Cost, exists, truth)
			}
			reopened[name] += r.Counters.Reopened
		}
	}
	if reopened["lazy"] < 15 || reopened["incremental"] < 15 {
		t.Errorf("hardly any state was expanded again: %v", reopened)
	}
}
