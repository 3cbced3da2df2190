package stats

import (
	"cmp"
	"math"
	"slices"
)

// Curve is a step function, continuous from the right: Start before the first step,
// then the Y of the last step whose X has been reached. A curve made of values of which
// one is NaN is not known anywhere: Start is NaN, and there are no steps.
type Curve struct {
	Start float64
	Steps []Step // X strictly ascending and never +Inf
}

// Step says that the curve is at Y from X on, X included.
type Step struct{ X, Y float64 }

// At is the value of the curve at x. O(log n).
func (c Curve) At(x float64) float64 {
	i, found := slices.BinarySearchFunc(c.Steps, x, func(s Step, x float64) int { return cmp.Compare(s.X, x) })
	switch {
	case math.IsNaN(x):
		return x
	case found:
		return c.Steps[i].Y
	case i == 0:
		return c.Start
	}
	return c.Steps[i-1].Y
}

// End is the value of the curve after its last step.
func (c Curve) End() float64 {
	if len(c.Steps) == 0 {
		return c.Start
	}
	return c.Steps[len(c.Steps)-1].Y
}

// cumulative is the curve of how many of the values have been reached, divided by per.
// Values of +Inf are never reached. O(n log n).
func cumulative(values []float64, per float64) Curve {
	sorted := slices.Sorted(slices.Values(values)) // NaN comes first
	if len(sorted) > 0 && math.IsNaN(sorted[0]) {
		return Curve{Start: math.NaN()}
	}
	c := Curve{Start: 0 / per}
	for i, x := range sorted {
		if math.IsInf(x, 1) {
			break
		}
		if i+1 == len(sorted) || sorted[i+1] != x {
			c.Steps = append(c.Steps, Step{X: x, Y: float64(i+1) / per})
		}
	}
	return c
}
