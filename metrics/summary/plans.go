package summary

import (
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/results"
)

// PlansRow tells of the plans that one algorithm found on one group of cases.
// Figures are over its plans, whether others found one or not, and NaN without any.
type PlansRow struct {
	Group     Group
	Algorithm string

	Runs, Found, Optimal int // Optimal: plans proved cheapest by the run itself

	// MeanGap and MaxGap are those of (cost - bound) / bound, with the best bound that any
	// run proved for the case. NaN where it is 0, or unknown, for one of the plans.
	MeanGap, MaxGap float64
	// Steps is the mean length of plans. Extra is the mean number of steps beyond one for
	// each VM that has to move, leave or enter: what bypasses and suspensions add. NaN
	// where a record does not tell how many there are.
	Steps, Extra float64
}

// Plans lists all algorithms by group.
func (s *Summary) Plans(by Groups) []PlansRow {
	var out []PlansRow
	for _, g := range by.List {
		for a, name := range s.Algorithms {
			row := plansOf(g.Cases, a)
			if row.Group, row.Algorithm = g, name; row.Runs > 0 {
				out = append(out, row)
			}
		}
	}
	return out
}

func plansOf(cases []*Case, algorithm int) PlansRow {
	var row PlansRow
	var gaps, steps, extra []float64
	for _, c := range cases {
		r := c.Runs[algorithm]
		if r == nil {
			continue
		}
		row.Runs++
		if !r.Outcome.HasPlan() {
			continue
		}
		row.Found++
		if r.Outcome == results.Optimal {
			row.Optimal++
		}
		gap := math.NaN()
		if c.Bound != nil {
			gap = stats.Gap(*r.Cost, *c.Bound)
		}
		gaps = append(gaps, gap)
		steps = append(steps, float64(r.Steps))
		extra = append(extra, float64(r.Steps)-needed(r))
	}
	row.MeanGap, row.MaxGap = stats.Mean(gaps), math.NaN()
	if !math.IsNaN(row.MeanGap) {
		row.MaxGap = slices.Max(gaps)
	}
	row.Steps, row.Extra = stats.Mean(steps), stats.Mean(extra)
	return row
}

// needed is how many steps every plan of the run's instance has: one for each VM that
// moves, leaves or enters. NaN where the record does not tell.
func needed(r *results.Record) float64 {
	sum := 0.0
	for _, feature := range []string{"misplaced", "shutdowns", "provisions"} {
		n, ok := number(r.Features[feature])
		if !ok {
			return math.NaN()
		}
		sum += n
	}
	return sum
}
