package greedy

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/internal/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
)

// Walks from the goal go where the plan may come from: what either end finds can be
// carried out from the start.
func TestBothEndsFindPathsThatCanBeWalked(t *testing.T) {
	for _, g := range []params{
		{window: 16, patience: 30, local: 300, attempts: 1, both: true},
		{window: 1, patience: 0, attempts: 1, both: true},
	} {
		suspended := [4]int{}
		for seed := range uint64(1500) {
			p := pathtest.Problem(t, pathtest.Random(rand.New(rand.NewPCG(seed, 1))), []string{"ram", "ram(suspend=0, resume=0)"}[seed%2])
			for n := range suspended {
				if _, err := paths.Solve(context.Background(), trace(func(run *paths.Run) {
					a := searcher{g}.attempt(run, n)
					if !a.arrived {
						return
					}
					if !carriedOut(run, a.moves) {
						t.Errorf("seed %d, attempt %d: %v cannot be carried out", seed, n, a.moves)
					}
					if suspends(a.moves) {
						suspended[n]++
					}
				}), p, paths.Options{}); err != nil {
					t.Fatal(err)
				}
			}
		}
		for n, found := range suspended {
			if found < 10 {
				t.Errorf("attempt %d suspended in %d plans: too few to show anything", n, found)
			}
		}
	}
}

// The measure of progress is the same from both ends, so that what one walk gains the
// next one does not lose; and no VM that is suspended goes to a host that it may not
// be resumed on.
func TestTheWayToGoIsAsLongFromEitherEnd(t *testing.T) {
	const final = 1
	places := []cloud.HostID{cloud.Absent, 0, final, 2}
	withInterruptible(t, "ram", 1, 3, []int64{1}, cloud.Placement{0}, cloud.Placement{final}, func(run *paths.Run) {
		z := newSizes(run.Problem)
		for _, a := range places {
			for _, b := range places {
				there := newWalk(run, z, cloud.Placement{a}, cloud.Placement{b}, false)
				back := newWalk(run, z, cloud.Placement{b}, cloud.Placement{a}, true)
				want := int64(1)
				switch {
				case a == b:
					want = 0
				case a == cloud.Absent && b != final:
					want = 2
				}
				if there.steps(0, a) != want || back.steps(0, b) != want || there.left != back.left || there.leftCost != back.leftCost {
					t.Errorf("from %d to %d: %d direct moves, back %d, want %d; left %d and %d, cost %d and %d",
						a, b, there.steps(0, a), back.steps(0, b), want, there.left, back.left, there.leftCost, back.leftCost)
				}
				for _, w := range []*walk{there, back} {
					w.sweep()
					if w.misplaced != 0 || w.left != 0 || w.leftCost != 0 {
						t.Errorf("from %d to %d, mirrored %v: not there after %v", a, b, w.mirrored, w.s.Moves())
					}
					for _, m := range w.s.Moves() {
						if m = w.planned(m); m.From == cloud.Absent && m.To != final {
							t.Errorf("from %d to %d: resumes on host %d", a, b, m.To)
						}
					}
					before := fmt.Sprint(w.s.Placement(), w.hash)
					w.undoTo(0)
					w.sweep()
					if after := fmt.Sprint(w.s.Placement(), w.hash); after != before {
						t.Errorf("from %d to %d: %s, and again %s", a, b, before, after)
					}
				}
			}
		}
	})
}
