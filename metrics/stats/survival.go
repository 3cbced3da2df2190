package stats

import (
	"cmp"
	"math"
	"slices"
)

// Lifetime is how long it took until a case was solved, or, where it is censored, for
// how long the case was tried without being solved. A time of +Inf says that the case
// will never be solved.
type Lifetime struct {
	TimeS    float64
	Censored bool
}

// Survival is the estimated probability that a case is still unsolved after a time, and
// how sure that is.
type Survival struct {
	Curve  Curve     // steps where cases were solved, from 1 downwards
	StdErr []float64 // of the curve at each step, by Greenwood's formula; NaN where it reaches 0
}

// KaplanMeier estimates the survival curve of lifetimes by the product-limit estimator.
// Cases that are censored at the time at which others are solved count as still tried
// then. Without lifetimes the curve stays at 1. O(n log n).
//
// Note: the estimator assumes that censoring says nothing about how long the case would
// have taken. That holds of a time limit, and of an experiment that was stopped. It does
// not hold of a run that ended for want of memory, or crashed: to censor it is to
// pretend that it would have gone on like the others. Give it the time +Inf. With one
// time limit for all, the curve is 1 - [ECDF] up to that limit.
//
// Sources: E. L. Kaplan, P. Meier, Nonparametric Estimation from Incomplete
// Observations, JASA 53(282), 1958, doi 10.1080/01621459.1958.10501452; M. Greenwood,
// The Natural Duration of Cancer, Reports on Public Health and Medical Subjects 33,
// 1926.
func KaplanMeier(lifetimes []Lifetime) Survival {
	sorted := slices.SortedFunc(slices.Values(lifetimes), func(a, b Lifetime) int { return cmp.Compare(a.TimeS, b.TimeS) })
	if len(sorted) > 0 && math.IsNaN(sorted[0].TimeS) { // NaN comes first
		return Survival{Curve: Curve{Start: math.NaN()}}
	}
	out := Survival{Curve: Curve{Start: 1}}
	alive, greenwood := 1.0, 0.0
	for i := 0; i < len(sorted) && !math.IsInf(sorted[i].TimeS, 1); {
		at, tried, solved := sorted[i].TimeS, len(sorted)-i, 0
		for ; i < len(sorted) && sorted[i].TimeS == at; i++ {
			if !sorted[i].Censored {
				solved++
			}
		}
		if solved == 0 {
			continue
		}
		n, d := float64(tried), float64(solved)
		alive *= (n - d) / n
		greenwood += d / (n * (n - d)) // +Inf where none is left
		out.Curve.Steps = append(out.Curve.Steps, Step{X: at, Y: alive})
		out.StdErr = append(out.StdErr, alive*math.Sqrt(greenwood))
	}
	return out
}
