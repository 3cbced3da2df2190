package stats

import (
	"fmt"
	"math"

	expstats "golang.org/x/exp/stats"
	"gonum.org/v1/gonum/stat"
)

// Five is Tukey's five-number summary.
type Five struct{ Min, Q1, Median, Q3, Max float64 }

// Summarise computes the five-number summary of finite values; all are NaN for empty input. Quartiles are linear
// interpolations between order statistics: type 7 of Hyndman and Fan, which R, NumPy and Julia use by default. O(n log n).
//
// Note: gonum's stat.Quantile offers types 1 and 4 only; by those the median of {1, 2} is 1.
//
// Source: R. J. Hyndman, Y. Fan, Sample Quantiles in Statistical Packages, The
// American Statistician 50(4), 1996, doi 10.1080/00031305.1996.10473566.
func Summarise(values []float64) Five {
	if len(values) == 0 { // on which the library panics
		nan := math.NaN()
		return Five{nan, nan, nan, nan, nan}
	}
	q := expstats.Quantiles(values, 0, 0.25, 0.5, 0.75, 1)
	return Five{q[0], q[1], q[2], q[3], q[4]}
}

// Median is the middle value, or the mean of the two middle ones; NaN for empty input.
func Median(values []float64) float64 { return Summarise(values).Median }

// ShiftedGeoMean is the shifted geometric mean of non-negative values,
//
//	(Π (xᵢ + s))^(1/n) - s
//
// where s is the shift. Solver benchmarks report it because a few large values dominate the arithmetic mean, and
// differences between tiny ones (0.001 s against 0.002 s), which the shift damps, the geometric mean. The shift is in
// the unit of the values and belongs beside every mean that is shown.
//
// The mean of no values is NaN. It panics on a negative value or shift. O(n).
//
// Sources: T. Achterberg, Constraint Integer Programming, PhD thesis, TU Berlin
// 2007, appendix A.3, doi 10.14279/depositonce-1634; H. Mittelmann, Benchmarks for
// Optimization Software, https://plato.asu.edu/bench.html (times, s = 10 s).
func ShiftedGeoMean(values []float64, shift float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	shifted := make([]float64, len(values))
	lo, hi := math.Inf(1), math.Inf(-1)
	for i, x := range values {
		if !(x >= 0) || !(shift >= 0) {
			panic(fmt.Sprintf("stats: shifted geometric mean of %v with shift %v", x, shift))
		}
		shifted[i] = x + shift
		lo, hi = min(lo, x), max(hi, x)
	}
	// The exact mean lies between the extremes; rounding must not move it out.
	return min(max(stat.GeometricMean(shifted, nil)-shift, lo), hi)
}

// Ratio is a over b, 1 if both are equal, 0 included. O(1).
func Ratio[N int64 | float64](a, b N) float64 {
	if a == b {
		return 1
	}
	return float64(a) / float64(b)
}

// GeoMean is the geometric mean of non-negative values: the mean for ratios. It is NaN for empty input.
func GeoMean(values []float64) float64 { return ShiftedGeoMean(values, 0) }

// Mean is the arithmetic mean, NaN for empty input.
func Mean(values []float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	return stat.Mean(values, nil)
}
