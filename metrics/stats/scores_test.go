package stats

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestCoverage(t *testing.T) {
	for _, tc := range []struct {
		values []float64
		want   float64
	}{
		{nil, nan},
		{[]float64{0}, 1},
		{[]float64{inf}, 0},
		{[]float64{1, inf, 3, inf}, 0.5},
		{[]float64{1, nan}, nan},
	} {
		if got := Coverage(tc.values); !near(got, tc.want) {
			t.Errorf("Coverage(%v) = %v, expected %v", tc.values, got, tc.want)
		}
	}
}

// By hand, from the definition: with a limit of 5000 s (that of SAT Competition 2020), a
// run without result counts 10,000 s in PAR-2 and 50,000 s in PAR-10.
func TestPAROfWorkedExamples(t *testing.T) {
	for _, tc := range []struct{ seconds, limit, factor, want float64 }{
		{100, 5000, 2, 100},
		{inf, 5000, 2, 10000},
		{inf, 5000, 10, 50000},
		{5000, 5000, 2, 5000},
		{5000.1, 5000, 2, 10000},
		{0, 5000, 2, 0},
		{nan, 5000, 2, nan},
	} {
		if got := PAR(tc.seconds, tc.limit, tc.factor); !near(got, tc.want) {
			t.Errorf("PAR(%v, %v, %v) = %v, expected %v", tc.seconds, tc.limit, tc.factor, got, tc.want)
		}
	}
}

func TestSatisficingScore(t *testing.T) {
	for _, tc := range []struct{ cost, best, want float64 }{
		{20, 10, 0.5},
		{10, 10, 1},
		{9, 10, 1},
		{inf, 10, 0},
		{inf, inf, 0},
		{0, 0, 1},
		{5, 0, 0},
		{nan, 1, nan},
		{1, nan, nan},
	} {
		if got := SatisficingScore(tc.cost, tc.best); !near(got, tc.want) {
			t.Errorf("SatisficingScore(%v, %v) = %v, expected %v", tc.cost, tc.best, got, tc.want)
		}
	}
}

// By hand, with the limit of the agile track of 2018, 300 s: its square root is half way
// on the scale of logarithms.
func TestAgileScore(t *testing.T) {
	for _, tc := range []struct{ seconds, limit, want float64 }{
		{0, 300, 1},
		{1, 300, 1},
		{math.Sqrt(300), 300, 0.5},
		{300, 300, 0},
		{301, 300, 0},
		{inf, 300, 0},
		{0.4, 0.5, 1}, // limits below a second
		{0.6, 0.5, 0},
		{nan, 300, nan},
	} {
		if got := AgileScore(tc.seconds, tc.limit); !near(got, tc.want) {
			t.Errorf("AgileScore(%v, %v) = %v, expected %v", tc.seconds, tc.limit, got, tc.want)
		}
	}
}

func TestFasterRunsScoreNoLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.Float64Range(0.1, 2000).Draw(t, "limit")
		fast := rapid.Float64Range(0, 3000).Draw(t, "fast")
		slow := fast + rapid.Float64Range(0, 3000).Draw(t, "more")
		a, b := AgileScore(fast, limit), AgileScore(slow, limit)
		if a < b || a > 1 || b < 0 {
			t.Fatalf("%v s scores %v, %v s scores %v", fast, a, slow, b)
		}
	})
}
