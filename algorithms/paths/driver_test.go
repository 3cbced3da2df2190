package paths_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// swap is two VMs that change places over a third host.
func swap(t *testing.T) *paths.Problem {
	t.Helper()
	in := &cloud.Instance{
		Name: "swap", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}},
		VMs:     []cloud.VM{{Name: "a", Demand: []int64{3}}, {Name: "b", Demand: []int64{5}}},
		Initial: cloud.Placement{0, 1}, Target: cloud.Placement{1, 0},
	}
	for _, name := range []string{"x", "y", "z"} {
		in.Hosts = append(in.Hosts, cloud.Host{Name: name, Capacity: []int64{6}, Reserved: []int64{0}})
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	return pathtest.Problem(t, in, "ram")
}

func migrate(p *paths.Problem, moves ...[3]int) []cloud.Change {
	var out []cloud.Change
	for _, m := range moves {
		out = append(out, cloud.Change{VM: cloud.VMID(m[0]), From: cloud.HostID(m[1]), To: cloud.HostID(m[2])})
	}
	return out
}

func TestStatusFollowsFromWhatTheSearchAnnounced(t *testing.T) {
	p := swap(t)
	cheap := migrate(p, [3]int{0, 0, 2}, [3]int{1, 1, 0}, [3]int{0, 2, 1})  // 3 + 5 + 3
	costly := migrate(p, [3]int{1, 1, 2}, [3]int{0, 0, 1}, [3]int{1, 2, 0}) // 5 + 3 + 5
	for name, tc := range map[string]struct {
		search func(*paths.Run)
		status cloud.Status
		cost   int64
		bound  int64
	}{
		"a plan and no proof":           {func(r *paths.Run) { r.Found(costly) }, cloud.Feasible, 13, 0},
		"the cheaper plan is kept":      {func(r *paths.Run) { r.Found(cheap); r.Found(costly) }, cloud.Feasible, 11, 0},
		"a bound that meets the plan":   {func(r *paths.Run) { r.Found(cheap); r.Bound(11) }, cloud.Optimal, 11, 11},
		"a lower bound does not lower":  {func(r *paths.Run) { r.Found(cheap); r.Bound(9); r.Bound(4) }, cloud.Feasible, 11, 9},
		"everything searched, a plan":   {func(r *paths.Run) { r.Found(cheap); r.Exhausted() }, cloud.Optimal, 11, 11},
		"everything searched, no plan":  {func(r *paths.Run) { r.Exhausted() }, cloud.Infeasible, 0, 0},
		"gave up":                       {func(r *paths.Run) { r.GiveUp("tired") }, cloud.Unknown, 0, 0},
		"gave up with a plan":           {func(r *paths.Run) { r.Found(costly); r.GiveUp("tired") }, cloud.Feasible, 13, 0},
		"not for this kind of instance": {func(r *paths.Run) { r.Unsupported("too odd") }, cloud.Unsupported, 0, 0},
	} {
		r, err := paths.Solve(context.Background(), paths.SearcherFunc(func(run *paths.Run) error { tc.search(run); return nil }), p, paths.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if r.Status != tc.status || r.Cost != tc.cost || r.LowerBound != tc.bound {
			t.Errorf("%s: %s, cost %d, bound %d; expected %s, %d, %d", name, r.Status, r.Cost, r.LowerBound, tc.status, tc.cost, tc.bound)
		}
		pathtest.Judge(t, p, &r)
	}
}

// A limit ends the search, is no error, and does not lose the plan that was found.
func TestLimitsKeepTheIncumbent(t *testing.T) {
	p := swap(t)
	plan := migrate(p, [3]int{1, 1, 2}, [3]int{0, 0, 1}, [3]int{1, 2, 0})
	interrupted, cancel := context.WithCancel(context.Background())
	cancel()
	for name, tc := range map[string]struct {
		ctx    context.Context
		o      paths.Options
		reason string
	}{
		"expansions": {context.Background(), paths.Options{Expansions: 7}, "limit of 7 expansions"},
		"memory":     {context.Background(), paths.Options{MemoryBytes: 1 << 20}, "memory limit of 1 MiB"},
		"little":     {context.Background(), paths.Options{MemoryBytes: 3 << 10}, "memory limit of 3 KiB"},
		"odd":        {context.Background(), paths.Options{MemoryBytes: 1025}, "memory limit of 1025 B"},
		"time":       {context.Background(), paths.Options{Timeout: time.Nanosecond}, "time limit"},
		"interrupt":  {interrupted, paths.Options{}, "interrupted"},
	} {
		for _, found := range []bool{true, false} {
			loops := int64(0)
			r, err := paths.Solve(tc.ctx, paths.SearcherFunc(func(run *paths.Run) error {
				if found {
					run.Found(plan)
				}
				for run.Expand() && run.Memory(loops<<10, loops) {
					loops++
				}
				if run.Expand() {
					t.Errorf("%s: the search was told to go on after it was told to stop", name)
				}
				return nil
			}), p, tc.o)
			if err != nil {
				t.Fatalf("%s: a limit is not an error: %v", name, err)
			}
			want := map[bool]cloud.Status{true: cloud.Feasible, false: cloud.Unknown}[found]
			if r.Status != want || !strings.Contains(r.Reason, tc.reason) {
				t.Errorf("%s: %s (%s), expected %s with %q", name, r.Status, r.Reason, want, tc.reason)
			}
			if found && r.Cost != 13 {
				t.Errorf("%s: the incumbent is lost", name)
			}
			if name == "expansions" && r.Counters.Expanded != 7 {
				t.Errorf("%d states were expanded under a limit of 7", r.Counters.Expanded)
			}
		}
	}
}

func TestIncumbentsAreAnnouncedOnlyWhenBetter(t *testing.T) {
	p := swap(t)
	var told []int64
	r, err := paths.Solve(context.Background(), paths.SearcherFunc(func(run *paths.Run) error {
		moves := migrate(p, [3]int{1, 1, 2}, [3]int{0, 0, 1}, [3]int{1, 2, 0})
		run.Found(moves)
		moves[0] = cloud.Change{} // the driver must have copied it
		run.Found(migrate(p, [3]int{0, 0, 2}, [3]int{1, 1, 0}, [3]int{0, 2, 1}))
		run.Found(migrate(p, [3]int{1, 1, 2}, [3]int{0, 0, 1}, [3]int{1, 2, 0}))
		return nil
	}), p, paths.Options{OnIncumbent: func(i paths.Incumbent) { told = append(told, i.Cost) }})
	if err != nil {
		t.Fatal(err)
	}
	if len(told) != 2 || told[0] != 13 || told[1] != 11 || len(r.Incumbents) != 2 {
		t.Errorf("announced %v, recorded %v; expected 13, then 11", told, r.Incumbents)
	}
	pathtest.Judge(t, p, &r)
}

// What needs no search is answered without one.
func TestEndsThatBreakARuleNeedNoSearch(t *testing.T) {
	never := paths.SearcherFunc(func(*paths.Run) error { return errors.New("the search was started") })
	p := swap(t)
	full := *p.Instance
	full.Target = cloud.Placement{0, 0} // 8 on a host of 6
	q, err := paths.NewProblem(pathtest.Catalogue(), &full, nil, spec.Named("ram"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := paths.Solve(context.Background(), never, q, paths.Options{})
	if err != nil || r.Status != cloud.Infeasible || !strings.HasPrefix(r.Reason, "the target breaks capacity: host ") {
		t.Errorf("overfull target: %s (%s), %v", r.Status, r.Reason, err)
	}
	settled := *p.Instance
	settled.Target = settled.Initial
	if q, err = paths.NewProblem(pathtest.Catalogue(), &settled, nil, spec.Named("ram")); err != nil {
		t.Fatal(err)
	}
	r, err = paths.Solve(context.Background(), never, q, paths.Options{})
	if err != nil || r.Status != cloud.Optimal || r.Cost != 0 {
		t.Errorf("nothing to do: %s, %v", r.Status, err)
	}
	pathtest.Judge(t, q, &r)
}

func TestBadProblemsAreErrors(t *testing.T) {
	p := swap(t)
	aimless := *p.Instance
	aimless.Target = nil
	for name, tc := range map[string]struct {
		in    *cloud.Instance
		rules []spec.Spec
		cost  string
		want  string
	}{
		"no target":     {&aimless, nil, "ram", "/target"},
		"unknown cost":  {p.Instance, nil, "coutn", `did you mean "count"`},
		"unknown rule":  {p.Instance, []spec.Spec{spec.Named("capacty")}, "ram", `did you mean "capacity"`},
		"unknown group": {p.Instance, []spec.Spec{spec.MustParse("anti-affinity(group=web)")}, "ram", `unknown group "web"`},
	} {
		_, err := paths.NewProblem(pathtest.Catalogue(), tc.in, tc.rules, spec.Named(tc.cost))
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, expected %q", name, err, tc.want)
		}
	}
}

// The driver judges the ends of a path; where exhaustive search finds no way to an
// insane end, so does it.
func TestObstaclesAreReal(t *testing.T) {
	obstacles := 0
	for seed := range uint64(500) {
		p := pathtest.Problem(t, pathtest.Random(rand.New(rand.NewPCG(seed, 4))), "ram")
		asked := false
		r, err := paths.Solve(context.Background(), paths.SearcherFunc(func(*paths.Run) error { asked = true; return nil }), p, paths.Options{})
		if err != nil {
			t.Fatal(err)
		}
		_, exists := pathtest.Exhaustive(p).To(p.Start)
		if !asked && r.Status == cloud.Infeasible {
			obstacles++
			if exists {
				t.Fatalf("instance %d: %q, and yet there is a path", seed, r.Reason)
			}
		}
	}
	if obstacles < 10 {
		t.Errorf("only %d obstacles met", obstacles)
	}
}

// dear is a cost function at which three migrations do not add up.
type dear struct{ cloud.CostFunction }

func (dear) Migrate(cloud.VMID, cloud.HostID, cloud.HostID) int64 { return 1 << 62 }

// The judge adds up what a plan costs, and refuses what does not fit. That it was found is no
// proof that there is none.
func TestPlansThatDoNotAddUpArePlans(t *testing.T) {
	p := *swap(t)
	p.Cost = dear{p.Cost}
	r, err := paths.Solve(context.Background(), paths.SearcherFunc(func(run *paths.Run) error {
		run.Found(migrate(&p, [3]int{0, 0, 2}, [3]int{1, 1, 0}, [3]int{0, 2, 1}))
		run.Exhausted()
		return nil
	}), &p, paths.Options{})
	if err != nil || r.Status != cloud.Unsupported || !strings.Contains(r.Reason, "64 bits") {
		t.Errorf("%s (%s), %v", r.Status, r.Reason, err)
	}
}

// What is kept before a search counts as much as what the search tells, until it is given
// back; and what is refused was never held.
func TestKeptMemoryDoesNotCount(t *testing.T) {
	r, err := paths.Solve(context.Background(), paths.SearcherFunc(func(run *paths.Run) error {
		begin := run.Kept()
		for _, ok := range []bool{run.Keep(30), run.Memory(40, 1), run.MemoryLeft(0) == 70, run.Keep(20), run.MemoryLeft(40) == 10} {
			if !ok {
				t.Error("refused what fits")
			}
		}
		run.Release(begin)
		if !run.MayHold(95, 1) || run.MemoryLeft(0) != 100 {
			t.Error("what was given back still counts")
		}
		if run.Keep(6) || run.Keep(1) || run.Look() {
			t.Error("the run goes on with more than it may hold")
		}
		return nil
	}), swap(t), paths.Options{MemoryBytes: 100})
	if err != nil || r.PeakBytes != 95 || !strings.Contains(r.Reason, "memory limit of 100 B") {
		t.Errorf("peak %d, %s (%s), %v", r.PeakBytes, r.Status, r.Reason, err)
	}
}
