package tables

import (
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/results"
)

// planned are schedules of a plan for each of two instances, under two models, by two schedulers.
func planned() []results.Record {
	var list []results.Record
	for i, scheduler := range []string{"list", "sequential"} {
		for _, model := range []string{"slots(outgoing=1)", "steps(per-host=2)"} {
			for k, instance := range []string{"i", "j"} {
				r := run("auto", instance, results.Optimal, 900, 900)
				r.RunKey += scheduler + model
				r.Schedule = &results.Schedule{
					Scheduling: results.Scheduling{Model: model, Duration: "precopy", Scheduler: scheduler}, Status: results.Feasible, Unit: "ms",
					Makespan: int64(10_000 * (1 + k + 5*i)), LowerBound: 10_000, Sequential: int64(60_000 + 10_000*k), Peak: 8 - 7*i, Tables: 60,
					Moves: "m", SHA256: "s", WallS: 0.25,
				}
				if strings.HasPrefix(model, "steps") {
					r.Schedule.Duration, r.Schedule.Unit = "unit", "step"
					r.Schedule.Makespan, r.Schedule.LowerBound, r.Schedule.Sequential = r.Schedule.Makespan/2500, 4, 28
				}
				list = append(list, r)
			}
		}
	}
	return list
}

func TestSchedulesAreToldByScheduler(t *testing.T) {
	x := made(t, "schedules", of(planned()))
	term, md := render(t, x, 80)
	golden(t, "schedules.txt", term)
	golden(t, "schedules.md", md)
	if x.Timed {
		t.Error("the table of schedules differs from run to run")
	}
	if x := made(t, "schedule-time", of(planned())); !x.Timed || len(x.Rows) != 4 {
		t.Errorf("times of schedules: %+v", x)
	}
	if x := made(t, "table(columns=[makespan])", of(planned())); x.Rows[0][1].HasValue() {
		t.Error("seconds and steps are averaged")
	}
	if _, err := try("schedules", of(records())); err == nil {
		t.Error("a table of schedules of runs without any")
	}
}

func TestTablesCompareWhatTheyAreTold(t *testing.T) {
	s := of(planned())
	if _, err := try("ranks(metric=makespan, compare=[scheduler])", s); err == nil || !strings.Contains(err.Error(), "differ in model") {
		t.Errorf("an instance would count once for each model: %v", err)
	}
	s = s.Where(func(c *summary.Case, _ *results.Record, _ *results.Name) bool { return c.Duration == "unit" })
	x := made(t, "ranks(metric=makespan, compare=[scheduler])", s)
	if len(x.Rows) != 2 || x.Columns[0].Name != "scheduler" || x.Rows[0][0].Text != "list" || x.Rows[0][1].Value != 1 || x.Rows[1][1].Value != 2 {
		t.Errorf("ranks of schedulers: %+v", x)
	}
	x = made(t, "versus(baseline=sequential, compare=[scheduler], group=model)", s)
	if len(x.Rows) != 4 || x.Columns[1].Name != "scheduler" {
		t.Errorf("schedulers against one of them: %+v", x)
	}
}
