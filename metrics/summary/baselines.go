package summary

import (
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/results"
)

// Baselines sets algorithms side by side: what each solves, how costly its plans are against
// the cheapest known, and how long it takes.
type Baselines struct {
	Missing []string // algorithms that were asked for, of which there is no record
	NoPlan  []string // those that take no part in Costs, for they found none
	Nothing []string // those that take no part in Efforts, for they solved nothing
	// Costs are compared over the cases in which all that found any plan found one and the
	// ratio to the cheapest known has a value; efforts over those that all solved that
	// solved any.
	Costs   Comparison
	Efforts Comparison
	Rows    []BaselinesRow // in the order in which the algorithms were asked for
}

// BaselinesRow is one algorithm. Means over no cases are NaN.
type BaselinesRow struct {
	Algorithm string
	Runs      int
	Solved    int
	Proved    int // of Solved: the optimum is proved, or that there is no path
	// MeanRatio and MaxRatio are of cost over that of the cheapest plan known; the mean is
	// geometric.
	MeanRatio, MaxRatio float64
	WallS               float64 // shifted geometric mean
	// AllWallS is the like over all runs of the algorithm; one that did not solve its case
	// counts with what it had taken when it ended, so that with Solved < Runs it is a
	// lower bound.
	AllWallS float64
}

// Baselines compares the algorithms of the names of which there are records.
func (s *Summary) Baselines(names []string) (Baselines, error) {
	var b Baselines
	var found []string
	for _, name := range names {
		if slices.Contains(s.Algorithms, name) {
			found = append(found, name)
		} else {
			b.Missing = append(b.Missing, name)
		}
	}
	only, err := s.Only(found)
	if err != nil {
		return b, err
	}
	ratio, time := only.Sample(MetricNamed("best-ratio")), only.Sample(MetricNamed("time"))
	b.Costs, b.Efforts = ratio.Comparison, time.Comparison
	b.NoPlan, b.Nothing = only.Names(ratio.LeftOut), only.Names(time.LeftOut)
	for _, name := range found {
		a := slices.Index(only.Algorithms, name)
		row := BaselinesRow{
			Algorithm: name, Runs: only.Outcomes[a].Runs, Solved: only.Outcomes[a].Solved,
			Proved:    only.Outcomes[a].Count[results.Optimal] + only.Outcomes[a].Count[results.Infeasible],
			MeanRatio: math.NaN(), MaxRatio: math.NaN(), WallS: math.NaN(),
		}
		if i := slices.Index(ratio.Compared, a); i >= 0 && len(ratio.Common) > 0 {
			row.MeanRatio, row.MaxRatio = stats.GeoMean(ratio.Values[i]), slices.Max(ratio.Values[i])
		}
		if i := slices.Index(time.Compared, a); i >= 0 {
			row.WallS = stats.ShiftedGeoMean(time.Values[i], TimeShiftS)
		}
		var all []float64
		for _, c := range only.Cases {
			if r := c.Runs[a]; r != nil && !r.Outcome.Faulty() {
				all = append(all, max(r.WallS, 0))
			}
		}
		row.AllWallS = stats.ShiftedGeoMean(all, TimeShiftS)
		b.Rows = append(b.Rows, row)
	}
	return b, nil
}
