package results

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
)

func aimed() Record {
	cost := int64(7)
	return Record{
		Format: RecordFormat, RunKey: "k", Name: Name{Instance: "i"}, InstanceSHA256: "s", Algorithm: "greedy", CostFunction: "ram",
		Rules: []string{}, Outcome: Feasible, Cost: &cost, Counters: map[string]int64{}, Enforced: map[string]string{},
		Limits: Limits{TargetTimeoutS: 0.5, TargetSteps: 9},
		Target: &Target{
			Strategy: "rebalance", StrategyParameters: Values{"tolerance": 0.05}, Objective: "load", ObjectiveUnit: "millionths", Status: Feasible,
			Before: []int64{9, 1}, After: []int64{5, 2}, Bound: []int64{4, 0}, Migrations: 3, Provisions: 1, Cost: 6, SHA256: "p", WallS: 0.25,
			Incumbents: []TargetIncumbent{{ElapsedS: 0.125, Steps: 4, Objective: []int64{7, 3}, Cost: 2}},
		},
	}
}

func TestTargetsSurviveTheFile(t *testing.T) {
	want := aimed()
	line, err := encode(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := decode(line, json.JoinOptions())
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	want.Target = nil
	if line, err = encode(want); err != nil || strings.Contains(string(line), `"target"`) {
		t.Errorf("a record without a target says something of it: %s, %v", line, err)
	}
}

func TestFaultyTargetsAreRefused(t *testing.T) {
	for want, spoil := range map[string]func(*Target){
		"/target/strategy: missing":             func(t *Target) { t.Strategy = "" },
		"/target/objective: missing":            func(t *Target) { t.Objective = "" },
		"/target/sha256: missing":               func(t *Target) { t.SHA256 = "" },
		`/target/status: unknown status "good"`: func(t *Target) { t.Status = "good" },
		"/target: expected before, after":       func(t *Target) { t.Bound = t.Bound[:1] },
		"/target: expected non-negative":        func(t *Target) { t.Cost = -1 },
		"/target/wall_s: expected":              func(t *Target) { t.WallS = -1 },
		"/target/incumbents/0: expected":        func(t *Target) { t.Incumbents[0].Objective = []int64{7} },
		"/target/incumbents/1: expected": func(t *Target) {
			t.Incumbents = append(t.Incumbents, TargetIncumbent{ElapsedS: -1, Objective: t.After})
		},
	} {
		r := aimed()
		spoil(r.Target)
		if err := r.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, expected %s", err, want)
		}
	}
}

// Plans to two targets must not be taken for plans to one.
func TestGoalsAreToldApart(t *testing.T) {
	own, found, none := aimed(), aimed(), aimed()
	own.Target, none.Target.Status = nil, Unknown
	if a, b, c := own.Goal(), found.Goal(), none.Goal(); a != "" || b != "p" || c != "rebalance" {
		t.Errorf("goals %q, %q and %q", a, b, c)
	}
}
