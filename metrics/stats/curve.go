package stats

import (
	"math"
	"slices"
	"sort"
)

// Curve is a step function, continuous from the right: Start before the first step,
// then the Y of the last step whose X has been reached. A curve made of values with a NaN
// is unknown everywhere: Start is NaN, and there are no steps.
type Curve struct {
	Start float64
	Steps []Step // X strictly ascending and never +Inf
}

// Step is a step of a curve to Y at X; the curve has the value Y at X.
type Step struct{ X, Y float64 }

// At is the value of the curve at x. O(log n).
func (c Curve) At(x float64) float64 {
	i := sort.Search(len(c.Steps), func(i int) bool { return c.Steps[i].X > x })
	switch {
	case math.IsNaN(x):
		return x
	case i == 0:
		return c.Start
	}
	return c.Steps[i-1].Y
}

// End is the value of the curve after its last step.
func (c Curve) End() float64 { return c.At(math.Inf(1)) }

// ecdf is the empirical distribution function: the fraction of values that are at most
// x, as a curve over x. Values of +Inf, which stand for unsolved cases, count in the
// denominator only, so the curve ends at the fraction of solved cases. The fraction of no
// values is NaN. O(n log n).
func ecdf(values []float64) Curve {
	sorted := slices.Sorted(slices.Values(values)) // NaN comes first
	if len(sorted) == 0 || math.IsNaN(sorted[0]) {
		return Curve{Start: math.NaN()}
	}
	var c Curve
	for i, x := range sorted {
		if !math.IsInf(x, 1) && (i+1 == len(sorted) || sorted[i+1] != x) {
			c.Steps = append(c.Steps, Step{X: x, Y: float64(i+1) / float64(len(sorted))})
		}
	}
	return c
}
