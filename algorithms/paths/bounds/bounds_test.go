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
			h := maker(p)
			truth.Each(func(at cloud.Placement, cost int64) {
				states++
				s := cloud.NewState(p.Instance, p.Rules, at)
				here := h.Initial(s)
				if d.Has(bounds.Admissible) && here > cost {
					t.Fatalf("instance %d: %s estimates %d, the true cost is %d", seed, d.Name, here, cost)
				}
				for _, m := range pathtest.Successors(p, at) {
					there := h.After(here, s, m.VM, m.From, m.To)
					after := at.Clone()
					after[m.VM] = m.To
					if fresh := h.Initial(cloud.NewState(p.Instance, p.Rules, after)); there != fresh {
						t.Fatalf("instance %d: %s computes %d from the parent, %d from scratch", seed, d.Name, there, fresh)
					}
					c := p.Cost.Migrate(m.VM, m.From, m.To)
					if d.Has(bounds.Consistent) && there != space.DeadEnd && here > c+there {
						t.Fatalf("instance %d: %s falls from %d to %d over a migration of cost %d", seed, d.Name, here, there, c)
					}
				}
			})
		}
	}
	if states < 10_000 {
		t.Errorf("only %d states were checked", states)
	}
}
