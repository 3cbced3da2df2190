package stats

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// A12 is Mann and Whitney's U over the number of pairs. In the example of R's
// documentation of wilcox.test, from Hollander and Wolfe 1973, p. 69, U ("W") is 35 for
// 10 and 5 values.
func TestA12OfAPublishedExample(t *testing.T) {
	x := []float64{0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46}
	y := []float64{1.15, 0.88, 0.90, 0.74, 1.21}
	if got := A12(x, y); !near(got, 35.0/50) {
		t.Errorf("A12 = %v, expected 0.7", got)
	}
}

func TestA12OfEdges(t *testing.T) {
	for _, tc := range []struct {
		name string
		a, b []float64
		want float64
	}{
		{"nothing", nil, []float64{1}, nan},
		{"equal values", []float64{3, 3}, []float64{3}, 0.5},
		{"all larger", []float64{4}, []float64{1, 2}, 1},
		{"all smaller", []float64{0}, []float64{1, 2}, 0},
		{"unsolved", []float64{inf, inf}, []float64{inf, 1}, 0.75},
		{"NaN", []float64{1}, []float64{nan, 2}, nan},
	} {
		if got := A12(tc.a, tc.b); !near(got, tc.want) {
			t.Errorf("%s: %v, expected %v", tc.name, got, tc.want)
		}
	}
}

func TestA12AgreesWithItsDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := times(t, "a", 1), times(t, "b", 1)
		wins := 0.0
		for _, x := range a {
			for _, y := range b {
				if x > y {
					wins++
				} else if x == y {
					wins += 0.5
				}
			}
		}
		want := wins / float64(len(a)*len(b))
		if got := A12(a, b); math.Abs(got-want) > 1e-12 || math.Abs(A12(b, a)-(1-want)) > 1e-12 {
			t.Fatalf("A12 = %v, by definition %v; the other way %v", got, want, A12(b, a))
		}
	})
}
