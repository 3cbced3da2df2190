package experiments

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
	"github.com/cloudrearrange/rearrange/results"
)

const aimed = `format: rearrange/suite/1
name: t
instances: ["random(hosts=4)"]
`

// decodeAimed reads a suite of one small instance, and what else the test says.
func decodeAimed(text string) (*Suite, error) {
	return DecodeSuite(catalogue.Standard(), "suite.yaml", []byte(aimed+text))
}

func aimedTasks(t *testing.T, text string) []Task {
	t.Helper()
	s, err := decodeAimed(text)
	if err != nil {
		t.Fatal(err)
	}
	tasks, err := s.Expand(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return tasks
}

func TestFaultsOfTargetsAreToldWithTheirPlace(t *testing.T) {
	for name, tc := range map[string]struct{ text, want string }{
		"unknown strategy":     {"algorithms: [greedy]\ntargets: [defragmnt]\n", `targets[0]: unknown strategy "defragmnt", did you mean "defragment"?`},
		"same strategy":        {"algorithms: [greedy]\ntargets: [defragment, defragment()]\n", "targets[1]: defragment is the same strategy as targets[0]"},
		"no strategy":          {"algorithms: [greedy]\ntargets: []\n", "targets: expected at least one strategy, found an empty list"},
		"unknown objective":    {"algorithms: [greedy]\ntargets: [defragment]\nobjective: hots\n", `objective: unknown objective "hots", did you mean "hosts"?`},
		"objective of nothing": {"algorithms: [greedy]\nobjective: hosts\n", `an objective and limits of the search for targets need the field "targets"`},
		"limit of nothing":     {"algorithms: [greedy]\nlimits: {target-timeout: 1s}\n", `need the field "targets"`},
		"steps of nothing":     {"algorithms: [greedy]\ntargets: [defragment]\nlimits: {target-steps: 0}\n", "limits.target-steps: expected"},
		"bad time":             {"algorithms: [greedy]\ntargets: [defragment]\nlimits: {target-timeout: soon}\n", "limits.target-timeout: expected a duration"},
	} {
		if _, err := decodeAimed(tc.text); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v\nexpected %s", name, err, tc.want)
		}
	}
}

// A task is instance, strategy, algorithm, cost and seed; the target that an instance has makes no difference.
func TestTargetsAreAnAxis(t *testing.T) {
	tasks := aimedTasks(t, "targets: [defragment, rebalance]\nalgorithms: [greedy, direct]\nobjective: hosts\n")
	if len(tasks) != 4 {
		t.Fatalf("%d tasks, expected 2 strategies with 2 algorithms", len(tasks))
	}
	keys := map[string]bool{}
	for _, task := range tasks {
		keys[task.Key] = true
		if task.Instance.Target != nil || task.Record().Target.Objective != "hosts" {
			t.Errorf("a task has the target of its instance, or another objective than the suite: %+v", task.Record().Target)
		}
	}
	if len(keys) != 4 || tasks[0].Target != tasks[1].Target || tasks[0].Target == tasks[2].Target {
		t.Errorf("%d keys; the algorithms have to share the target of each strategy", len(keys))
	}
	own := aimedTasks(t, "targets: [rebalance]\nalgorithms: [greedy]\n")[0]
	if own.Key == tasks[2].Key || own.Record().Target.Objective == "hosts" {
		t.Error("without an objective of the suite, targets are measured as under one")
	}
}

func TestKeyOfATargetIsStableFromReleaseToRelease(t *testing.T) {
	got := ingredients{
		Instance: "i", Algorithm: "astar", Cost: "ram", Rules: []string{"capacity"}, Limits: results.Limits{TargetTimeoutS: 5, TargetSteps: 7},
		Strategy: "defragment", Objective: "hosts",
	}.hash()
	if want := "869e98f4da967ad39b23035e2123196c"; got != want {
		t.Errorf("key %s, want %s", got, want)
	}
}

func TestSeedsAreThoseOfTheSearchToo(t *testing.T) {
	const rest = "targets: [defragment]\nalgorithms: [direct]\nseeds: 1-3\n"
	if n := len(aimedTasks(t, rest)); n != 1 {
		t.Errorf("%d runs of what no seed changes", n)
	}
	if n := len(aimedTasks(t, rest+"limits: {target-steps: 10}\n")); n != 3 {
		t.Errorf("%d runs of a search with 3 seeds", n)
	}
}

