package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// exactPairs is the number of pairs up to which the signed-rank test is exact; 2^50
// assignments of signs are still counted without rounding. R (below 50) and SciPy (up to
// 50) have the same limit, but only without ties and zeros: with them they approximate.
const exactPairs = 50

// SignedRankTest asks whether paired values differ: whether their differences lie symmetrically about 0.
type SignedRankTest struct {
	Plus, Minus float64 // the sum of the ranks of positive and of negative differences
	// Z is the standardised statistic, positive if the first values are larger, without correction for continuity.
	Z float64
	// P is the two-sided probability of a statistic as far from its mean, if there is no difference.
	P float64
}

// WilcoxonSignedRank tests the differences a[i] - b[i]. Zero differences are treated as by Pratt: they take part in the
// ranking, and their ranks are then dropped. (Wilcoxon dropped them before, by which a small positive difference that
// becomes 0 can make the result significant.) Equal differences share their mean rank. Two values of +Inf are equal; an
// infinite difference ranks above all finite ones.
//
// Up to 50 pairs the probability is exact, with zeros and ties, over all assignments of signs to the ranks as they are;
// beyond, it is that of the normal approximation with the variance of those ranks, which accounts for ties, and a
// continuity correction of half a rank. Without pairs, or with equal pairs only, Z is 0 and P is 1. All figures are NaN
// if a value is. It panics on slices of different lengths. O(n log n).
//
// Note: differences that are equal on paper may not be as floating-point numbers, and
// then do not tie. That does not matter for times; for costs, use integers.
//
// Sources: F. Wilcoxon, Individual Comparisons by Ranking Methods, Biometrics Bulletin
// 1(6), 1945, doi 10.2307/3001968; J. W. Pratt, Remarks on Zeros and Ties in the Wilcoxon
// Signed Rank Procedures, JASA 54(287), 1959, doi 10.1080/01621459.1959.10501526.
func WilcoxonSignedRank(a, b []float64) SignedRankTest {
	if len(a) != len(b) {
		panic(fmt.Sprintf("stats: paired test of %d and %d values", len(a), len(b)))
	}
	differences, sizes := make([]float64, len(a)), make([]float64, len(a))
	for i, x := range a {
		if x != b[i] { // else Inf - Inf
			differences[i] = x - b[i]
		}
		sizes[i] = math.Abs(differences[i])
	}
	var test SignedRankTest
	var ranks []float64 // of differences other than 0
	squares := 0.0
	all, _ := ranked(sizes)
	for i, r := range all {
		switch d := differences[i]; {
		case d == 0:
			continue
		case d > 0:
			test.Plus += r
		case d < 0:
			test.Minus += r
		}
		ranks = append(ranks, r)
		squares += r * r
	}
	half := (test.Plus - test.Minus) / 2 // from the mean of Plus
	switch {
	case math.IsNaN(squares):
		test.Plus, test.Minus, test.Z, test.P = squares, squares, squares, squares
	case len(ranks) == 0:
		test.P = 1
	default:
		deviation := math.Sqrt(squares) / 2
		test.Z = half / deviation
		test.P = correctedNormal(half, deviation)
		if len(a) <= exactPairs {
			test.P = exactSignedRank(ranks, min(test.Plus, test.Minus))
		}
	}
	return test
}

// correctedNormal is the two-sided probability of a normal variable as far from its mean,
// with correction for the continuity of a statistic that has steps of 1.
func correctedNormal(fromMean, deviation float64) float64 {
	return 2 * distuv.UnitNormal.CDF(-max(math.Abs(fromMean)-0.5, 0)/deviation)
}

// exactSignedRank is the two-sided probability that, with signs from fair coins, the sum of the ranks with a plus is at
// most the given one, or as far above its mean. Ranks are multiples of 1/2. O(n · sum of ranks).
func exactSignedRank(ranks []float64, atMost float64) float64 {
	sum := 0
	for _, r := range ranks {
		sum += int(2 * r)
	}
	ways := make([]uint64, sum+1) // to get each doubled sum
	ways[0] = 1
	sum = 0
	for _, r := range ranks {
		twice := int(2 * r)
		sum += twice
		for s := sum; s >= twice; s-- {
			ways[s] += ways[s-twice]
		}
	}
	tail := uint64(0)
	for _, w := range ways[:int(2*atMost)+1] {
		tail += w
	}
	return min(1, math.Ldexp(float64(tail), 1-len(ranks)))
}
