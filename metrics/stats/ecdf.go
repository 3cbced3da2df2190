package stats

import "math"

// ECDF is the empirical distribution function: the fraction of values that are at most
// x, as a curve over x. Values of +Inf, which stand for what never happened, count in
// the denominator only, so the curve ends at the fraction of those that happened. The
// fraction of no values is NaN. O(n log n).
//
// Source: N. Hansen, A. Auger, D. Brockhoff, T. Tušar, Anytime Performance Assessment in
// Blackbox Optimization Benchmarking, IEEE Transactions on Evolutionary Computation
// 26(6), 2022, doi 10.1109/TEVC.2022.3210897, where it is drawn over the runtimes that
// [TimesToTargets] gives for all pairs of case and target.
func ECDF(values []float64) Curve { return cumulative(values, float64(len(values))) }

// TimesToTargets is, for each target, the first time at which the run had a plan of at
// most that cost, and +Inf where it never had. The order of the incumbents does not
// matter. O(incumbents × targets).
//
// A target that is NaN, or an incumbent with a NaN, makes the times NaN that depend on
// it: whether the target was reached is then not known.
//
// Source: N. Hansen and others as cited at [ECDF].
func TimesToTargets(run []Incumbent, targets []float64) []float64 {
	times := make([]float64, len(targets))
	for i, target := range targets {
		times[i] = math.Inf(1)
		for _, inc := range run {
			switch {
			case inc.Cost <= target:
				times[i] = min(times[i], inc.ElapsedS) // NaN where one of them is
			case math.IsNaN(inc.Cost) || math.IsNaN(target):
				times[i] = math.NaN()
			}
		}
		if math.IsNaN(target) {
			times[i] = math.NaN()
		}
	}
	return times
}
