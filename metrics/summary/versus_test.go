package summary

import (
	"math"
	"testing"

	"github.com/cloudrearrange/rearrange/results"
)

// Costs are compared only where both have a plan, and what either has alone shows in the
// counts beside.
func TestVersusComparesOnlyWhatBothFound(t *testing.T) {
	otherCost := run("new", "r#1", results.Feasible, 1, none)
	otherCost.CostFunction = "count" // the baseline was not run on it
	s := Of([]results.Record{
		run("old", "r#1", results.Feasible, 20, none), run("new", "r#1", results.Optimal, 10, 10),
		run("old", "r#2", results.Feasible, 30, none), run("new", "r#2", results.Feasible, 30, none),
		run("old", "r#3", results.Unknown, none, none), run("new", "r#3", results.Feasible, 1000, none),
		run("old", "s#1", results.Feasible, 50, none), run("new", "s#1", results.Feasible, 60, none),
		run("old", "s#2", results.Feasible, 7, none), run("new", "s#2", results.Unknown, none, none),
		run("old", "free", results.Feasible, 0, none), run("new", "free", results.Feasible, 0, none),
		otherCost,
	})
	v := s.Versus("old", byClass(t, s))
	if len(v.Rows) != 4 || v.Rows[0].Group != nil || v.Rows[1].Group.Name != "free" || v.Rows[2].Group.Name != "r" || v.Rows[3].Group.Name != "s" {
		t.Fatalf("rows %+v", v.Rows)
	}
	all, free, r := v.Rows[0], v.Rows[1], v.Rows[2]
	if all.Cases != 6 || all.Found != 5 || all.BaselineFound != 5 || all.Both != 4 || all.Cheaper != 1 || all.Equal != 2 || all.Costlier != 1 {
		t.Errorf("counts are wrong: %+v", all)
	}
	if all.Saved != 0 || all.Least != 0.5 || all.Most != 1.2 || math.Abs(all.Mean-math.Pow(0.6, 0.25)) > 1e-12 {
		t.Errorf("figures are wrong: %+v", all)
	}
	if r.Saved != 0.2 || r.Cases != 3 || r.Both != 2 {
		t.Errorf("a class is wrong: %+v", r)
	}
	if free.Mean != 1 || !math.IsNaN(free.Saved) {
		t.Errorf("nothing saved of nothing: %+v", free)
	}
}

// Costs in different units cannot be added up; their ratios can be averaged.
func TestVersusAddsUpUnlikeCosts(t *testing.T) {
	records := []results.Record{run("old", "i", results.Feasible, 20, none), run("new", "i", results.Feasible, 10, none)}
	for _, r := range records[:2] {
		r.CostFunction = "count"
		records = append(records, r)
	}
	if all := Of(records).Versus("old", Groups{}).Rows[0]; all.Both != 2 || !math.IsNaN(all.Saved) || all.Mean != 0.5 {
		t.Errorf("%+v", all)
	}
}

func TestVersusNobody(t *testing.T) {
	s := Of([]results.Record{run("new", "i", results.Feasible, 20, none), run("old", "j", results.Feasible, 20, none)})
	for _, baseline := range []string{"old", "unheard of"} {
		if rows := s.Versus(baseline, byClass(t, s)).Rows; rows != nil {
			t.Errorf("against %s, which was not run on the same cases: %+v", baseline, rows)
		}
	}
}
