package stats

import (
	"math"
	"slices"
)

// A12 is Vargha and Delaney's measure of stochastic superiority: the probability that a
// value of a is larger than one of b, equal ones counting half. 0.5 says that neither
// tends to be larger; by their rule of thumb, 0.56, 0.64 and 0.71 (or 0.44, 0.36 and
// 0.29) are a small, a medium and a large effect. It takes no account of pairs. +Inf
// values are larger than all others and equal to each other. It is NaN where either is
// empty or has a NaN. O(n log n).
//
// Source: A. Vargha, H. D. Delaney, A Critique and Improvement of the CL Common Language
// Effect Size Statistics of McGraw and Wong, Journal of Educational and Behavioral
// Statistics 25(2), 2000, doi 10.3102/10769986025002101.
func A12(a, b []float64) float64 {
	if len(a) == 0 || len(b) == 0 {
		return math.NaN()
	}
	sum := 0.0
	for _, r := range Ranks(slices.Concat(a, b))[:len(a)] {
		sum += r
	}
	n := float64(len(a))
	return (sum/n - (n+1)/2) / float64(len(b))
}
