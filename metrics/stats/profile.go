package stats

import (
	"fmt"
	"math"
	"slices"
)

// PerformanceProfiles returns, for each algorithm, the fraction of all cases in which its
// value is at most τ times the smallest value of any algorithm in that case, as a curve over
// τ >= 1. At τ = 1 it is the fraction in which no other algorithm is better; its end is the
// fraction that the algorithm solved.
//
// values[a][c] is the value of algorithm a in case c: non-negative, smaller is better,
// +Inf for an unsolved case. A case that no algorithm solved counts as a case in which all
// failed. If the smallest value is 0, values of 0 have the ratio 1 and all others an
// infinite one: such cases are solved, but are within no factor of the best, and the curve
// ends below [Coverage]. (BenchmarkProfiles.jl adds 1 to all values instead, which changes
// every ratio.) All curves are NaN without cases, and if any value is NaN.
//
// It panics on a negative value, and if algorithms have different numbers of cases.
// O(n log n) for n values.
//
// Note: a profile compares each algorithm with the best of all, and so depends on which
// algorithms there are; see N. Gould, J. Scott, A Note on Performance Profiles
// for Benchmarking Software, ACM TOMS 43(2), 2016, doi 10.1145/2950048.
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