// Of what is found at about the same time the first and the last are kept.
func TestIncumbentsFillTheRecord(t *testing.T) {
	in := &cloud.Instance{Hosts: make([]cloud.Host, 1)}
	o, err := objectives.Bind(catalogue.Standard(), in, nil, spec.Named("hosts"))
	if err != nil {
		t.Fatal(err)
	}
	var r results.Target
	for i := range 100_000 {
		note(&r, o, targets.Incumbent{Elapsed: time.Duration(i+1) * time.Millisecond, Objective: cloud.Score{int64(100_000 - i)}})
	}
	list := r.Incumbents
	if n := len(list); n > 300 || n < 100 || list[0].ElapsedS != 0.001 || list[n-1].ElapsedS != 100 {
		t.Errorf("%d kept, from %v to %v", n, list[0], list[n-1])
	}
	for i := 1; i < len(list); i++ {
		if list[i].ElapsedS > 1.06*list[i-1].ElapsedS+0.002 {
			t.Errorf("nothing is kept between %v and %v", list[i-1].ElapsedS, list[i].ElapsedS)
		}
	}
}

func TestRecordsTellWhatATargetIsWorth(t *testing.T) {
	tasks := aimedTasks(t, `targets: [defragment, rebalance, "evacuate(hosts=[\"host*\"])", evacuate(hosts=nowhere)]
algorithms: [greedy, astar]
objective: hosts
limits: {target-steps: 50, expansions: 1000}
`)
	got, err := execute(t, t.Context(), tasks, Options{Jobs: 2})
	if err != nil {
		t.Fatal(err)
	}
	byStrategy := map[string][]results.Record{}
	for _, o := range got {
		byStrategy[o.record.Target.Strategy] = append(byStrategy[o.record.Target.Strategy], o.record)
		if err := o.record.Check(); err != nil {
			t.Error(err)
		}
	}
	for _, r := range byStrategy["defragment"] {
		switch c := r.Target; {
		case !c.Found() || !r.Outcome.HasPlan() || c.After[0] >= c.Before[0] || c.Bound[0] > c.After[0]:
			t.Errorf("defragment: %s, %+v", r.Outcome, c)
		case len(c.Incumbents) == 0 || c.Incumbents[0].Objective[0] < c.After[0] || len(c.Incumbents[0].Objective) != len(c.After):
			t.Errorf("defragment: found %+v on the way to %v", c.Incumbents, c.After)
		case c.Cost > *r.Cost || r.Features["misplaced"] != c.Migrations:
			t.Errorf("cost %d of going straight and %d of the path, %d migrations of %v misplaced VMs", c.Cost, *r.Cost, c.Migrations, r.Features["misplaced"])
		}
	}
	if a, b := byStrategy["defragment"][0].Target, byStrategy["defragment"][1].Target; a.SHA256 != b.SHA256 || a.WallS != b.WallS {
		t.Error("the algorithms head for targets that were chosen one by one")
	}
	if a, b := byStrategy["defragment"][0].Target, byStrategy["rebalance"][0].Target; a.SHA256 == b.SHA256 || a.Before[0] != b.Before[0] {
		t.Error("two strategies with the same target, or measured by different objectives")
	}
	for _, r := range byStrategy[`evacuate(hosts=["host*"])`] {
		if r.Target.Found() || r.Outcome != results.Infeasible && r.Outcome != results.Unknown || r.Outcome != r.Target.Status || r.Message == "" {
			t.Errorf("all hosts are emptied: %s, %+v, %q", r.Outcome, r.Target, r.Message)
		}
	}
	for _, r := range byStrategy["evacuate(hosts=nowhere)"] {
		if r.Outcome != results.Failed || !strings.Contains(r.Message, "nowhere") || r.Target.Status != "" {
			t.Errorf("an unknown host: %s, %q", r.Outcome, r.Message)
		}
	}
	again, err := execute(t, t.Context(), aimedTasks(t, "targets: [defragment]\nalgorithms: [greedy]\nobjective: hosts\nlimits: {target-steps: 50, expansions: 1000}\n"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range again {
		if before := got[o.record.RunKey].record; o.record.Target.SHA256 != before.Target.SHA256 || o.record.PlanSHA256 != before.PlanSHA256 {
			t.Error("another process chooses another target with the same number of steps")
		}
	}
}

// cutting is a strategy during whose choice the interruption comes, the first time.
type cutting struct {
	targets.Strategy
	cut func()
}

func (c *cutting) Choose(ctx context.Context, r *targets.Request) (targets.Choice, error) {
	if c.cut != nil {
		c.cut()
		c.cut = nil
		return targets.Choice{}, ctx.Err()
	}
	return c.Strategy.Choose(ctx, r)
}

func TestAnInterruptedChoiceLeavesNoRecordAndIsMadeAgain(t *testing.T) {
	tasks := aimedTasks(t, "targets: [defragment]\nalgorithms: [greedy]\n")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	tasks[0].Target.strategy = &cutting{tasks[0].Target.strategy, cancel}
	if got, err := execute(t, ctx, tasks, Options{}); err == nil || len(got) > 0 {
		t.Errorf("%d records, error %v of an interrupted choice", len(got), err)
	}
	got, err := execute(t, t.Context(), tasks, Options{})
	if err != nil || !got[tasks[0].Key].record.Target.Found() {
		t.Errorf("error %v, %+v of the same task later", err, got[tasks[0].Key].record.Target)
	}
}
