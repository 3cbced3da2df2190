package stats

import (
	"math"

	expstats "golang.org/x/exp/stats"
)

// Quantile is the p-quantile of finite values, 0 <= p <= 1, by linear interpolation between order
// statistics with the extremes at p = 0 and 1: type 7 of Hyndman and Fan, which R,
// NumPy and Julia use by default. The quantile of no values is NaN. It panics on a
// p outside its range. O(n log n).
//
// Note: gonum's stat.Quantile offers types 1 and 4 only; by those the median of
// {1, 2} is 1.
//
// Source: R. J. Hyndman, Y. Fan, Sample Quantiles in Statistical Packages, The
// American Statistician 50(4), 1996, doi 10.1080/00031305.1996.10473566.
func Quantile(values []float64, p float64) float64 {
	return quantiles(values, p)[0]
}

// quantiles keeps the library from what it panics on: no values at all.
func quantiles(values []float64, ps ...float64) []float64 {
	if len(values) > 0 {
		return expstats.Quantiles(values, ps...)
	}
	out := make([]float64, len(ps))
	for i := range out {
		out[i] = math.NaN()
	}
	return out
}

// Median is the 0.5-quantile: the middle value, or the mean of the two middle ones.
func Median(values []float64) float64 { return Quantile(values, 0.5) }

// Five is Tukey's five-number summary, with quartiles as [Quantile] defines them.
type Five struct{ Min, Q1, Median, Q3, Max float64 }

// Summarise computes the five-number summary; all are NaN for empty input.
func Summarise(values []float64) Five {
	q := quantiles(values, 0, 0.25, 0.5, 0.75, 1)
	return Five{Min: q[0], Q1: q[1], Median: q[2], Q3: q[3], Max: q[4]}
}
