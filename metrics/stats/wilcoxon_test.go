package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"
)

func TestSignedRankOfPublishedExamples(t *testing.T) {
	for _, tc := range []struct {
		name              string
		a, b              []float64
		plus, minus, p, e float64
	}{
		{
			// The example of R's documentation of wilcox.test, from Hollander and Wolfe 1973, p. 29:
			// V = 40, p-value = 0.01953 one-sided.
			"depression scale",
			[]float64{1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30},
			[]float64{0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29},
			40, 5, 0.0390625, 1e-9,
		},
		{
			// The example of SciPy's documentation of wilcoxon, Darwin's maize: statistic 24.0,
			// p-value 0.041259765625.
			"maize",
			[]float64{6, 8, 14, 16, 23, 24, 28, 29, 41, 0, 49, 56, 60, 0, 75},
			[]float64{0, 0, 0, 0, 0, 0, 0, 0, 0, 48, 0, 0, 0, 67, 0},
			96, 24, 0.041259765625, 1e-12,
		},
	} {
		got := WilcoxonSignedRank(tc.a, tc.b)
		if got.Plus != tc.plus || got.Minus != tc.minus || math.Abs(got.P-tc.p) > tc.e {
			t.Errorf("%s: %+v, expected %v and %v with p = %v", tc.name, got, tc.plus, tc.minus, tc.p)
		}
	}
}

// From SciPy's tests of wilcoxon, with Pratt's treatment of zeros and without correction
// for continuity: statistic 423, p-value 0.0031724568006762576.
func TestSignedRankByNormalApproximationWithZerosAndTies(t *testing.T) {
	var a []float64
	for i, n := range []int{1, 4, 16, 15, 8, 4, 5, 1, 2} {
		a = append(a, slices.Repeat([]float64{float64(i - 4)}, n)...)
	}
	got := WilcoxonSignedRank(a, make([]float64, len(a)))
	p := 2 * distuv.UnitNormal.CDF(-math.Abs(got.Z))
	if min(got.Plus, got.Minus) != 423 || math.Abs(p-0.0031724568006762576) > 1e-12 {
		t.Errorf("%+v (p = %v without correction), expected 423 and 0.00317", got, p)
	}
	if !(got.P > p && got.P < p*1.05) {
		t.Errorf("p = %v with correction for continuity, %v without", got.P, p)
	}
}

// From R, as quoted by SciPy's tests: wilcox.test(x, y, paired = TRUE, exact = FALSE) of
// these twelve pairs gives 0.6948866 without and 0.7240817 with correction.
func TestContinuityCorrectionIsThatOfR(t *testing.T) {
	x := []float64{120, 114, 181, 188, 180, 146, 121, 191, 132, 113, 127, 112}
	y := []float64{133, 143, 119, 189, 112, 199, 198, 113, 115, 121, 142, 187}
	got := WilcoxonSignedRank(x, y)
	if p := 2 * distuv.UnitNormal.CDF(-math.Abs(got.Z)); math.Abs(p-0.6948866) > 5e-8 {
		t.Errorf("p = %v without correction, expected 0.6948866", p)
	}
	deviation := (got.Plus - got.Minus) / 2 / got.Z
	if p := correctedNormal((got.Plus-got.Minus)/2, deviation); math.Abs(p-0.7240817) > 5e-8 {
		t.Errorf("p = %v with correction, expected 0.7240817", p)
	}
}

func TestSignedRankOfEdges(t *testing.T) {
	for _, tc := range []struct {
		name        string
		a, b        []float64
		plus, minus float64
		p           float64
	}{
		{"no pairs", nil, nil, 0, 0, 1},
		{"one pair", []float64{2}, []float64{1}, 1, 0, 1},
		{"equal pairs", []float64{1, 2}, []float64{1, 2}, 0, 0, 1},
		{"both unsolved", []float64{inf, inf}, []float64{inf, inf}, 0, 0, 1},
		// By hand: the zero takes rank 1, and the others 2 and 3; of four assignments of signs
		// one gives 5 and one 0.
		{"a zero is ranked and dropped", []float64{1, 3, 6}, []float64{1, 2, 3}, 5, 0, 0.5},
		{"unsolved against solved ranks highest", []float64{inf, 1}, []float64{5, 100}, 2, 1, 1},
		{"NaN", []float64{1, nan}, []float64{2, 2}, nan, nan, nan},
	} {
		got := WilcoxonSignedRank(tc.a, tc.b)
		if !near(got.Plus, tc.plus) || !near(got.Minus, tc.minus) || !near(got.P, tc.p) {
			t.Errorf("%s: %+v", tc.name, got)
		}
	}
}

func TestExactSignedRankCountsAllSigns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		differences := rapid.SliceOfN(rapid.IntRange(-4, 4), 1, 10).Draw(t, "differences")
		a := make([]float64, len(differences))
		var sizes []float64
		for i, d := range differences {
			a[i] = float64(d)
			sizes = append(sizes, math.Abs(a[i]))
		}
		got := WilcoxonSignedRank(a, make([]float64, len(a)))
		var ranks []float64
		all, _ := ranked(sizes)
		for i, r := range all {
			if differences[i] != 0 {
				ranks = append(ranks, r)
			}
		}
		asFar, off := 0, math.Abs(got.Plus-got.Minus)
		for signs := range 1 << len(ranks) {
			sum := 0.0
			for i, r := range ranks {
				if signs>>i&1 == 1 {
					sum += r
				} else {
					sum -= r
				}
			}
			if math.Abs(sum) >= off {
				asFar++
			}
		}
		if want := float64(asFar) / float64(int(1)<<len(ranks)); math.Abs(got.P-want) > 1e-12 {
			t.Fatalf("p = %v, counted %v (%+v)", got.P, want, got)
		}
	})
}

func TestExactAndNormalSignedRankMeet(t *testing.T) {
	random := source(6)
	a, b := make([]float64, exactPairs), make([]float64, exactPairs)
	for range 50 {
		for i := range a {
			a[i], b[i] = random.NormFloat64()+0.2, random.NormFloat64()
		}
		exact := WilcoxonSignedRank(a, b)
		deviation := (exact.Plus - exact.Minus) / 2 / exact.Z
		if normal := correctedNormal((exact.Plus-exact.Minus)/2, deviation); math.Abs(normal-exact.P) > 0.01 {
			t.Fatalf("p = %v exactly, %v by the normal approximation", exact.P, normal)
		}
	}
}

func TestSignedRankIsSymmetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 80).Draw(t, "n")
		draw := rapid.SliceOfN(rapid.Map(rapid.IntRange(0, 9), func(i int) float64 { return float64(i) }), n, n)
		a, b := draw.Draw(t, "a"), draw.Draw(t, "b")
		one, other := WilcoxonSignedRank(a, b), WilcoxonSignedRank(b, a)
		if one.P != other.P || one.Plus != other.Minus || one.Z != -other.Z || !(one.P >= 0 && one.P <= 1) {
			t.Fatalf("%+v and %+v", one, other)
		}
	})
}

func source(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }
