package stats

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// The 6-MP group of Freireich and others, The Effect of 6-Mercaptopurine on the Duration
// of Steroid-induced Remissions in Acute Leukemia, Blood 21(6), 1963, doi
// 10.1182/blood.V21.6.699.699, the standard example of textbooks: the estimates are those
// of D. G. Kleinbaum, M. Klein, Survival Analysis, 3rd ed.,
// Springer 2012, doi 10.1007/978-1-4419-6646-9, chapter 2.
func TestKaplanMeierOfTheLeukaemiaData(t *testing.T) {
	var lifetimes []Lifetime
	for _, week := range []float64{6, 6, 6, 7, 10, 13, 16, 22, 23} {
		lifetimes = append(lifetimes, Lifetime{TimeS: week})
	}
	for _, week := range []float64{6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35} {
		lifetimes = append(lifetimes, Lifetime{TimeS: week, Censored: true})
	}
	want := []Step{{6, 0.8571}, {7, 0.8067}, {10, 0.7529}, {13, 0.6902}, {16, 0.6275}, {22, 0.5378}, {23, 0.4482}}
	got := KaplanMeier(lifetimes).Steps
	if len(got) != len(want) {
		t.Fatalf("%d steps, expected %d", len(got), len(want))
	}
	for i, w := range want {
		if s := got[i]; s.X != w.X || math.Abs(s.Y-w.Y) > 5e-5 {
			t.Errorf("week %v: %.4f, expected %v: %v", s.X, s.Y, w.X, w.Y)
		}
	}
}

func TestKaplanMeierOfEdges(t *testing.T) {
	for _, tc := range []struct {
		name      string
		lifetimes []Lifetime
		end       float64
		steps     int
	}{
		{"none", nil, 1, 0},
		{"all censored", []Lifetime{{1, true}, {2, true}}, 1, 0},
		{"never solved", []Lifetime{{inf, false}, {inf, true}}, 1, 0},
		{"one that is never solved keeps the curve up", []Lifetime{{1, false}, {inf, false}}, 0.5, 1},
		{"one that is censored does not", []Lifetime{{1, true}, {2, false}}, 0, 1},
		{"all at zero", []Lifetime{{0, false}, {0, false}}, 0, 1},
		{"NaN", []Lifetime{{1, false}, {nan, true}}, nan, 0},
	} {
		got := KaplanMeier(tc.lifetimes)
		if !near(got.End(), tc.end) || len(got.Steps) != tc.steps {
			t.Errorf("%s: %v, expected %d steps down to %v", tc.name, got, tc.steps, tc.end)
		}
	}
}

func TestKaplanMeierUnderOneLimitIsTheECDF(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const limit = 50
		values := rapid.SliceOfN(rapid.Map(rapid.IntRange(0, 100), func(i int) float64 { return float64(i) }), 1, 40).Draw(t, "values")
		var lifetimes []Lifetime
		for _, v := range values {
			lifetimes = append(lifetimes, Lifetime{TimeS: min(v, limit), Censored: v > limit})
		}
		survival, ecdf := KaplanMeier(lifetimes), ecdf(values)
		for x := 0.0; x <= limit; x++ {
			if got, want := survival.At(x), 1-ecdf.At(x); math.Abs(got-want) > 1e-12 {
				t.Fatalf("at %v %v survive, expected %v", x, got, want)
			}
		}
	})
}
