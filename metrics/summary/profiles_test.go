package summary

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/results"
)

// A failure is worse than every value, and must not vanish; a proof that there is no
// plan is none.
func TestMatrixTellsFailuresFromCasesWithoutAPlan(t *testing.T) {
	s := Of([]results.Record{
		run("a", "both", results.Optimal, 4, 4), run("b", "both", results.Feasible, 6, none),
		run("a", "one", results.Optimal, 8, 8), run("b", "one", results.Unknown, none, none),
		run("a", "no plan", results.Infeasible, none, none), run("b", "no plan", results.Unknown, none, none),
		run("a", "open", results.Unknown, none, none), run("b", "open", results.Unknown, none, none),
		run("a", "alone", results.Optimal, 1, 1),
	})
	inf := math.Inf(1)
	for name, want := range map[string]Matrix{
		// By instance: both, one, open.
		"cost": {Values: [][]float64{{4, 8, inf}, {6, inf, inf}}, NotRun: 1, Infeasible: 1, Without: 1},
		// By instance: both, no plan, one, open.
		"expanded": {Values: [][]float64{{10, 10, 10, inf}, {10, inf, inf, inf}}, NotRun: 1, Without: 1},
	} {
		got := s.Matrix(MetricNamed(name))
		if d := cmp.Diff(want.Values, got.Values); d != "" || len(got.Cases) != len(want.Values[0]) {
			t.Errorf("%s: %d cases, values %s", name, len(got.Cases), d)
		}
		if got.NotRun != want.NotRun || got.Infeasible != want.Infeasible || got.Without != want.Without {
			t.Errorf("%s: %d not run, %d infeasible, %d without a value", name, got.NotRun, got.Infeasible, got.Without)
		}
	}
}

// Below what a clock can tell, ratios would be noise, or infinite.
func TestProfilesRaiseWhatIsBelowTheLeastValue(t *testing.T) {
	quick, slow := run("a", "i", results.Optimal, 1, 1), run("b", "i", results.Optimal, 1, 1)
	quick.WallS, slow.WallS = 0, 4e-6
	s := Of([]results.Record{quick, slow})
	p := s.Profiles(MetricNamed("time"), 1e-6)
	if a, b := p.Curves[0].At(1), p.Curves[1].Steps; a != 1 || len(b) != 1 || math.Abs(b[0].X-4) > 1e-9 {
		t.Errorf("a is the best in a share of %v; b is at %v, expected at factor 4", a, b)
	}
	if p.Values[0][0] != 0 {
		t.Errorf("the value itself became %v", p.Values[0][0])
	}
}

// Each case of n has the same ranks, so the mean ranks are 1, 2 and 3, and Friedman's
// statistic is as large as it can be: n (k - 1).
func TestRankingOfAConstantOrder(t *testing.T) {
	var records []results.Record
	for _, instance := range []string{"i", "j", "k", "l", "m", "n", "o", "p"} {
		records = append(records, run("a", instance, results.Optimal, 4, 4), run("b", instance, results.Feasible, 6, none), run("c", instance, results.Unknown, none, none))
	}
	r := Of(records).Ranking(MetricNamed("cost"), 0.05)
	if d := cmp.Diff([]float64{1, 2, 3}, r.Test.Ranks); d != "" || r.Test.ChiSquare != 16 {
		t.Errorf("χ² = %v, ranks %s", r.Test.ChiSquare, d)
	}
	// Demšar 2006, table 5(a): q = 2.343 for 3 classifiers at 0.05.
	if want := 2.343 * math.Sqrt(3*4/(6*8.0)); math.Abs(r.Critical-want) > 1e-3 {
		t.Errorf("critical difference %v, expected %v", r.Critical, want)
	}
	if d := cmp.Diff([][]int{{0, 1}, {1, 2}}, r.Cliques); d != "" {
		t.Errorf("cliques: %s", d)
	}
}

func TestRankingNeedsTwoAlgorithmsAndTwoCases(t *testing.T) {
	for name, records := range map[string][]results.Record{
		"none":          nil,
		"one algorithm": {run("a", "i", results.Optimal, 1, 1), run("a", "j", results.Optimal, 1, 1)},
		"one case":      {run("a", "i", results.Optimal, 1, 1), run("b", "i", results.Optimal, 1, 1)},
	} {
		r := Of(records).Ranking(MetricNamed("cost"), 0.05)
		if !math.IsNaN(r.Critical) || r.Test.Ranks != nil || r.Cliques != nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// Equal values share a rank, and nothing tells the algorithms apart.
func TestRankingOfEqualValues(t *testing.T) {
	var records []results.Record
	for _, instance := range []string{"i", "j", "k"} {
		records = append(records, run("a", instance, results.Optimal, 4, 4), run("b", instance, results.Optimal, 4, 4))
	}
	r := Of(records).Ranking(MetricNamed("cost"), 0.05)
	want := stats.FriedmanTest{Cases: 3, Ranks: []float64{1.5, 1.5}, ChiSquareP: 1, FP: 1}
	if d := cmp.Diff(want, r.Test); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([][]int{{0, 1}}, r.Cliques); d != "" {
		t.Error(d)
	}
}
