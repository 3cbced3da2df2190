package tables

import (
	"fmt"
	"testing"

	"github.com/cloudrearrange/rearrange/results"
)

// carriedOut are executions of the plans of two instances on two days, by two executors on a calm cloud and on one that is not.
func carriedOut() []results.Record {
	var list []results.Record
	for i, executor := range []string{"adaptive", "in-order"} {
		for k, failures := range []float64{0, 0.1} {
			for n, instance := range []string{"i", "j"} {
				for seed := range 2 {
					r := run("auto", instance, results.Optimal, 900, 900)
					r.RunKey += fmt.Sprint(executor, failures, seed)
					r.Seed = uint64(seed)
					r.Schedule = &results.Schedule{
						Scheduling: results.Scheduling{Model: "slots", Duration: "precopy", Scheduler: "list"}, Status: results.Feasible, Unit: "ms",
						Makespan: 10_000, LowerBound: 10_000, Sequential: 60_000, Peak: 8, Tables: 60, Moves: "m", SHA256: "s",
					}
					r.Execution = &results.Execution{
						Executing:    results.Executing{Executor: executor, On: fmt.Sprintf("simulation(failures=%v)", failures)},
						OnParameters: results.Values{"failures": failures}, Status: results.Reached,
						PlanCost: 900, Makespan: int64(11_000 + 4000*k + 40_000*i), Cost: int64(900 + 90*k*(1+seed)), Requests: 12, Ends: 10, Failures: k * (1 + seed), Refusals: k * i, Plans: k - k*i,
					}
					if i*k == 1 && n+seed > 0 {
						r.Execution.Status = results.Missed
					}
					list = append(list, r)
				}
			}
		}
	}
	return list
}

func TestExecutionsAreToldByExecutor(t *testing.T) {
	x := made(t, "executions", of(carriedOut()))
	term, md := render(t, x, 80)
	golden(t, "executions.txt", term)
	golden(t, "executions.md", md)
	if x.Timed {
		t.Error("the table of executions differs from run to run")
	}
	if x := made(t, "executions(group=class)", of(carriedOut())); len(x.Rows) != 4 {
		t.Errorf("by class: %+v", x)
	}
	if _, err := try("executions", of(records())); err == nil {
		t.Error("a table of executions of runs without any")
	}
}
