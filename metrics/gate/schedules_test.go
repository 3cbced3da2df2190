package gate_test

import (
	"testing"

	"github.com/cloudrearrange/rearrange/metrics/gate"
	"github.com/cloudrearrange/rearrange/results"
)

// planned makes a schedule of every plan, by two schedulers.
func planned() []results.Record {
	records := suite()
	for i := range records {
		records[i].Schedule = &results.Schedule{
			Scheduling: results.Scheduling{Model: "slots(outgoing=1)", Duration: "precopy", Scheduler: []string{"list", "fifo(k=2)"}[i%2]},
			Status:     results.Feasible, Unit: "ms", Makespan: 12_345, LowerBound: 9_000, Sequential: 40_000, Tables: 50, Moves: "m", SHA256: "s", WallS: 1,
		}
		records[i].Limits.ScheduleTimeoutS = 2
	}
	return records
}

func TestLongerSchedulesAreRegressionsOfTheirScheduler(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*results.Record)
		worse  string // metric of the scheduler
	}{
		"nothing":        {func(*results.Record) {}, ""},
		"longer":         {func(r *results.Record) { r.Schedule.Makespan++ }, "makespan"},
		"shorter":        {func(r *results.Record) { r.Schedule.Makespan-- }, ""},
		"lower bound":    {func(r *results.Record) { r.Schedule.LowerBound-- }, "makespan-bound"},
		"the clock":      {func(r *results.Record) { r.Schedule.Makespan, r.Schedule.WallS = 20_000, 2 }, ""},
		"a tighter stop": {func(r *results.Record) { r.Schedule.Makespan, r.Limits.ScheduleTables = 20_000, 50 }, ""},
		"other moves":    {func(r *results.Record) { r.Schedule.LowerBound, r.Schedule.Moves = 8_000, "n" }, ""},
		"longer by other moves": {func(r *results.Record) {
			r.Schedule.Makespan, r.Schedule.Moves = 20_000, "n"
		}, "makespan"},
	} {
		candidate := planned()
		changed := find(candidate, "greedy", 3)
		tc.change(changed)
		c := gate.Compare(planned(), candidate, gate.Thresholds{Untimed: true})
		got := ""
		for _, r := range c.Of(gate.Worse) {
			if got += r.Metric.Name; r.Algorithm != changed.Schedule.Scheduler {
				t.Errorf("%s: %s got worse, and not %s", name, r.Algorithm, changed.Schedule.Scheduler)
			}
		}
		if got != tc.worse || c.Pairs != 36 || len(c.Alarms) > 0 {
			t.Errorf("%s: worse %q, expected %q; %d pairs, alarms %v", name, got, tc.worse, c.Pairs, c.Alarms)
		}
	}
}

func TestSchedulesOfOtherModelsAreNotPaired(t *testing.T) {
	candidate := planned()
	for i := range candidate {
		candidate[i].RunKey, candidate[i].Schedule.Model = candidate[i].RunKey+"'", "sequential"
	}
	if c := gate.Compare(planned(), candidate, gate.Thresholds{}); c.Pairs != 0 {
		t.Errorf("%d pairs of runs under different models", c.Pairs)
	}
}
