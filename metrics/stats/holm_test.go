package stats

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Demšar 2006, section 3.2.2: against C4.5 the p-values of the others are 0.016, 0.019
// and 0.607; Holm's procedure compares them with α/3, α/2 and α. Adjusted that is 0.048,
// 0.048 (not less than the one before) and 0.607. The second example is that of R's
// p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "holm").
func TestHolmOfPublishedExamples(t *testing.T) {
	for _, tc := range []struct{ p, want []float64 }{
		{[]float64{0.607, 0.019, 0.016}, []float64{0.607, 0.048, 0.048}},
		{[]float64{0.01, 0.02, 0.03, 0.04, 0.05}, []float64{0.05, 0.08, 0.09, 0.09, 0.09}},
		{[]float64{0.5, nan, 0.6}, []float64{1, nan, 1}},
		{[]float64{0, 1}, []float64{0, 1}},
		{[]float64{0.2}, []float64{0.2}},
		{nil, nil},
	} {
		if got := Holm(tc.p); !slices.EqualFunc(got, tc.want, near) {
			t.Errorf("Holm(%v) = %v, expected %v", tc.p, got, tc.want)
		}
	}
}

// Rejecting what is adjusted to at most α must be what Holm's procedure of steps rejects.
func TestHolmRejectsWhatTheStepsReject(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SliceOfN(rapid.Float64Range(0, 0.2), 1, 12).Draw(t, "p")
		alpha := rapid.Float64Range(0.001, 0.3).Draw(t, "alpha")
		sorted := slices.Sorted(slices.Values(p))
		steps := 0
		for steps < len(p) && sorted[steps]*float64(len(p)-steps) <= alpha {
			steps++
		}
		rejected := 0
		for i, adjusted := range Holm(p) {
			if adjusted < p[i] {
				t.Fatalf("%v was adjusted to %v", p[i], adjusted)
			}
			if adjusted <= alpha {
				rejected++
			}
		}
		if rejected != steps {
			t.Fatalf("%d rejected, %d by the steps", rejected, steps)
		}
	})
}
