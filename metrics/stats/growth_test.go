package stats

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// The example of R's documentation of the data set cars (speeds and stopping distances,
// Ezekiel 1930): summary(lm(log(dist) ~ log(speed), data = cars)) gives an intercept of
// -0.7297, a slope of 1.6024 with a standard error of 0.1395 on 48 degrees of freedom,
// and R² 0.7331. The 0.975 quantile of Student's t with 48 degrees is 2.0106 (qt).
func TestGrowthOfStoppingDistances(t *testing.T) {
	speed := []float64{
		4, 4, 7, 7, 8, 9, 10, 10, 10, 11, 11, 12, 12, 12, 12, 13, 13, 13, 13, 14, 14, 14, 14, 15, 15,
		15, 16, 16, 17, 17, 17, 18, 18, 18, 18, 19, 19, 19, 20, 20, 20, 20, 20, 22, 23, 24, 24, 24, 24, 25,
	}
	distance := []float64{
		2, 10, 4, 22, 16, 10, 18, 26, 34, 17, 28, 14, 20, 24, 28, 26, 34, 34, 46, 26, 36, 60, 80, 20, 26,
		54, 32, 40, 32, 40, 50, 42, 56, 76, 84, 36, 46, 68, 32, 48, 52, 56, 64, 66, 54, 70, 92, 93, 120, 85,
	}
	g := GrowthExponent(speed, distance, 0.95)
	half := (g.Hi - g.Lo) / 2
	for _, tc := range []struct {
		name      string
		got, want float64
	}{
		{"intercept", math.Log(g.Factor), -0.7297},
		{"exponent", g.Exponent, 1.6024},
		{"middle of the interval", (g.Hi + g.Lo) / 2, 1.6024},
		{"standard error", half / 2.0106, 0.1395},
		{"R²", g.R2, 0.7331},
	} {
		if math.Abs(tc.got-tc.want) > 5.1e-5 {
			t.Errorf("%s %.6f, expected %v", tc.name, tc.got, tc.want)
		}
	}
	if g.Used != 50 || g.LeftOut != 0 {
		t.Errorf("%d points used, %d left out", g.Used, g.LeftOut)
	}
}

func TestGrowthFindsThePowerLawThatMadeTheValues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		exponent := rapid.Float64Range(-3, 5).Draw(t, "exponent")
		factor := rapid.Float64Range(0.01, 100).Draw(t, "factor")
		steps := rapid.SliceOfNDistinct(rapid.IntRange(1, 1000), 3, 20, rapid.ID).Draw(t, "sizes")
		sizes, values := make([]float64, len(steps)), make([]float64, len(steps))
		for i, n := range steps {
			sizes[i] = float64(n)
			values[i] = factor * math.Pow(sizes[i], exponent)
		}
		g := GrowthExponent(sizes, values, 0.95)
		if math.Abs(g.Exponent-exponent) > 1e-6 || math.Abs(g.Factor/factor-1) > 1e-5 {
			t.Fatalf("found %v · n^%v, expected %v · n^%v", g.Factor, g.Exponent, factor, exponent)
		}
		if !(g.Lo <= g.Exponent && g.Exponent <= g.Hi) {
			t.Fatalf("exponent %v outside its interval [%v, %v]", g.Exponent, g.Lo, g.Hi)
		}
	})
}

func TestGrowthSaysWhatItCannotTell(t *testing.T) {
	for _, tc := range []struct {
		name            string
		sizes, values   []float64
		exponent        float64
		interval        bool
		used, leftOut   int
		unexplainedByR2 bool
	}{
		{"no points", nil, nil, nan, false, 0, 0, true},
		{"one point", []float64{2}, []float64{4}, nan, false, 1, 0, true},
		{"one size", []float64{2, 2, 2}, []float64{4, 5, 6}, nan, false, 3, 0, true},
		{"two points", []float64{2, 4}, []float64{4, 16}, 2, false, 2, 0, false},
		{"equal values", []float64{1, 2, 4}, []float64{8, 8, 8}, 0, true, 3, 0, true},
		{"no logarithm", []float64{0, 2, 4, 8, -1, 16, 32}, []float64{1, 4, 16, 64, 1, inf, nan}, 2, true, 3, 4, false},
	} {
		g := GrowthExponent(tc.sizes, tc.values, 0.9)
		if !near(g.Exponent, tc.exponent) || math.IsNaN(g.Lo) == tc.interval ||
			g.Used != tc.used || g.LeftOut != tc.leftOut || math.IsNaN(g.R2) != tc.unexplainedByR2 {
			t.Errorf("%s: %+v", tc.name, g)
		}
	}
}
