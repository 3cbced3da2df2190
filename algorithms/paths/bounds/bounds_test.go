package bounds_test

import (
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// heuristics lists every heuristic of the registry at its defaults, and more of those
// that have parameters.
func heuristics() []spec.Spec {
	var out []spec.Spec
	for _, d := range pathtest.Catalogue(bounds.Registry(bounds.Entries()...)).Descriptors(bounds.Kind) {
		out = append(out, spec.Named(d.Name))
	}
	for _, text := range []string{
		"deadlock(nodes=1)", "deadlock(nodes=2, orders=3)", "deadlock(orders=0)",
		"pdb(states=1)", "pdb(states=30)", "pdb(states=30, by=size)",
		"max(of=[deadlock, pdb(states=30)])", "sum(of=[pdb(states=30), deadlock, misplaced])",
	} {
		out = append(out, spec.MustParse(text))
	}
	return out
}

// Every heuristic, on every state of small instances from which the goal can be
// reached: admissible ones never exceed the true cost, consistent ones never fall by
// more than a migration costs, and what a heuristic computes from parent to child is
// what it computes from scratch.
func TestHeuristicsKeepTheirPromises(t *testing.T) {
	states, deadlocks := 0, 0
	each(t, 600, func(name string, p *paths.Problem, l *space.Layout) {
		truth := pathtest.Exhaustive(p)
		s := space.NewState(p, l)
		key := make([]uint64, l.Words())
		for _, h := range heuristics() {
			check(t, name, h, p, l, truth)
		}
		truth.Each(func(at cloud.Placement, cost int64) {
			l.Pack(at, key)
			s.Visit(key)
			states++
			if cost > 0 && isDeadlock(s) {
				deadlocks++
			}
		})
	})
	t.Logf("%d states, %d of them deadlocks", states, deadlocks)
	if states < 100_000 || deadlocks < 4_000 {
		t.Errorf("only %d states were checked, %d of them deadlocks", states, deadlocks)
	}
}

// isDeadlock tells whether no VM can go to its target now.
func isDeadlock(s *space.State) bool {
	for _, m := range s.Moves(nil) {
		if m.To == s.Problem.Goal[s.Layout.VM(int(m.Pos))] {
			return false
		}
	}
	return true
}

func check(t *testing.T, name string, of spec.Spec, p *paths.Problem, l *space.Layout, truth *pathtest.Distances) {
	t.Helper()
	maker, _, err := spec.Build[bounds.Maker](pathtest.Catalogue(bounds.Registry(bounds.Entries()...)), bounds.Kind, of)
	if err != nil {
		t.Fatal(err)
	}
	d, _ := pathtest.Catalogue(bounds.Registry(bounds.Entries()...)).Lookup(bounds.Kind, of.Name)
	h, s := maker(paths.Unlimited(p), p, l), space.NewState(p, l)
	key := make([]uint64, l.Words())
	estimate := func(at cloud.Placement) int64 {
		l.Pack(at, key)
		s.Visit(key)
		return h.Estimate(s)
	}
	incremental, isIncremental := h.(space.Incremental)
	var moves []space.Move
	truth.Each(func(at cloud.Placement, cost int64) {
		here := estimate(at)
		if d.Has(bounds.Admissible) && here > cost {
			t.Fatalf("%s: %s estimates %d, the true cost is %d", name, of, here, cost)
		}
		if !isIncremental && !d.Has(bounds.Consistent) {
			return
		}
		moves = s.Moves(moves[:0])
		for _, m := range moves {
			var there int64
			if isIncremental {
				there = incremental.After(here, s, m)
			}
			after := at.Clone()
			after[l.VM(int(m.Pos))] = m.To
			fresh := estimate(after)
			if isIncremental && there != fresh {
				t.Fatalf("%s: %s computes %d from the parent, %d from scratch", name, of, there, fresh)
			}
			if d.Has(bounds.Consistent) && fresh != space.DeadEnd && here > m.Cost+fresh {
				t.Fatalf("%s: %s falls from %d to %d over a migration of cost %d", name, of, here, fresh, m.Cost)
			}
			estimate(at)
		}
	})
}
