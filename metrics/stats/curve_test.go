package stats

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var inf, nan = math.Inf(1), math.NaN()

// times draws times of which some are equal, some zero and some infinite.
func times(t *rapid.T, name string, atLeast int) []float64 {
	one := rapid.OneOf(
		rapid.Map(rapid.IntRange(0, 5), func(i int) float64 { return float64(i) }),
		rapid.Float64Range(0, 1e6),
		rapid.Just(inf),
	)
	return rapid.SliceOfN(one, atLeast, 40).Draw(t, name)
}

// solvedWithin counts by the definition what a curve counts by sorting.
func solvedWithin(values []float64, x float64) float64 {
	n := 0
	for _, v := range values {
		if v <= x {
			n++
		}
	}
	return float64(n)
}

// Worked by hand: at 1 s two cases are solved, at 3 s a third, and one never is.
func TestECDFCountsWhatIsSolved(t *testing.T) {
	values := []float64{3, 1, inf, 1}
	want := Curve{Steps: []Step{{1, 0.5}, {3, 0.75}}}
	if got := ecdf(values); !cmp.Equal(got, want) {
		t.Errorf("ECDF = %v, expected %v", got, want)
	}
	for _, tc := range []struct{ x, want float64 }{
		{math.Inf(-1), 0}, {0.99, 0}, {1, 0.5}, {2, 0.5}, {3, 0.75}, {1e9, 0.75}, {inf, 0.75}, {nan, nan},
	} {
		if got := want.At(tc.x); !near(got, tc.want) {
			t.Errorf("At(%v) = %v, expected %v", tc.x, got, tc.want)
		}
	}
}

func TestCurvesOfNoValuesOfUnsolvedOnesAndOfNaN(t *testing.T) {
	for _, tc := range []struct {
		name   string
		values []float64
		end    float64
	}{
		{"no values", nil, nan},
		{"unsolved only", []float64{inf, inf}, 0},
		{"one value", []float64{0}, 1},
		{"equal values", []float64{2, 2, 2}, 1},
		{"NaN", []float64{1, nan}, nan},
	} {
		if got := ecdf(tc.values).End(); !near(got, tc.end) {
			t.Errorf("%s: ECDF ends at %v, expected %v", tc.name, got, tc.end)
		}
	}
}

func TestCurvesAgreeWithCounting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := times(t, "values", 1)
		ecdf := ecdf(values)
		xs := append([]float64{-1, 2.5, 1e9}, values...)
		for _, x := range xs {
			if math.IsInf(x, 1) {
				continue
			}
			n := solvedWithin(values, x)
			if got := ecdf.At(x); got != n/float64(len(values)) {
				t.Fatalf("ECDF at %v is %v, counted %v of %d", x, got, n, len(values))
			}
		}
		if got := ecdf.End(); got != Coverage(values) {
			t.Fatalf("ECDF ends at %v, coverage is %v", got, Coverage(values))
		}
		for i, s := range ecdf.Steps[:max(len(ecdf.Steps)-1, 0)] {
			if next := ecdf.Steps[i+1]; !(s.X < next.X && s.Y < next.Y) {
				t.Fatalf("steps do not ascend strictly: %v", ecdf.Steps)
			}
		}
	})
}

// By hand, from the definition of Dolan and Moré, section 2. Smallest values of the
// cases: 1, 10, 4, none, 0. Ratios of a: 1, 2, 1, ∞, 1; of b: 3, 1, ∞, ∞, ∞ as 5 is
// infinitely more than 0.
func TestPerformanceProfilesOfAWorkedExample(t *testing.T) {
	got := PerformanceProfiles([][]float64{
		{1, 20, 4, inf, 0},
		{3, 10, inf, inf, 5},
	})
	want := []Curve{
		{Steps: []Step{{1, 0.6}, {2, 0.8}}},
		{Steps: []Step{{1, 0.2}, {3, 0.4}}},
	}
	if !cmp.Equal(got, want) {
		t.Errorf("profiles %v, expected %v", got, want)
	}
}

func TestPerformanceProfilesOfNothingAndOfNaN(t *testing.T) {
	if got := PerformanceProfiles(nil); len(got) != 0 {
		t.Errorf("profiles of no algorithms: %v", got)
	}
	for _, values := range [][][]float64{{{}, {}}, {{1, 2}, {nan, 1}}, {{inf, 1}, {nan, 1}}} {
		for a, c := range PerformanceProfiles(values) {
			if !math.IsNaN(c.Start) || len(c.Steps) != 0 {
				t.Errorf("profile of algorithm %d in %v is %v, expected NaN", a, values, c)
			}
		}
	}
}

func TestPerformanceProfileLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := times(t, "a", 1)
		b := rapid.SliceOfN(rapid.Float64Range(0, 1e6), len(a), len(a)).Draw(t, "b")
		p := PerformanceProfiles([][]float64{a, b})
		best, solved := 0.0, 0.0
		for c := range a {
			if a[c] <= b[c] {
				best++
			}
			if a[c] <= 2*b[c] {
				solved++
			}
		}
		n := float64(len(a))
		if got := p[0].At(1); got != best/n {
			t.Fatalf("at 1 the profile is %v, best in %v of %v", got, best, n)
		}
		if got := p[0].At(2); math.Abs(got-solved/n) > 1e-12 {
			t.Fatalf("at 2 the profile is %v, within twice the best in %v of %v", got, solved, n)
		}
		if p[0].At(1)+p[1].At(1) < 1 {
			t.Fatalf("nobody is the best in some case that b solves: %v", p)
		}
		if p[0].End() > Coverage(a) {
			t.Fatalf("the profile ends at %v, above coverage %v", p[0].End(), Coverage(a))
		}
		if p[0].At(0.999) != 0 {
			t.Fatalf("something is better than the best: %v", p[0])
		}
	})
}

func TestTimesToTargets(t *testing.T) {
	run := []Incumbent{{4, 100}, {1, 150}, {9, 80}} // in any order
	got := TimesToTargets(run, []float64{200, 150, 149, 100, 80, 79})
	if want := []float64{1, 1, 4, 4, 9, inf}; !cmp.Equal(got, want) {
		t.Errorf("times %v, expected %v", got, want)
	}
	if got := TimesToTargets(nil, []float64{1, nan}); got[0] != inf || !math.IsNaN(got[1]) {
		t.Errorf("without plans: %v, expected +Inf and NaN", got)
	}
	got = TimesToTargets([]Incumbent{{1, 10}, {2, nan}, {3, 5}}, []float64{10, 5, 1})
	for i, x := range got {
		if !math.IsNaN(x) {
			t.Errorf("target %d is said to be reached at %v with an unknown cost before it", i, x)
		}
	}
}

func TestCheaperTargetsTakeLonger(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		run := runs(t)
		targets := rapid.SliceOfN(rapid.Float64Range(0, 100), 1, 10).Draw(t, "targets")
		slices.Sort(targets)
		times := TimesToTargets(run, targets)
		slices.Reverse(times)
		if !slices.IsSorted(times) {
			t.Fatalf("times %v to targets %v", times, targets)
		}
	})
}

// runs draws the incumbents of a run, with costs of at least 1.
func runs(t *rapid.T) []Incumbent {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Incumbent {
		return Incumbent{
			ElapsedS: rapid.Float64Range(0, 20).Draw(t, "elapsed"),
			Cost:     float64(rapid.IntRange(1, 100).Draw(t, "cost")),
		}
	}), 0, 10).Draw(t, "run")
}
