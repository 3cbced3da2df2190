package stats

import (
	"math"

	expstats "golang.org/x/exp/stats"
)

// Five is Tukey's five-number summary.
type Five struct{ Min, Q1, Median, Q3, Max float64 }

// Summarise computes the five-number summary of finite values; all are NaN for empty input.
// Quartiles are linear interpolations between order statistics: type 7 of Hyndman and Fan,
// which R, NumPy and Julia use by default. O(n log n).
//
// Note: gonum's stat.Quantile offers types 1 and 4 only; by those the median of
// {1, 2} is 1.
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
