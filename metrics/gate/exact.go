package gate

import (
	"cmp"
	"math/big"
	"slices"

	"github.com/cloudrearrange/rearrange/metrics/stats"
)

// Change is a pair whose value changed beyond the tolerance.
type Change struct {
	Pair
	Before, After float64
	// Ratio is After / Before: 1 where both are 0, infinite where only Before is. Of a timed
	// metric it is the median over seeds, with drift, and the pair is one of them.
	Ratio float64
	Worse bool
}

// compare compares the pairs of an exact metric.
func (r *Row) compare(pairs []Pair) {
	var ratios []float64
	for _, p := range pairs {
		if why := r.Metric.leave(p.Base, p.Cand); why != "" {
			r.Left[why]++
			continue
		}
		before, after := r.Metric.exact(p.Base), r.Metric.exact(p.Cand)
		if r.Metric.Answer {
			r.Before, r.After = r.Before+max(before, 0), r.After+max(after, 0)
		} else {
			ratios = append(ratios, stats.Ratio(after, before))
		}
		if !beyond(before, after, r.Threshold.Tolerance) {
			r.Same++
			continue
		}
		c := Change{Pair: p, Before: float64(before), After: float64(after), Ratio: stats.Ratio(after, before)}
		if c.Worse = (after < before) == r.Metric.HigherIsBetter; c.Worse {
			r.Worse++
		} else {
			r.Better++
		}
		r.Changes = append(r.Changes, c)
	}
	r.Ratio = stats.GeoMean(ratios)
	r.sortChanges()
}

// beyond tells whether two values differ by more than the tolerance, relative to the first
// one. It is exact.
func beyond(before, after int64, tolerance *big.Rat) bool {
	if before == after || tolerance.Sign() == 0 {
		return before != after
	}
	change := new(big.Int).Sub(big.NewInt(after), big.NewInt(before))
	allowed := new(big.Rat).Mul(tolerance, new(big.Rat).SetInt64(before))
	return new(big.Rat).SetInt(change.Abs(change)).Cmp(allowed) > 0
}

// sortChanges puts the worst change first, and the greatest improvement last.
func (r *Row) sortChanges() {
	badness := func(c Change) float64 {
		switch {
		case r.Metric.Answer:
			return c.Before - c.After
		case r.Metric.HigherIsBetter:
			return 1 / c.Ratio
		}
		return c.Ratio
	}
	slices.SortStableFunc(r.Changes, func(a, b Change) int { return cmp.Compare(badness(b), badness(a)) })
}
