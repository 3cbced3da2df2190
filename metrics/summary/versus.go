package summary

import (
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/metrics/stats"
)

// Versus compares the costs of plans with those of one algorithm, the baseline, case by
// case.
type Versus struct {
	Baseline string
	Rows     []VersusRow // by algorithm, and for each by group, all groups together first
}

// VersusRow is one algorithm against the baseline on one group of cases. Costs are
// compared over the cases in which both found a plan; the counts of plans found, over
// those in which both were run.
type VersusRow struct {
	Algorithm string
	Group     *Group // nil: all cases

	Cases         int // in which both were run
	Found         int // plans of the algorithm
	BaselineFound int // plans of the baseline
	Both          int // in which both found a plan

	Cheaper, Equal, Costlier int // the algorithm's plans, of Both

	// Saved is how much less the algorithm's plans cost together, as a share of what the
	// baseline's do. NaN where these are free, where there are none, and where costs of
	// several cost functions would be added up.
	Saved float64
	// Mean is the geometric mean of cost over the baseline's cost, Least and Most are the
	// extremes. Where both are 0 the ratio is 1, where only the baseline's is it is infinite.
	Mean, Least, Most float64
}

// Versus compares all other algorithms with one, by group. There are no rows where it was
// not run.
func (s *Summary) Versus(baseline string, by Groups) Versus {
	v := Versus{Baseline: baseline}
	base := slices.Index(s.Algorithms, baseline)
	if base < 0 {
		return v
	}
	for a, name := range s.Algorithms {
		if a == base {
			continue
		}
		all := versus(s.Cases, a, base)
		if all.Cases == 0 {
			continue
		}
		all.Algorithm = name
		v.Rows = append(v.Rows, all)
		for _, g := range by.List {
			if row := versus(g.Cases, a, base); row.Cases > 0 {
				row.Algorithm, row.Group = name, &g
				v.Rows = append(v.Rows, row)
			}
		}
	}
	return v
}

// versus compares two algorithms over some cases.
func versus(cases []*Case, algorithm, baseline int) VersusRow {
	var row VersusRow
	var ratios []float64
	var sum, baseSum float64
	unit, mixed := "", false
	for _, c := range cases {
		r, b := c.Runs[algorithm], c.Runs[baseline]
		if r == nil || b == nil {
			continue
		}
		row.Cases++
		if r.Outcome.HasPlan() {
			row.Found++
		}
		if b.Outcome.HasPlan() {
			row.BaselineFound++
		}
		if !r.Outcome.HasPlan() || !b.Outcome.HasPlan() {
			continue
		}
		row.Both++
		switch cost, than := *r.Cost, *b.Cost; {
		case cost < than:
			row.Cheaper++
		case cost == than:
			row.Equal++
		default:
			row.Costlier++
		}
		mixed = mixed || (unit != "" && unit != c.CostFunction)
		unit = c.CostFunction
		sum, baseSum = sum+float64(*r.Cost), baseSum+float64(*b.Cost)
		ratios = append(ratios, stats.Ratio(*r.Cost, *b.Cost))
	}
	row.Saved = math.NaN()
	if !mixed && baseSum > 0 {
		row.Saved = (baseSum - sum) / baseSum
	}
	row.Mean, row.Least, row.Most = stats.GeoMean(ratios), math.NaN(), math.NaN()
	if len(ratios) > 0 {
		row.Least, row.Most = slices.Min(ratios), slices.Max(ratios)
	}
	return row
}
