package summary

import (
	"fmt"
	"testing"

	"github.com/cloudrearrange/rearrange/results"
	"github.com/cloudrearrange/rearrange/results/best"
)

// aimed is a run to the target of a strategy.
func aimed(strategy string, after int64, r results.Record) results.Record {
	r.RunKey += strategy
	r.Target = &results.Target{
		Strategy: strategy, StrategyParameters: results.Values{"moves": 5.0}, Objective: "hosts", ObjectiveUnit: "hosts", Status: results.Feasible,
		Before: []int64{10, 4}, After: []int64{after, 3}, Bound: []int64{5, 0}, Migrations: 2, Cost: 40, SHA256: strategy + "'s", WallS: 0.5,
	}
	return r
}

func TestPlansToOtherTargetsAreOtherCases(t *testing.T) {
	lost := run("a", "i", results.Unknown, none, none)
	lost.Target = &results.Target{Strategy: "lost", Objective: "hosts", Status: results.Unknown}
	s := of([]results.Record{
		aimed("few", 8, run("a", "i", results.Optimal, 50, 50)), aimed("many", 6, run("a", "i", results.Optimal, 90, 90)),
		aimed("far", 6, run("a", "i", results.Infeasible, none, none)), lost,
	})
	if len(s.Alarms) > 0 || len(s.Cases) != 4 || s.Superseded != 0 {
		t.Fatalf("alarms %v, %d cases", s.Alarms, len(s.Cases))
	}
	got := map[string]string{}
	for _, c := range s.Cases {
		text := ""
		for _, name := range []string{
			"target-found", "unreachable", "objective-before", "objective-after", "objective-bound", "best-objective", "gain",
			"target-migrations", "direct-cost", "detour", "cost-per-gain", "best-cost", "target-time", "strategy.moves",
		} {
			text += column(t, s, name).Of(c, 0).String() + "|"
		}
		got[c.Strategy] = text
	}
	for strategy, want := range map[string]string{
		"few":  "yes|no|10 4|8 3|5 0|6 3|2|2|40|1.25|25|50|0.5|5|",
		"many": "yes|no|10 4|6 3|5 0|6 3|4|2|40|2.25|22.5|90|0.5|5|",
		"far":  "yes|yes|10 4|6 3|5 0|6 3|4|2|40||||0.5|5|",
		"lost": "no||||||||||||0||",
	} {
		if got[strategy] != want {
			t.Errorf("%s: %s\nexpected %s", strategy, got[strategy], want)
		}
	}
	if unit := fmt.Sprint(column(t, s, "gain").Unit, column(t, s, "direct-cost").Unit); unit != "hostsram" {
		t.Errorf("units %s", unit)
	}
	if err := s.OneCase(); err == nil {
		t.Error("a test would count an instance once for each strategy")
	}
}

// What is found by a time is the last target before it, and the one that is chosen once the search is over.
func TestTargetsAreReadAtATime(t *testing.T) {
	r := aimed("few", 6, run("a", "i", results.Optimal, 50, 50))
	r.Target.Incumbents = []results.TargetIncumbent{{ElapsedS: 0.1, Objective: []int64{9, 1}, Cost: 10}, {ElapsedS: 0.2, Objective: []int64{8, 4}, Cost: 30}}
	s := of([]results.Record{r})
	for name, want := range map[string]string{
		"objective-at(time=50ms)": "", "objective-at(time=100ms)": "9 1", "objective-at(time=400ms)": "8 4", "objective-at": "6 3",
		"direct-cost-at(time=150ms)": "10", "direct-cost-at(time=2s)": "40",
	} {
		if got := column(t, s, name).Of(s.Cases[0], 0).String(); got != want {
			t.Errorf("%s: %q, expected %q", name, got, want)
		}
	}
	if c := column(t, s, "direct-cost-at(time=2s)"); c.Unit != "ram" || c.Title() != "direct-cost at 2s" {
		t.Errorf("%+v", c)
	}
}

func TestBestKnownTargetsAreTakenIn(t *testing.T) {
	known := best.Of([]results.Record{aimed("known", 5, run("k", "i", results.Optimal, 99, 99))})
	s := of([]results.Record{aimed("few", 8, run("a", "i", results.Optimal, 50, 50))}, WithBest(known))
	if v := in(t, s, "best-objective", "a", "i"); v.N != 5 {
		t.Errorf("best objective %v", v)
	}
	if v := in(t, s, "best-cost", "a", "i"); v.N != 50 {
		t.Errorf("the plan to another target is the cheapest: %v", v)
	}
}
