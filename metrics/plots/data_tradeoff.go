package summary

import (
	"cmp"
	"slices"

	"github.com/cloudrearrange/rearrange/metrics/stats"
)

// Tradeoff sets two metrics against each other, over the cases in which all compared
// algorithms have both.
type Tradeoff struct {
	X, Y Metric
	Comparison
	Rows []TradeoffRow // one per compared algorithm
}

// TradeoffRow is one algorithm's shifted geometric means; NaN where there are no common
// cases.
type TradeoffRow struct {
	Algorithm int // index into Summary.Algorithms
	X, Y      float64
	Front     bool // no other is better in one and as good in the other
}

// Tradeoff computes means and their Pareto front.
func (s *Summary) Tradeoff(x, y Metric) Tradeoff {
	t := Tradeoff{X: x, Y: y}
	t.Comparison = s.compare(func(c *Case, a int) bool {
		_, okX := x.Of(c, a)
		_, okY := y.Of(c, a)
		return okX && okY
	})
	mean := func(m Metric, a int) float64 {
		values := make([]float64, len(t.Common))
		for i, c := range t.Common {
			values[i], _ = m.Of(c, a)
		}
		return stats.ShiftedGeoMean(values, m.Shift)
	}
	for _, a := range t.Compared {
		t.Rows = append(t.Rows, TradeoffRow{Algorithm: a, X: mean(x, a), Y: mean(y, a)})
	}
	for i, r := range t.Rows {
		t.Rows[i].Front = !slices.ContainsFunc(t.Rows, func(o TradeoffRow) bool {
			return o.X <= r.X && o.Y <= r.Y && (o.X < r.X || o.Y < r.Y)
		})
	}
	return t
}

// Front is the Pareto front, from left to right.
func (t Tradeoff) Front() []TradeoffRow {
	out := slices.DeleteFunc(slices.Clone(t.Rows), func(r TradeoffRow) bool { return !r.Front })
	slices.SortStableFunc(out, func(a, b TradeoffRow) int { return cmp.Or(cmp.Compare(a.X, b.X), cmp.Compare(b.Y, a.Y)) })
	return out
}
