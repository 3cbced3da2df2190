package greedy

import (
	"context"
	"fmt"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// trace is a searcher that runs a function.
type trace func(*paths.Run)

func (f trace) Search(run *paths.Run) error { f(run); return nil }

// withRun gives a test a run over hosts of 10 units and VMs of the given demands.
func withRun(t *testing.T, hosts int, demands []int64, from, to cloud.Placement, f func(*paths.Run)) {
	t.Helper()
	withInterruptible(t, "ram", 0, hosts, demands, from, to, f)
}

// withInterruptible is withRun at some cost, with the first few VMs interruptible.
func withInterruptible(t *testing.T, cost string, interruptible, hosts int, demands []int64, from, to cloud.Placement, f func(*paths.Run)) {
	t.Helper()
	in := &cloud.Instance{Name: t.Name(), Resources: []cloud.Resource{{Name: "ram"}}, Initial: from, Target: to}
	for h := range hosts {
		in.Hosts = append(in.Hosts, cloud.Host{Name: fmt.Sprintf("h%d", h), Capacity: []int64{10}, Reserved: []int64{0}})
	}
	for v, d := range demands {
		in.VMs = append(in.VMs, cloud.VM{Name: fmt.Sprintf("v%d", v), Demand: []int64{d}, Interruptible: v < interruptible})
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	p, err := paths.NewProblem(pathtest.Catalogue(), in, nil, spec.MustParse(cost))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := paths.Solve(context.Background(), trace(f), p, paths.Options{}); err != nil {
		t.Fatal(err)
	}
}

func TestTidyDropsOnlyWhatIsNotNeeded(t *testing.T) {
	for _, c := range []struct {
		name     string
		demands  []int64
		from, to cloud.Placement
		moves    []cloud.Change
		want     string
	}{
		{
			"a bypass for nothing",
			[]int64{1, 1},
			cloud.Placement{0, 0},
			cloud.Placement{1, 1},
			[]cloud.Change{{VM: 0, From: 0, To: 2}, {VM: 1, From: 0, To: 1}, {VM: 0, From: 2, To: 1}},
			"[{0 0 1} {1 0 1}]",
		},
		{
			"there and back",
			[]int64{1, 1},
			cloud.Placement{0, 0},
			cloud.Placement{0, 1},
			[]cloud.Change{{VM: 0, From: 0, To: 2}, {VM: 1, From: 0, To: 1}, {VM: 0, From: 2, To: 0}},
			"[{1 0 1}]",
		},
		{
			"three in a row",
			[]int64{1, 1},
			cloud.Placement{0, 0},
			cloud.Placement{1, 1},
			[]cloud.Change{{VM: 0, From: 0, To: 2}, {VM: 0, From: 2, To: 0}, {VM: 1, From: 0, To: 1}, {VM: 0, From: 0, To: 1}},
			"[{0 0 1} {1 0 1}]",
		},
		{
			"late but direct",
			[]int64{6, 6},
			cloud.Placement{0, 1},
			cloud.Placement{1, 2},
			[]cloud.Change{{VM: 0, From: 0, To: 3}, {VM: 1, From: 1, To: 2}, {VM: 0, From: 3, To: 1}},
			"[{1 1 2} {0 0 1}]",
		},
		{
			"a bypass that a swap needs",
			[]int64{6, 6},
			cloud.Placement{0, 1},
			cloud.Placement{1, 0},
			[]cloud.Change{{VM: 0, From: 0, To: 2}, {VM: 1, From: 1, To: 0}, {VM: 0, From: 2, To: 1}},
			"[{0 0 2} {1 1 0} {0 2 1}]",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			withRun(t, 4, c.demands, c.from, c.to, func(run *paths.Run) {
				got := tidy(run, newSizes(run.Problem), c.moves, 1000)
				if s := fmt.Sprint(got); s != c.want {
					t.Errorf("got %s, want %s", s, c.want)
				}
				if !run.Problem.CarriesOut(got) {
					t.Errorf("%v cannot be carried out", got)
				}
			})
		})
	}
}

func TestTidySuspendsWhereThatIsCheaperAndNowhereElse(t *testing.T) {
	swap := []cloud.Change{{VM: 0, From: 0, To: 2}, {VM: 1, From: 1, To: 0}, {VM: 0, From: 2, To: 1}}
	for _, c := range []struct {
		name, cost    string
		interruptible int
		demands       []int64
		from, to      cloud.Placement
		moves         []cloud.Change
		want          string
	}{
		{
			"a suspend for nothing", "ram", 2,
			[]int64{1, 1},
			cloud.Placement{0, 0},
			cloud.Placement{1, 1},
			[]cloud.Change{{VM: 0, From: 0, To: -1}, {VM: 1, From: 0, To: 1}, {VM: 0, From: -1, To: 1}},
			"[{0 0 1} {1 0 1}]",
		},
		{
			"a settled VM suspended for nothing", "ram", 2,
			[]int64{1, 1},
			cloud.Placement{0, 0},
			cloud.Placement{0, 1},
			[]cloud.Change{{VM: 0, From: 0, To: -1}, {VM: 1, From: 0, To: 1}, {VM: 0, From: -1, To: 0}},
			"[{1 0 1}]",
		},
		{
			"suspended after a bypass that does", "ram", 1,
			[]int64{6, 6},
			cloud.Placement{0, 1},
			cloud.Placement{1, 0},
			[]cloud.Change{{VM: 0, From: 0, To: 2}, {VM: 0, From: 2, To: -1}, {VM: 1, From: 1, To: 0}, {VM: 0, From: -1, To: 1}},
			"[{0 0 2} {1 1 0} {0 2 1}]",
		},
		{
			"resumed where it only passes by", "ram", 1,
			[]int64{6},
			cloud.Placement{0},
			cloud.Placement{1},
			[]cloud.Change{{VM: 0, From: 0, To: -1}, {VM: 0, From: -1, To: 1}, {VM: 0, From: 1, To: -1}, {VM: 0, From: -1, To: 1}},
			"[{0 0 1}]",
		},
		{
			"a bypass, costlier than suspending", "ram(suspend=1, resume=0)", 1,
			[]int64{6, 6},
			cloud.Placement{0, 1},
			cloud.Placement{1, 0},
			swap, "[{0 0 -1} {1 1 0} {0 -1 1}]",
		},
		{
			"a bypass, cheaper than suspending", "ram", 1,
			[]int64{6, 6},
			cloud.Placement{0, 1},
			cloud.Placement{1, 0},
			swap, "[{0 0 2} {1 1 0} {0 2 1}]",
		},
		{
			"every migration costlier than suspending", "ram(suspend=0, resume=0)", 1,
			[]int64{6, 6},
			cloud.Placement{0, 1},
			cloud.Placement{1, 2},
			[]cloud.Change{{VM: 1, From: 1, To: 2}, {VM: 0, From: 0, To: 1}},
			"[{1 1 2} {0 0 -1} {0 -1 1}]",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			withInterruptible(t, c.cost, c.interruptible, 4, c.demands, c.from, c.to, func(run *paths.Run) {
				if !run.Problem.CarriesOut(c.moves) {
					t.Fatalf("%v cannot be carried out", c.moves)
				}
				got := tidy(run, newSizes(run.Problem), c.moves, 1000)
				if s := fmt.Sprint(got); s != c.want {
					t.Errorf("got %s, want %s", s, c.want)
				}
				if !run.Problem.CarriesOut(got) {
					t.Errorf("%v cannot be carried out", got)
				}
			})
		})
	}
}

