package summary

import (
	"math"

	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/results"
)

// Quality compares the costs of plans with the best proved lower bounds, over the
// cases in which all compared algorithms found a plan and a bound can be divided
// by.
type Quality struct {
	Comparison
	Used []*Case // the common cases that the figures are computed over

	// Common cases that could not be used, and why.
	NoBound      int // no run proved a lower bound
	ZeroBound    int // the bound is 0 and some cost is not: the ratio has no value
	Contradicted int // some plan is cheaper than the bound; see the alarms

	Rows []QualityRow // one per compared algorithm
}

// QualityRow is one algorithm's quality over Quality.Used. Its figures are NaN when
// there are no such cases.
type QualityRow struct {
	Algorithm string
	Ratios    []float64 // cost / bound by case; 1 where both are 0
	AtBound   int       // cases in which the cost equals the bound: optimal beyond doubt
	Best      int       // cases in which no compared algorithm found a cheaper plan
	GeoMean   float64   // of the ratios
	Spread    stats.Five
	MeanGap   float64 // arithmetic mean of (cost - bound) / bound
}

func (s *Summary) quality() Quality {
	q := Quality{Comparison: s.compare(ended(results.Outcome.HasPlan))}
	var cheapest []int64 // plan of any compared algorithm, by used case
	for _, c := range q.Common {
		least, most := int64(math.MaxInt64), int64(0)
		for _, a := range q.Compared {
			cost := *c.Runs[a].Cost
			least, most = min(least, cost), max(most, cost)
		}
		switch {
		case c.Bound == nil:
			q.NoBound++
		case least < *c.Bound:
			q.Contradicted++
		case *c.Bound == 0 && most > 0:
			q.ZeroBound++
		default:
			q.Used, cheapest = append(q.Used, c), append(cheapest, least)
		}
	}
	for _, a := range q.Compared {
		row := QualityRow{Algorithm: s.Algorithms[a], Ratios: make([]float64, len(q.Used))}
		gaps := make([]float64, len(q.Used))
		for i, c := range q.Used {
			cost := *c.Runs[a].Cost
			row.Ratios[i], gaps[i] = stats.Ratio(cost, *c.Bound), stats.Gap(cost, *c.Bound)
			if cost == *c.Bound {
				row.AtBound++
			}
			if cheapest[i] == cost {
				row.Best++
			}
		}
		row.GeoMean = stats.GeoMean(row.Ratios)
		row.Spread = stats.Summarise(row.Ratios)
		row.MeanGap = stats.Mean(gaps)
		q.Rows = append(q.Rows, row)
	}
	return q
}
