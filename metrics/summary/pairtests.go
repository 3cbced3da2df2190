package summary

import (
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/metrics/stats"
)

// PairTest compares two algorithms in a metric of which less is better, over the cases in
// which both have a value.
type PairTest struct {
	Pairs
	Wilcoxon stats.SignedRankTest
	// P is the probability of the test, adjusted by Holm for the number of pairs of
	// algorithms. NaN without a case to compare them in.
	P float64
	// A12 is the probability that X's value is larger than Y's, equal ones counting half.
	A12 float64
	// Ratio is the geometric mean of X's value over Y's; NaN where one of them is 0.
	Ratio float64
}

// PairTests compares all pairs of algorithms, in their order.
func (s *Summary) PairTests(m Metric) []PairTest {
	var out []PairTest
	var p []float64
	for x := range s.Algorithms {
		for y := x + 1; y < len(s.Algorithms); y++ {
			t := pairTest(s.Pairs(m, x, y))
			out, p = append(out, t), append(p, t.P)
		}
	}
	for i, adjusted := range stats.Holm(p) {
		out[i].P = adjusted
	}
	return out
}

func pairTest(pairs Pairs) PairTest {
	t := PairTest{Pairs: pairs, P: math.NaN(), A12: math.NaN(), Ratio: math.NaN()}
	if len(pairs.Points) == 0 {
		return t
	}
	var x, y, ratios []float64
	for _, p := range pairs.Points {
		x, y = append(x, p.X), append(y, p.Y)
		ratios = append(ratios, stats.Ratio(p.X, p.Y))
	}
	t.Wilcoxon = stats.WilcoxonSignedRank(x, y)
	t.P, t.A12 = t.Wilcoxon.P, stats.A12(x, y)
	if !slices.ContainsFunc(ratios, func(r float64) bool { return r == 0 || math.IsInf(r, 0) }) {
		t.Ratio = stats.GeoMean(ratios)
	}
	return t
}
