package stats

import (
	"cmp"
	"math"
	"slices"
)

// Ranks are the ranks of values from 1 for the smallest; equal ones share the mean of
// the ranks that they take up. All are NaN where one of the values is. O(n log n).
func Ranks(values []float64) []float64 {
	ranks, _ := ranked(values)
	return ranks
}

// ranked is [Ranks] with Σ (t³ - t) over the groups of t equal values, by which rank
// tests correct their variance.
func ranked(values []float64) (ranks []float64, ties float64) {
	order := make([]int, len(values))
	ranks = make([]float64, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(values[a], values[b]) })
	for from := 0; from < len(order); {
		x := values[order[from]]
		if math.IsNaN(x) { // which comes first
			for i := range ranks {
				ranks[i] = x
			}
			return ranks, x
		}
		to := from + 1
		for to < len(order) && values[order[to]] == x {
			to++
		}
		for _, i := range order[from:to] {
			ranks[i] = float64(from+1+to) / 2
		}
		t := float64(to - from)
		ties += t*t*t - t
		from = to
	}
	return ranks, ties
}
