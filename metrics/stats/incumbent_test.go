package stats

import (
	"testing"

	"pgregory.net/rapid"
)

// The cases of Berthold's definition.
func TestPrimalGap(t *testing.T) {
	for _, tc := range []struct{ cost, best, want float64 }{
		{0, 0, 0},
		{10, 10, 0},
		{5, -5, 1},
		{20, 10, 0.5},
		{10, 20, 0.5},
		{-10, -20, 0.5},
		{5, 0, 1},
		{0, 5, 1},
		{inf, 10, 1},
		{nan, 1, nan},
		{1, nan, nan},
	} {
		if got := PrimalGap(tc.cost, tc.best); !near(got, tc.want) {
			t.Errorf("PrimalGap(%v, %v) = %v, expected %v", tc.cost, tc.best, got, tc.want)
		}
	}
}

// By hand: of 10 s there is no plan for 2 s (gap 1), one of cost 20 for 3 s (gap 0.5), and
// one of cost 12.5 for 5 s (gap 0.2): 2 + 1.5 + 1.
func TestPrimalIntegralOfAWorkedExample(t *testing.T) {
	run := []Incumbent{{2, 20}, {5, 12.5}, {7, 15}, {11, 10}}
	for _, tc := range []struct {
		name    string
		run     []Incumbent
		best    float64
		horizon float64
		want    float64
	}{
		{"a run", run, 10, 10, 4.5},
		{"the best plan just before the end", run, 10, 12, 4.5 + 0.2},
		{"no horizon", run, 10, 0, 0},
		{"no plan", nil, 10, 10, 10},
		{"the best plan at once", []Incumbent{{0, 10}}, 10, 10, 0},
		{"cost 0", []Incumbent{{4, 0}}, 0, 10, 4},
		{"unknown cost", []Incumbent{{1, nan}}, 10, 10, nan},
		{"unknown best", run, nan, 10, nan},
	} {
		if got := PrimalIntegral(tc.run, tc.best, tc.horizon); !near(got, tc.want) {
			t.Errorf("%s: %v, expected %v", tc.name, got, tc.want)
		}
	}
}

func TestPrimalIntegralLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		run := runs(t)
		const horizon = 15
		got := PrimalIntegral(run, 1, horizon)
		if !(got >= 0 && got <= horizon) {
			t.Fatalf("integral %v up to %v s", got, horizon)
		}
		more := append(run, Incumbent{ElapsedS: rapid.Float64Range(0, 20).Draw(t, "elapsed"), Cost: float64(rapid.IntRange(1, 100).Draw(t, "cost"))})
		if better := PrimalIntegral(more, 1, horizon); better > got+1e-9 {
			t.Fatalf("one more plan raises the integral from %v to %v", got, better)
		}
	})
}
