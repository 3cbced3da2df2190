package stats

import (
	"fmt"
	"math"
)

// PerformanceProfiles are the performance profiles of algorithms: for each of them, the
// fraction of all cases in which its value is at most τ times the smallest value that
// any of the algorithms has in that case, as a curve over τ >= 1. At τ = 1 it tells how
// often the algorithm is the best, or as good; where it ends, how much it solves.
//
// values[a][c] is the value of algorithm a in case c: non-negative, smaller is better,
// +Inf where it did not solve it. A case that no algorithm solved counts as a case in
// which all failed. Where the smallest value is 0, values of 0 have the ratio 1, and
// the ratio of all others is infinite: such cases are solved, but are within no factor
// of the best, and the curve ends below [Coverage]. (BenchmarkProfiles.jl adds 1 to all
// values instead, which changes every ratio.) The curves of algorithms are NaN
// without cases, and where any value in any case is NaN, since the smallest one is then
// not known.
//
// It panics on a negative value, and where algorithms have different numbers of cases.
// O(n log n) for n values.
//
// Note: a profile compares each algorithm with the best of all. What it says about two
// of them depends on the others; see N. Gould, J. Scott, A Note on Performance Profiles
// for Benchmarking Software, ACM TOMS 43(2), 2016, doi 10.1145/2950048.
//
// Source: E. D. Dolan, J. J. Moré, Benchmarking optimization software with performance
// profiles, Mathematical Programming 91, 2002, doi 10.1007/s101070100263.
func PerformanceProfiles(values [][]float64) []Curve {
	out := make([]Curve, len(values))
	for a, ratios := range ratiosToBest(values) {
		out[a] = ECDF(ratios)
	}
	return out
}

// ratiosToBest divides each value by the smallest one of its case; see
// [PerformanceProfiles].
func ratiosToBest(values [][]float64) [][]float64 {
	if len(values) == 0 {
		return nil
	}
	best := make([]float64, len(values[0]))
	for c := range best {
		best[c] = math.Inf(1)
	}
	for a, of := range values {
		if len(of) != len(best) {
			panic(fmt.Sprintf("stats: performance profile of %d cases of algorithm 0, %d of algorithm %d", len(best), len(of), a))
		}
		for c, x := range of {
			if x < 0 {
				panic(fmt.Sprintf("stats: performance profile of %v, case %d of algorithm %d", x, c, a))
			}
			best[c] = min(best[c], x) // NaN where one of them is
		}
	}
	ratios := make([][]float64, len(values))
	for a, of := range values {
		ratios[a] = make([]float64, len(of))
		for c, x := range of {
			switch {
			case math.IsInf(best[c], 1):
				ratios[a][c] = x
			case x == best[c]: // 0 / 0 among others
				ratios[a][c] = 1
			default:
				ratios[a][c] = x / best[c]
			}
		}
	}
	return ratios
}
