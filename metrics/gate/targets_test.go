package gate_test

import (
	"slices"
	"testing"

	"github.com/cloudrearrange/rearrange/metrics/gate"
	"github.com/cloudrearrange/rearrange/results"
)

// aimed makes every run one to a target, by two strategies.
func aimed() []results.Record {
	records := suite()
	for i := range records {
		records[i].Target = &results.Target{
			Strategy: []string{"defragment", "rebalance"}[i%2], Objective: "hosts", Status: results.Feasible,
			Before: []int64{20, 5}, After: []int64{12, 3}, Bound: []int64{10, 0}, Cost: 100, SHA256: "p",
		}
	}
	return records
}

func TestWorseTargetsAreRegressions(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*results.Record)
		worse  []string // of greedy
	}{
		"nothing":              {func(*results.Record) {}, nil},
		"objective":            {func(r *results.Record) { r.Target.After = []int64{13, 3} }, []string{"objective-after"}},
		"second rank":          {func(r *results.Record) { r.Target.After = []int64{12, 4} }, []string{"objective-after"}},
		"bound":                {func(r *results.Record) { r.Target.Bound = []int64{9, 0} }, []string{"objective-bound"}},
		"cost":                 {func(r *results.Record) { r.Target.Cost = 101 }, []string{"direct-cost"}},
		"better, costs more":   {func(r *results.Record) { r.Target.After, r.Target.Cost = []int64{11, 9}, 200 }, nil},
		"with a limit of time": {func(r *results.Record) { r.Target.After, r.Limits.TargetTimeoutS = []int64{13, 3}, 5 }, nil},
		"another target": {func(r *results.Record) {
			cost := *r.Cost + 1
			r.Target.SHA256, r.Cost = "q", &cost
		}, nil},
		"the same target": {func(r *results.Record) {
			cost := *r.Cost + 1
			r.Cost = &cost
		}, []string{"cost"}},
	} {
		candidate := aimed()
		tc.change(find(candidate, "greedy", 3))
		c := gate.Compare(aimed(), candidate, gate.Thresholds{Untimed: true})
		var got []string
		for _, r := range c.Of(gate.Worse) {
			got = append(got, r.Metric.Name)
		}
		if !slices.Equal(got, tc.worse) || c.Pairs != 36 || len(c.Alarms) > 0 {
			t.Errorf("%s: worse %v, expected %v; %d pairs, alarms %v", name, got, tc.worse, c.Pairs, c.Alarms)
		}
	}
}

func TestRunsOfOtherStrategiesAreNotPaired(t *testing.T) {
	candidate := aimed()
	for i := range candidate {
		candidate[i].RunKey, candidate[i].Target.Strategy = candidate[i].RunKey+"'", "evacuate(hosts=h1)"
	}
	if c := gate.Compare(aimed(), candidate, gate.Thresholds{}); c.Pairs != 0 {
		t.Errorf("%d pairs of runs to targets of different strategies", c.Pairs)
	}
}
