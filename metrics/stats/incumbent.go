package stats

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Incumbent is a plan that a run found: its cost, and the time at which it was found.
type Incumbent struct {
	ElapsedS float64
	Cost     float64
}

// PrimalGap is the distance of a cost to the best known one, relative to the larger of the two:
//
//	0                                    if both are equal,
//	1                                    if they have different signs,
//	|best - cost| / max(|best|, |cost|)  otherwise.
//
// It lies between 0 and 1, and is defined if either is 0. A cost of +Inf stands for
// no plan yet and has the gap 1. The gap of NaN is NaN. O(1).
//
// Source: T. Berthold, Measuring the impact of primal heuristics, Operations Research
// Letters 41(6), 2013, doi 10.1016/j.orl.2013.08.007.
func PrimalGap(cost, best float64) float64 {
	switch {
	case math.IsNaN(cost) || math.IsNaN(best):
		return math.NaN()
	case cost == best:
		return 0
	case math.Signbit(cost) != math.Signbit(best) && cost != 0 && best != 0, math.IsInf(cost, 0), math.IsInf(best, 0):
		return 1
	}
	return math.Abs(best-cost) / max(math.Abs(best), math.Abs(cost))
}

// PrimalIntegral is the integral of the primal gap of a run over the time from 0 to the horizon, in seconds: the gap is
// 1 until the first plan is found, then that of the cheapest plan so far. A run that finds the best plan at once has 0,
// and a run without a plan the horizon. Divided by the horizon it is the mean gap. Unlike the gap at the end, it
// rewards good plans that come early.
//
// The order of the incumbents does not matter. Those after the horizon do not count. It is NaN if a cost, a time or
// best is. It panics on a horizon that is negative or not finite. O(n log n).
//
// Source: T. Berthold as cited at [PrimalGap].
func PrimalIntegral(run []Incumbent, best, horizonS float64) float64 {
	if !(horizonS >= 0) || math.IsInf(horizonS, 1) {
		panic(fmt.Sprintf("stats: primal integral up to %v s", horizonS))
	}
	byTime := slices.SortedStableFunc(slices.Values(run), func(a, b Incumbent) int { return cmp.Compare(a.ElapsedS, b.ElapsedS) })
	sum, since, cost := 0.0, 0.0, math.Inf(1)
	for _, inc := range byTime {
		if math.IsNaN(inc.ElapsedS) || math.IsNaN(inc.Cost) {
			return math.NaN()
		}
		at := min(max(inc.ElapsedS, 0), horizonS)
		sum += PrimalGap(cost, best) * (at - since)
		since = at
		cost = min(cost, inc.Cost)
	}
	return sum + PrimalGap(cost, best)*(horizonS-since)
}

// TimesToTargets is, for each target, the first time at which the run had a plan of at most that cost, +Inf if it never had
// one. The order of the incumbents does not matter. A NaN makes the times NaN that depend on it. O(incumbents × targets).
//
// Source: N. Hansen, A. Auger, D. Brockhoff, T. Tušar, Anytime Performance Assessment in Blackbox Optimization
// Benchmarking, IEEE Transactions on Evolutionary Computation 26(6), 2022, doi 10.1109/TEVC.2022.3210897.
func TimesToTargets(run []Incumbent, targets []float64) []float64 {
	times := make([]float64, len(targets))
	for i, target := range targets {
		times[i] = math.Inf(1)
		if math.IsNaN(target) {
			times[i] = target
		}
		for _, inc := range run {
			switch {
			case inc.Cost <= target:
				times[i] = min(times[i], inc.ElapsedS) // NaN if one of them is
			case math.IsNaN(inc.Cost):
				times[i] = inc.Cost
			}
		}
	}
	return times
}
