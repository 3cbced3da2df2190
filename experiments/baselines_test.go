package experiments_test

import (
	"slices"
	"testing"

	"github.com/cloudrearrange/rearrange/cmd/catalogue"
	"github.com/cloudrearrange/rearrange/experiments"
	"github.com/cloudrearrange/rearrange/metrics/gate"
	"github.com/cloudrearrange/rearrange/results"
)

// CI compares with these, and can only close on what it reads.
func TestCommittedBaselinesAreRead(t *testing.T) {
	if _, err := gate.ReadThresholds("../results/baselines/thresholds.yaml"); err != nil {
		t.Error(err)
	}
	for _, suite := range []string{"classic", "gate", "gate-plans", "gate-mending", "gate-targets", "gate-schedules"} {
		s, err := experiments.ReadSuite(catalogue.Standard(), "suites/"+suite+".yaml")
		if err != nil {
			t.Fatal(err)
		}
		records, problems, err := results.Read("../results/baselines/" + suite + ".jsonl.gz")
		if err != nil || len(problems) > 0 {
			t.Errorf("%s: %v %v", suite, problems, err)
		}
		for _, a := range s.Algorithms {
			if !slices.ContainsFunc(records, func(r results.Record) bool { return r.Algorithm == a.String() }) {
				t.Errorf("%s has no baseline of %s: make them with results/baselines/update.sh", suite, a)
			}
		}
		for _, want := range s.Targets {
			if !slices.ContainsFunc(records, func(r results.Record) bool { return r.Target.Strategy == want.String() }) {
				t.Errorf("%s has no baseline of the strategy %s: make them with results/baselines/update.sh", suite, want)
			}
		}
		for _, want := range s.Schedules {
			asked := results.Scheduling{Model: want.Model.String(), Duration: want.Duration.String(), Scheduler: want.Scheduler.String()}
			if !slices.ContainsFunc(records, func(r results.Record) bool { return r.Scheduling() == asked }) {
				t.Errorf("%s has no baseline of %v: make them with results/baselines/update.sh", suite, asked)
			}
		}
		for _, r := range records {
			if r.Limits.TimeoutS+r.Limits.TargetTimeoutS+r.Limits.ScheduleTimeoutS > 0 || r.Outcome.Faulty() {
				t.Errorf("%s: %s on %s, %s with a limit of %v s, cannot be held against another machine", suite, r.Algorithm, r.Instance, r.Outcome, r.Limits.TimeoutS)
			}
		}
	}
}
