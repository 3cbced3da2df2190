package greedy

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Walks from the goal go where the plan may come from: what either end finds can be
// carried out from the start.
func TestBothEndsFindPathsThatCanBeWalked(t *testing.T) {
	for _, g := range []params{
		{window: 16, patience: 30, local: 300, attempts: 1, both: true},
		{window: 1, patience: 0, attempts: 1, both: true},
	} {
		suspended := [4]int{}
		for seed := range uint64(2250) {
			rng := rand.New(rand.NewPCG(seed, 1))
			in := pathtest.Random(rng)
			if seed%3 == 0 {
				in = pathtest.RuledBy(rng, "maintenance") // what may go may not come back
			}
			if seed%5 == 1 {
				in = pathtest.Directed(rng)
			}
			p := pathtest.Problem(t, in, []string{"ram", "ram(suspend=0, resume=0)"}[seed%2])
			for n := range suspended {
				if _, err := paths.Solve(context.Background(), trace(func(run *paths.Run) {
					a := searcher{g}.attempt(run, n)
					if !a.arrived {
						return
					}
					if !run.Problem.CarriesOut(a.moves) {
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

// Nothing arrives on h0, where the first two VMs begin and the first one ends too. So it
// stays, from either end; the second one leaves; and the third one never was there.
func TestWalkDisregardsAOneWayRule(t *testing.T) {
	in := &cloud.Instance{
		Name: "maintained", Resources: []cloud.Resource{{Name: "ram"}},
		Rules:   []spec.Spec{spec.Named("capacity"), spec.MustParse("maintenance(hosts=h0)")},
		Initial: cloud.Placement{0, 0, 1}, Target: cloud.Placement{0, 1, 2},
	}
	for i := range 3 {
		in.Hosts = append(in.Hosts, cloud.Host{Name: fmt.Sprint("h", i), Capacity: []int64{9}, Reserved: []int64{0}})
		in.VMs = append(in.VMs, cloud.VM{Name: fmt.Sprint("v", i), Demand: []int64{1}})
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	p := pathtest.Problem(t, in, "ram")
	if _, err := paths.Solve(context.Background(), trace(func(run *paths.Run) {
		z := newSizes(p)
		there, back := newWalk(run, z, p.Start, p.Goal, false), newWalk(run, z, p.Goal, p.Start, true)
		for _, c := range []struct {
			walk *walk
			vm   cloud.VMID
			to   cloud.HostID
			want bool
		}{
			{there, 0, 2, false},
			{there, 1, 2, true},
			{there, 2, 0, false},
			{back, 0, 2, false},
			{back, 1, 0, true},
			{back, 2, 0, false},
			{back, 2, 1, true},
		} {
			if got := c.walk.can(c.vm, c.to); got != c.want {
				t.Errorf("backwards: %v: may v%d go to h%d? expected %v, found %v", c.walk.mirrored, c.vm, c.to, c.want, got)
			}
		}
	}), p, paths.Options{}); err != nil {
		t.Fatal(err)
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
