package stats

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
)

// ranked returns the ranks of values from 1 for the smallest, equal ones sharing their mean rank, and Σ (t³ - t) over the
// groups of t equal values, by which rank tests correct their variance. All are NaN if one of the values is. O(n log n).
func ranked(values []float64) (ranks []float64, ties float64) {
	if floats.HasNaN(values) {
		return slices.Repeat([]float64{math.NaN()}, len(values)), math.NaN()
	}
	ranks = make([]float64, len(values))
	sorted, order := slices.Clone(values), make([]int, len(values))
	floats.Argsort(sorted, order)
	for from, to := 0, 0; from < len(order); from = to {
		for to < len(order) && sorted[to] == sorted[from] {
			to++
		}
		for _, i := range order[from:to] {
			ranks[i] = float64(from+1+to) / 2
		}
		t := float64(to - from)
		ties += t*t*t - t
	}
	return ranks, ties
}