// A resume is followed by a migration only when no other way is left, and then the two
// must not become a resume on another host.
func TestTidyResumesOnTheTargetOnly(t *testing.T) {
	withInterruptible(t, "ram", 1, 3, []int64{6}, cloud.Placement{0}, cloud.Placement{1}, func(run *paths.Run) {
		moves := []cloud.Change{{VM: 0, From: 0, To: -1}, {VM: 0, From: -1, To: 1}, {VM: 0, From: 1, To: 2}, {VM: 0, From: 2, To: 1}}
		for most := range 8 { // replays that run out must leave a path too
			if got := tidy(run, newSizes(run.Problem), moves, most); !run.Problem.CarriesOut(got) {
				t.Errorf("with %d replays: %v cannot be carried out", most, got)
			}
		}
	})
}

func TestUndoRestoresTheBooks(t *testing.T) {
	withRun(t, 4, []int64{3, 4, 5, 1}, cloud.Placement{0, 0, 1, 2}, cloud.Placement{1, 0, 0, 3}, func(run *paths.Run) {
		for _, mirrored := range []bool{false, true} {
			w := newWalk(run, newSizes(run.Problem), run.Problem.Start, run.Problem.Goal, mirrored)
			books := func() string {
				waiting := make([]int, len(w.waiting))
				for h := range w.waiting {
					waiting[h] = len(w.waiting[h])
				}
				return fmt.Sprint(w.misplaced, w.left, w.leftCost, w.hash, waiting, w.s.Placement())
			}
			before := books()
			for _, m := range []cloud.Change{{VM: 0, To: 1}, {VM: 1, To: 3}, {VM: 0, To: 2}, {VM: 3, To: 3}, {VM: 1, To: 0}} {
				w.move(m.VM, m.To)
			}
			if w.misplaced != 2 {
				t.Errorf("%d misplaced, want 2", w.misplaced)
			}
			w.undoTo(0)
			if after := books(); after != before {
				t.Errorf("before %s, after %s", before, after)
			}
		}
	})
}
