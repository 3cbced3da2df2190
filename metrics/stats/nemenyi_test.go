package stats

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Table 5(a) of Demšar 2006, for 2 to 10 algorithms. With 6 cases and k(k+1) divided out
// the critical difference is q.
func TestNemenyiQuantilesAreThoseOfTheTable(t *testing.T) {
	table := map[float64][]float64{
		0.05: {1.960, 2.343, 2.569, 2.728, 2.850, 2.949, 3.031, 3.102, 3.164},
		0.10: {1.645, 2.052, 2.291, 2.459, 2.589, 2.693, 2.780, 2.855, 2.920},
	}
	for alpha, quantiles := range table {
		for i, want := range quantiles {
			k := i + 2
			q := CriticalDifference(k, 1, alpha) / math.Sqrt(float64(k)*float64(k+1)/6)
			if math.Abs(q-want) > 1.01e-3 { // the table halves rounded ones
				t.Errorf("k = %d, alpha = %v: q = %.4f, expected %v", k, alpha, q, want)
			}
		}
	}
}

// Demšar 2006, section 3.2.2: with 4 algorithms and 14 data sets the critical difference
// is 1.25 at 0.05 and 1.12 at 0.10; by the latter, C4.5 (rank 3.143) differs from C4.5+m
// (2.000) and from C4.5+m+cf (1.964).
func TestNemenyiOfDemsarsExample(t *testing.T) {
	ranks := Friedman(demsar).Ranks
	for _, tc := range []struct {
		alpha, want float64
		cliques     [][]int
	}{
		{0.05, 1.25, [][]int{{3, 1, 2, 0}}},
		{0.10, 1.12, [][]int{{3, 1, 2}, {2, 0}}},
	} {
		cd := CriticalDifference(4, 14, tc.alpha)
		if math.Abs(cd-tc.want) > 5.1e-3 {
			t.Errorf("critical difference %v at %v, expected %v", cd, tc.alpha, tc.want)
		}
		if got := Cliques(ranks, cd); !cmp.Equal(got, tc.cliques) {
			t.Errorf("at %v: cliques %v, expected %v", tc.alpha, got, tc.cliques)
		}
	}
}

// The range of two is the absolute value of a normal variable with variance 2.
func TestRangeOfTwoNormalsIsKnown(t *testing.T) {
	for _, p := range []float64{0.01, 0.5, 0.95, 0.999} {
		want := 2 * math.Erfinv(p)
		if got := normalRangeQuantile(2, p); math.Abs(got-want) > 1e-9 {
			t.Errorf("quantile %v: %v, expected %v", p, got, want)
		}
	}
}

func TestCriticalDifferenceOfEdges(t *testing.T) {
	if got := CriticalDifference(3, 0, 0.05); !math.IsNaN(got) {
		t.Errorf("critical difference without cases %v, expected NaN", got)
	}
	if got := CriticalDifference(1000, 10, 0.001); math.IsNaN(got) || math.IsInf(got, 0) {
		t.Errorf("critical difference of 1000 algorithms is %v", got)
	}
}

func TestCliquesOfEdges(t *testing.T) {
	for _, tc := range []struct {
		name  string
		ranks []float64
		cd    float64
		want  [][]int
	}{
		{"none", nil, 1, nil},
		{"one", []float64{1}, 1, nil},
		{"equal ranks", []float64{2, 2, 2}, 1, [][]int{{0, 1, 2}}},
		{"apart", []float64{1, 3}, 1, nil},
		{"just apart", []float64{1, 2}, 1, nil},
		{"overlapping", []float64{3, 1, 2}, 1.5, [][]int{{1, 2}, {2, 0}}},
		{"two groups", []float64{1, 5, 1.5, 5.5}, 1, [][]int{{0, 2}, {1, 3}}},
		{"unknown rank", []float64{1, nan}, 1, nil},
		{"unknown difference", []float64{1, 1}, nan, nil},
	} {
		if got := Cliques(tc.ranks, tc.cd); !cmp.Equal(got, tc.want) {
			t.Errorf("%s: %v, expected %v", tc.name, got, tc.want)
		}
	}
}

func TestCliquesJoinJustThePairsThatDoNotDiffer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ranks := rapid.SliceOfN(rapid.Map(rapid.IntRange(4, 24), func(i int) float64 { return float64(i) / 4 }), 0, 8).Draw(t, "ranks")
		cd := float64(rapid.IntRange(1, 12).Draw(t, "cd")) / 4
		joined := map[[2]int]bool{}
		for _, clique := range Cliques(ranks, cd) {
			for _, a := range clique {
				for _, b := range clique {
					joined[[2]int{a, b}] = true
				}
			}
		}
		for a := range ranks {
			for b := range ranks {
				if a != b && joined[[2]int{a, b}] != (math.Abs(ranks[a]-ranks[b]) < cd) {
					t.Fatalf("ranks %v, difference %v: pair %d, %d joined: %v", ranks, cd, a, b, joined[[2]int{a, b}])
				}
			}
		}
	})
}
