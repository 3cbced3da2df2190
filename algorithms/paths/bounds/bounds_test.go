package bounds_test

import (
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/internal/pathtest"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Every heuristic of the registry, on every state of small instances from which the
// goal can be reached: admissible ones never exceed the true cost, consistent ones
// never fall by more than a migration costs, and what a heuristic computes from parent
// to child is what it computes from scratch.
func TestHeuristicsKeepTheirPromises(t *testing.T) {
	states := 0
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 3))
		p := pathtest.Problem(t, pathtest.Random(rng), []string{"ram", "count"}[rng.IntN(2)])
		truth := pathtest.Exhaustive(p)
		for _, d := range bounds.Registry().Descriptors() {
			maker, _, err := bounds.Registry().Build(spec.Named(d.Name))
			if err != nil {
				t.Fatal(err)
			}
			layout := space.NewLayout(p)
			if _, stuck := layout.Stuck(); stuck {
				continue
			}
			h, s := maker(p, layout), space.NewState(p, layout)
			key := make([]uint64, layout.Words())
			estimate := func(at cloud.Placement) int64 {
				layout.Pack(at, key)
				s.Visit(key)
				return h.Estimate(s)
			}
			incremental, isIncremental := h.(space.Incremental)
			truth.Each(func(at cloud.Placement, cost int64) {
				states++
				here := estimate(at)
				if d.Has(bounds.Admissible) && here > cost {
					t.Fatalf("instance %d: %s estimates %d, the true cost is %d", seed, d.Name, here, cost)
				}
				for _, m := range s.Moves(nil) {
					var there int64
					if isIncremental {
						there = incremental.After(here, s, m)
					}
					after := at.Clone()
					after[layout.VM(int(m.Pos))] = m.To
					fresh := estimate(after)
					if isIncremental && there != fresh {
						t.Fatalf("instance %d: %s computes %d from the parent, %d from scratch", seed, d.Name, there, fresh)
					}
					if d.Has(bounds.Consistent) && fresh != space.DeadEnd && here > m.Cost+fresh {
						t.Fatalf("instance %d: %s falls from %d to %d over a migration of cost %d", seed, d.Name, here, fresh, m.Cost)
					}
					estimate(at)
				}
			})
		}
	}
	if states < 10_000 {
		t.Errorf("only %d states were checked", states)
	}
}
