package stats

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// demsar holds the ranks of C4.5, C4.5+m, C4.5+cf and C4.5+m+cf on 14 data sets: table 6 of
// J. Demšar, Statistical Comparisons of Classifiers over Multiple Data Sets, JMLR 7,
// 2006.
var demsar = [][]float64{
	{4, 1, 4, 4, 4, 1, 3, 2.5, 4, 2.5, 4, 3, 4, 3},
	{3, 2, 1, 1, 2, 2.5, 2, 2.5, 3, 2.5, 2.5, 2, 1, 1},
	{2, 3, 2, 3, 3, 4, 4, 4, 2, 2.5, 1, 4, 2, 4},
	{1, 4, 3, 2, 1, 2.5, 1, 1, 1, 2.5, 2.5, 1, 3, 2},
}

// Demšar's statistic, 9.28, is not corrected for ties. Of the 14 data sets, three have
// one pair of ties, and one has all four tied: the correction divides by
// 1 - (3 · 6 + 60) / (14 · 4 · (16 - 1)).
func TestFriedmanOfDemsarsExample(t *testing.T) {
	got := Friedman(demsar)
	for a, want := range []float64{3.143, 2.000, 2.893, 1.964} {
		if math.Abs(got.Ranks[a]-want) > 5e-4 {
			t.Errorf("mean rank %v of algorithm %d, expected %v", got.Ranks[a], a, want)
		}
	}
	uncorrected := got.ChiSquare * (1 - 78.0/840)
	if math.Abs(uncorrected-9.28) > 5e-3 {
		t.Errorf("statistic %v without correction, expected 9.28", uncorrected)
	}
	if f, p := imanDavenport(uncorrected, 14, 4); math.Abs(f-3.69) > 5e-3 || p > 0.05 || p < 0.01 {
		t.Errorf("F = %v with p = %v, expected 3.69 beyond the critical value of 0.05", f, p)
	}
}

// With two degrees of freedom above and m below, the probability of more than f is
// (1 + 2f/m)^(-m/2) exactly. Here it is 3·10^-47: 1 - CDF would be 0.
func TestSmallProbabilityOfFIsRoundedToZero(t *testing.T) {
	f, p := imanDavenport(90, 51, 3)
	if want := math.Pow(1+2*f/100, -50); !(math.Abs(p/want-1) < 1e-9) {
		t.Errorf("F = %v has the probability %v, expected %v", f, p, want)
	}
}

// The example of R's documentation of friedman.test, from Hollander and Wolfe 1973, p.
// 140: three ways to round first base. "Friedman chi-squared = 11.143, df = 2, p-value =
// 0.003805".
func TestFriedmanOfRoundingTimes(t *testing.T) {
	got := Friedman([][]float64{
		{5.40, 5.85, 5.20, 5.55, 5.90, 5.45, 5.40, 5.45, 5.25, 5.85, 5.25, 5.65, 5.60, 5.05, 5.50, 5.45, 5.55, 5.45, 5.50, 5.65, 5.70, 6.30},
		{5.50, 5.70, 5.60, 5.50, 5.85, 5.55, 5.40, 5.50, 5.15, 5.80, 5.20, 5.55, 5.35, 5.00, 5.50, 5.55, 5.55, 5.50, 5.45, 5.60, 5.65, 6.30},
		{5.55, 5.75, 5.50, 5.40, 5.70, 5.60, 5.35, 5.35, 5.00, 5.70, 5.10, 5.45, 5.45, 4.95, 5.40, 5.50, 5.35, 5.55, 5.25, 5.40, 5.55, 6.25},
	})
	if math.Abs(got.ChiSquare-11.143) > 5e-4 || math.Abs(got.ChiSquareP-0.003805) > 5e-7 {
		t.Errorf("%+v, expected 11.143 with p = 0.003805", got)
	}
}

