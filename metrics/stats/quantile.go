package stats

import (
	"fmt"
	"math"
	"slices"
)

// Quantile is the p-quantile, 0 <= p <= 1, by linear interpolation between order
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
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	return quantile(sorted, p)
}

func quantile(sorted []float64, p float64) float64 {
	if !(p >= 0 && p <= 1) {
		panic(fmt.Sprintf("stats: quantile %v", p))
	}
	if len(sorted) == 0 {
		return math.NaN()
	}
	at := p * float64(len(sorted)-1)
	i := int(at)
	if i == len(sorted)-1 || sorted[i] == sorted[i+1] {
		return sorted[i]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}

// Median is the 0.5-quantile: the middle value, or the mean of the two middle ones.
func Median(values []float64) float64 { return Quantile(values, 0.5) }

// Five is Tukey's five-number summary, with quartiles as [Quantile] defines them.
type Five struct{ Min, Q1, Median, Q3, Max float64 }

// Summarise computes the five-number summary; all are NaN of no values.
func Summarise(values []float64) Five {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	return Five{
		Min: quantile(sorted, 0), Q1: quantile(sorted, 0.25), Median: quantile(sorted, 0.5),
		Q3: quantile(sorted, 0.75), Max: quantile(sorted, 1),
	}
}
