package stats

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/stat/distuv"
)

// CriticalDifference is the least difference of the mean ranks of two of k algorithms that
// is significant by the test of Nemenyi, at the level alpha for all pairs together:
//
//	q · sqrt(k (k + 1) / (6 cases))
//
// where q is the 1 - alpha quantile of the range of k standard normal variables divided by √2, which is computed for
// any k and alpha. The test applies if that of [Friedman] finds a difference. It is NaN without cases. It panics on k <
// 2 and on an alpha that is not between 0 and 1.
//
// Source: J. Demšar as cited at [Friedman], section 3.2.2.
func CriticalDifference(k, cases int, alpha float64) float64 {
	if k < 2 || !(alpha > 0 && alpha < 1) {
		panic(fmt.Sprintf("stats: critical difference of %d algorithms at level %v", k, alpha))
	}
	if cases < 1 {
		return math.NaN()
	}
	q := normalRangeQuantile(k, 1-alpha) / math.Sqrt2
	return q * math.Sqrt(float64(k)*float64(k+1)/(6*float64(cases)))
}

// normalRangeQuantile is the p-quantile of the range of k standard normal variables: the studentised range with
// infinitely many degrees of freedom. By bisection; its distribution is smooth and strictly increasing.
func normalRangeQuantile(k int, p float64) float64 {
	lo, hi := 0.0, 1.0
	for normalRangeCDF(k, hi) < p && hi < 100 {
		hi *= 2
	}
	for range 60 {
		if mid := (lo + hi) / 2; normalRangeCDF(k, mid) < p {
			lo = mid
		} else {
			hi = mid
		}
	}
	return (lo + hi) / 2
}

// normalRangeCDF is the probability that the range of k standard normal variables is at most r:
//
//	k ∫ φ(z) (Φ(z) - Φ(z - r))^(k-1) dz
//
// where z is the largest of them. Source: H. L. Harter, Tables of Range and Studentized
// Range, The Annals of Mathematical Statistics 31(4), 1960, doi 10.1214/aoms/1177705684.
func normalRangeCDF(k int, r float64) float64 {
	normal := distuv.UnitNormal
	density := func(z float64) float64 {
		return normal.Prob(z) * math.Pow(normal.CDF(z)-normal.CDF(z-r), float64(k-1))
	}
	// Beyond 9 standard deviations the density is 0 within the precision of float64.
	return float64(k) * quad.Fixed(density, -9, 9, 200, quad.Legendre{}, 0)
}

// Cliques are the largest sets of two or more algorithms whose mean ranks lie closer together than the critical difference:
// the bars of a critical-difference diagram. Algorithms are indices of ranks; they and the sets are ordered from the best rank
// to the worst. There are none if a rank or the difference is NaN. O(k log k + the size of the result).
//
// Source: J. Demšar as cited at [Friedman], figure 1.
func Cliques(ranks []float64, criticalDifference float64) [][]int {
	if floats.HasNaN(ranks) {
		return nil
	}
	sorted, order := slices.Clone(ranks), make([]int, len(ranks))
	floats.ArgsortStable(sorted, order)
	var out [][]int
	reached, to := 0, 0 // reached: the end of the last set
	for from, rank := range sorted {
		for to = max(to, from); to < len(order) && sorted[to]-rank < criticalDifference; {
			to++
		}
		if to-from >= 2 && to > reached {
			out = append(out, slices.Clone(order[from:to]))
			reached = to
		}
	}
	return out
}