// Nine algorithms on two data sets, with the output of R: chi-squared 11.733 (p 0.1635),
// Iman-Davenport 2.75 on 8 and 8 degrees of freedom (p 0.08697). From
// https://techutils.in/blog/2018/03/07/stackbounty-hypothesis-testing-statistical-significance-p-value-friedman-test-statistical-test-evaluation/.
func TestImanDavenportOfTwoCases(t *testing.T) {
	first := []float64{1, 8, 6, 4, 7, 2, 5, 3, 9}
	second := []float64{1, 6, 3, 9, 7, 2, 8, 4, 5}
	var values [][]float64
	for a := range first {
		values = append(values, []float64{first[a], second[a]})
	}
	got := Friedman(values)
	for _, tc := range []struct {
		name              string
		got, want, within float64
	}{
		{"chi-squared", got.ChiSquare, 11.733, 5e-4},
		{"its p", got.ChiSquareP, 0.1635, 5e-5},
		{"F", got.F, 2.75, 5e-3},
		{"its p", got.FP, 0.08697, 5e-6},
	} {
		if math.Abs(tc.got-tc.want) > tc.within {
			t.Errorf("%s %v, expected %v", tc.name, tc.got, tc.want)
		}
	}
}

func TestFriedmanOfEdges(t *testing.T) {
	for _, tc := range []struct {
		name         string
		values       [][]float64
		chiSquare, p float64
		f, fp        float64
	}{
		{"no algorithms", nil, nan, nan, nan, nan},
		{"no cases", [][]float64{{}, {}}, nan, nan, nan, nan},
		{"one algorithm", [][]float64{{1, 2, 3}}, nan, nan, nan, nan},
		{"one case", [][]float64{{1}, {2}}, nan, nan, nan, nan},
		{"nothing told apart", [][]float64{{1, 2}, {1, 2}}, 0, 1, 0, 1},
		{"all unsolved", [][]float64{{inf, inf}, {inf, inf}}, 0, 1, 0, 1},
		{"full agreement", [][]float64{{1, 1, 1}, {2, 2, inf}}, 3, 0.08326451666355042, inf, 0},
		{"NaN", [][]float64{{1, nan, 1}, {2, 2, 2}}, nan, nan, nan, nan},
	} {
		got := Friedman(tc.values)
		if !near(got.ChiSquare, tc.chiSquare) || !near(got.ChiSquareP, tc.p) || !near(got.F, tc.f) || !near(got.FP, tc.fp) {
			t.Errorf("%s: %+v", tc.name, got)
		}
	}
	if got := Friedman([][]float64{{inf, 1}, {2, 5}, {inf, 3}}).Ranks; !cmp.Equal(got, []float64{1.75, 2, 2.25}) {
		t.Errorf("ranks %v: unsolved cases should tie, after all solved ones", got)
	}
}

func TestFriedmanLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k, n := rapid.IntRange(2, 6).Draw(t, "k"), rapid.IntRange(2, 12).Draw(t, "n")
		values, squeezed := make([][]float64, k), make([][]float64, k)
		for a := range values {
			for c := range n {
				x := float64(rapid.IntRange(0, 4).Draw(t, "value"))
				values[a] = append(values[a], x)
				squeezed[a] = append(squeezed[a], math.Exp(x)*float64(c+1)) // another scale in every case
			}
		}
		got := Friedman(values)
		sum := 0.0
		for _, r := range got.Ranks {
			sum += r
		}
		if want := float64(k*(k+1)) / 2; math.Abs(sum-want) > 1e-9 {
			t.Fatalf("mean ranks sum to %v, expected %v", sum, want)
		}
		if got.ChiSquare < 0 || got.ChiSquare > float64(n*(k-1))+1e-9 {
			t.Fatalf("statistic %v outside 0 to n(k-1)", got.ChiSquare)
		}
		if !cmp.Equal(got, Friedman(squeezed)) {
			t.Fatalf("the scale of a case makes a difference: %+v, %+v", got, Friedman(squeezed))
		}
	})
}

func TestRanksOfTiesInfinitiesAndNaN(t *testing.T) {
	for _, tc := range []struct{ values, want []float64 }{
		{nil, []float64{}},
		{[]float64{7}, []float64{1}},
		{[]float64{3, 1, 3, 2}, []float64{3.5, 1, 3.5, 2}},
		{[]float64{inf, 0, math.Copysign(0, -1), inf}, []float64{3.5, 1.5, 1.5, 3.5}},
		{[]float64{1, nan}, []float64{nan, nan}},
	} {
		if got, _ := ranked(tc.values); !slices.EqualFunc(got, tc.want, near) {
			t.Errorf("ranked(%v) = %v, expected %v", tc.values, got, tc.want)
		}
	}
}
