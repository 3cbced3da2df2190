package results

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
)

func executed() Record {
	r := planned()
	r.Execution = &Execution{
		Executing:          Executing{Executor: "adaptive", On: "simulation(failures=0.1)"},
		ExecutorParameters: Values{"retries": 5.0}, OnParameters: Values{"failures": 0.1}, PlanSeed: 4,
		Status: Missed, Why: "2 VMs had to be given up", Makespan: 70, PlanCost: 7, Cost: 9, Requests: 8, Ends: 4, Failures: 2, Refusals: 1, Deaths: 1, Arrivals: 3,
		Astray: 2, Aborts: 1, Changes: 4, Plans: 2, Resumes: 1, GivenUp: 2,
	}
	return r
}

func TestExecutionsSurviveTheFile(t *testing.T) {
	want := executed()
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
	if got.Executing().Executor != "adaptive" || !got.Execution.Made() || got.Execution.Faults() != 5 {
		t.Errorf("%+v", got.Execution)
	}
	want.Execution = nil
	if line, err = encode(want); err != nil || strings.Contains(string(line), `"execution"`) || want.Executing() != (Executing{}) || want.Execution.Made() {
		t.Errorf("a record without an execution says something of it: %s, %v", line, err)
	}
}

func TestFaultyExecutionsAreRefused(t *testing.T) {
	for want, spoil := range map[string]func(*Execution){
		"/execution/executor: missing":                          func(e *Execution) { e.Executor = "" },
		"/execution/on: missing":                                func(e *Execution) { e.On = "" },
		`/execution/status: unknown status "reachd", did you m`: func(e *Execution) { e.Status = "reachd" },
		"/execution: expected non-negative integers, found -2":  func(e *Execution) { e.Makespan = -2 },
		"/execution: expected non-negative integers, found -1":  func(e *Execution) { e.GivenUp = -1 },
		"/execution/requests: expected at least the 7":          func(e *Execution) { e.Requests = 6 },
	} {
		r := executed()
		spoil(r.Execution)
		if err := r.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, expected %s", err, want)
		}
	}
}
