package stats

import (
	"cmp"
	"math"
	"slices"
)

// Lifetime is the time until a case was solved or, if it is censored, the time for which it
// was tried without being solved. A case with a time of +Inf will never be solved.
type Lifetime struct {
	TimeS    float64
	Censored bool
}

// KaplanMeier estimates the probability that a case is still unsolved after a time, by the
// product-limit estimator: a curve that falls from 1 at the times at which cases were solved.
// Cases that are censored at such a time count as still tried then. Without lifetimes the
// curve stays at 1. O(n log n).
//
// Note: the estimator assumes that censoring does not depend on how long the case would have
// taken. That holds for a time limit and for an experiment that was stopped, but not for a
// run that ran out of memory or crashed. Give such a run the time +Inf. With one time limit
// for all, the curve is 1 minus the share of solved cases up to that limit.
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
