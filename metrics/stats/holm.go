package stats

import (
	"cmp"
	"math"
	"slices"
)

// Holm adjusts the p-values of several tests so that those at most α keep the chance of any false rejection at or below
// α, whatever the dependence between the tests: the i-th smallest of m is multiplied by m - i + 1, capped at 1, and
// raised to the largest before it. The result is in the order of the input. A NaN stands for a test that could not be
// made; it stays NaN and is not counted. O(m log m).
//
// Source: S. Holm, A Simple Sequentially Rejective Multiple Test Procedure, Scandinavian
// Journal of Statistics 6(2), 1979, https://www.jstor.org/stable/4615733.
func Holm(p []float64) []float64 {
	adjusted := make([]float64, len(p))
	var order []int
	for i, x := range p {
		adjusted[i] = x
		if !math.IsNaN(x) {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	least := 0.0
	for before, i := range order {
		least = max(least, min(1, p[i]*float64(len(order)-before)))
		adjusted[i] = least
	}
	return adjusted
}
