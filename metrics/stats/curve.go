package stats

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sort"
)

// Curve is a step function, continuous from the right: Start before the first step, then the Y of the last step whose X
// has been reached. A curve made of values with a NaN is unknown everywhere: Start is NaN, and there are no steps.
type Curve struct {
	Start float64
	Steps []Step // X strictly ascending and never +Inf
}

// Step is a step of a curve to Y at X; the curve has the value Y at X.
type Step struct{ X, Y float64 }

// At is the value of the curve at x. O(log n).
func (c Curve) At(x float64) float64 {
	i := sort.Search(len(c.Steps), func(i int) bool { return c.Steps[i].X > x })
	switch {
	case math.IsNaN(x):
		return x
	case i == 0:
		return c.Start
	}
	return c.Steps[i-1].Y
}

// End is the value of the curve after its last step.
func (c Curve) End() float64 { return c.At(math.Inf(1)) }

// ecdf is the empirical distribution function: the fraction of values that are at most x, as a curve over x. Values of
// +Inf, which stand for unsolved cases, count in the denominator only, so the curve ends at the fraction of solved
// cases. The fraction of no values is NaN. O(n log n).
func ecdf(values []float64) Curve {
	sorted := slices.Sorted(slices.Values(values)) // NaN comes first
	if len(sorted) == 0 || math.IsNaN(sorted[0]) {
		return Curve{Start: math.NaN()}
	}
	var c Curve
	for i, x := range sorted {
		if !math.IsInf(x, 1) && (i+1 == len(sorted) || sorted[i+1] != x) {
			c.Steps = append(c.Steps, Step{X: x, Y: float64(i+1) / float64(len(sorted))})
		}
	}
	return c
}

// PerformanceProfiles returns, for each algorithm, the fraction of all cases in which its value is at most τ times the
// smallest value of any algorithm in that case, as a curve over τ >= 1. At τ = 1 it is the fraction in which no other
// algorithm is better; its end is the fraction that the algorithm solved.
//
// values[a][c] is the value of algorithm a in case c: non-negative, smaller is better, +Inf for an unsolved case. A
// case that no algorithm solved counts as a case in which all failed. If the smallest value is 0, values of 0 have the
// ratio 1 and all others an infinite one: such cases are solved, but are within no factor of the best, and the curve
// ends below [Coverage]. (BenchmarkProfiles.jl adds 1 to all values instead, which changes every ratio.) All curves are
// NaN without cases, and if any value is NaN.
//
// It panics on a negative value, and if algorithms have different numbers of cases. O(n log n) for n values.
//
// Note: a profile compares each algorithm with the best of all, and so depends on which algorithms there are; see N.
// Gould, J. Scott, A Note on Performance Profiles for Benchmarking Software, ACM TOMS 43(2), 2016, doi 10.1145/2950048.
//
// Source: E. D. Dolan, J. J. Moré, Benchmarking optimization software with performance
// profiles, Mathematical Programming 91, 2002, doi 10.1007/s101070100263.
func PerformanceProfiles(values [][]float64) []Curve {
	var best []float64 // of each case
	for a, of := range values {
		if a == 0 {
			best = slices.Clone(of)
		}
		if len(of) != len(best) {
			panic(fmt.Sprintf("stats: performance profile of %d cases of algorithm 0, %d of algorithm %d", len(best), len(of), a))
		}
		for c, x := range of {
			if x < 0 {
				panic(fmt.Sprintf("stats: performance profile of %v, case %d of algorithm %d", x, c, a))
			}
			best[c] = min(best[c], x) // NaN if one of them is
		}
	}
	out := make([]Curve, len(values))
	for a, of := range values {
		ratios := slices.Clone(of)
		for c, x := range of {
			if !math.IsInf(best[c], 1) {
				ratios[c] = Ratio(x, best[c])
			}
		}
		out[a] = ecdf(ratios)
	}
	return out
}

// Lifetime is the time until a case was solved or, if it is censored, the time for which it
// was tried without being solved. A case with a time of +Inf will never be solved.
type Lifetime struct {
	TimeS    float64
	Censored bool
}

// KaplanMeier estimates the probability that a case is still unsolved after a time, by the product-limit estimator: a
// curve that falls from 1 at the times at which cases were solved. Cases that are censored at such a time count as
// still tried then. Without lifetimes the curve stays at 1. O(n log n).
//
// Note: the estimator assumes that censoring does not depend on how long the case would have taken. That holds for a
// time limit and for an experiment that was stopped, but not for a run that ran out of memory or crashed. Give such a
// run the time +Inf. With one time limit for all, the curve is 1 minus the share of solved cases up to that limit.
//
// Source: E. L. Kaplan, P. Meier, Nonparametric Estimation from Incomplete Observations,
// JASA 53(282), 1958, doi 10.1080/01621459.1958.10501452.
func KaplanMeier(lifetimes []Lifetime) Curve {
	sorted := slices.SortedFunc(slices.Values(lifetimes), func(a, b Lifetime) int { return cmp.Compare(a.TimeS, b.TimeS) })
	if len(sorted) > 0 && math.IsNaN(sorted[0].TimeS) { // NaN comes first
		return Curve{Start: math.NaN()}
	}
	out := Curve{Start: 1}
	unsolved := 1.0
	for i := 0; i < len(sorted) && !math.IsInf(sorted[i].TimeS, 1); {
		at, tried, solved := sorted[i].TimeS, len(sorted)-i, 0
		for ; i < len(sorted) && sorted[i].TimeS == at; i++ {
			if !sorted[i].Censored {
				solved++
			}
		}
		if solved > 0 {
			unsolved *= float64(tried-solved) / float64(tried)
			out.Steps = append(out.Steps, Step{X: at, Y: unsolved})
		}
	}
	return out
}
