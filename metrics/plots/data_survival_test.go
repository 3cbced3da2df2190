package summary

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/results"
)

// spent makes a run that took so long, under a time limit.
func spent(instance string, outcome results.Outcome, seconds, limitS float64) results.Record {
	r := run("a", instance, outcome, none, none)
	if outcome.HasPlan() {
		r = run("a", instance, outcome, 1, none)
	}
	r.WallS, r.Limits.TimeoutS = seconds, limitS
	return r
}

// What a limit ended says nothing about later; what gave up before will never be solved.
// To mix up the two makes an algorithm look better, or worse, than it is.
func TestSurvivalTellsEndedByItsLimitFromGivenUp(t *testing.T) {
	s := Of([]results.Record{
		spent("i", results.Optimal, 1, 10),
		spent("j", results.Unknown, 2, 2),  // ended by its limit: one of three goes on
		spent("k", results.Unknown, 3, 10), // out of memory
		spent("l", results.Infeasible, 4, 10),
		spent("m", results.Failed, 5, 10),
	})
	got := s.Survival(MetricNamed("time")).Rows[0]
	want := SurvivalRow{
		Estimate: stats.KaplanMeier([]stats.Lifetime{{TimeS: 1}, {TimeS: 2, Censored: true}, {TimeS: 4}, {TimeS: 1e9, Censored: true}}),
		Runs:     4, Solved: 2, GivenUp: 1, Censored: []float64{2}, End: 4,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	// 3/4 after the first; the second of the two that are left leaves half of that.
	if d := cmp.Diff([]stats.Step{{X: 1, Y: 0.75}, {X: 4, Y: 0.375}}, got.Estimate.Curve.Steps); d != "" {
		t.Error(d)
	}
}

// A limit of expansions censors expansions, and the clock does not.
func TestSurvivalInExpansionsIsCensoredByTheirLimit(t *testing.T) {
	var records []results.Record
	for i, r := range []results.Record{
		spent("i", results.Unknown, 2, 2), spent("j", results.Unknown, 1, 2), spent("k", results.Optimal, 1, 2),
	} {
		r.Limits.Expansions = 100
		r.Counters = map[string]int64{"expanded": int64(50 * i)}
		if i == 1 {
			r.Counters["expanded"] = 100
		}
		records = append(records, r)
	}
	got := Of(records).Survival(MetricNamed("expanded")).Rows[0]
	if fmt.Sprint(got.Censored) != "[100]" || got.GivenUp != 1 || got.Solved != 1 {
		t.Errorf("%+v", got)
	}
}
