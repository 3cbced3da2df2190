package stats

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
)

// A12 is Vargha and Delaney's measure of stochastic superiority: the probability that a value of a is larger than one
// of b, equal ones counting half. 0.5 says that neither tends to be larger; by their rule of thumb, 0.56, 0.64 and 0.71
// (or 0.44, 0.36 and 0.29) are a small, a medium and a large effect. Pairs do not matter. +Inf is larger than all other
// values and equal to itself. It is NaN if either is empty or has a NaN. O(n log n).
//
// Source: A. Vargha, H. D. Delaney, A Critique and Improvement of the CL Common Language Effect Size Statistics of
// McGraw and Wong, Journal of Educational and Behavioral Statistics 25(2), 2000, doi 10.3102/10769986025002101.
func A12(a, b []float64) float64 {
	if len(a) == 0 || len(b) == 0 {
		return math.NaN()
	}
	ranks, _ := ranked(slices.Concat(a, b))
	n := float64(len(a))
	return (floats.Sum(ranks[:len(a)])/n - (n+1)/2) / float64(len(b))
}
