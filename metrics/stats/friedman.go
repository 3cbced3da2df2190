package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// FriedmanTest asks whether algorithms differ at all, by their ranks in each case.
type FriedmanTest struct {
	Ranks []float64 // mean rank of each algorithm; 1 would be the smallest value in every case

	// ChiSquare is Friedman's statistic, corrected for ties, and ChiSquareP the probability
	// of one as large if there is no difference.
	ChiSquare, ChiSquareP float64
	// F is the statistic of Iman and Davenport, computed from ChiSquare, which is too
	// conservative. It is +Inf, and FP is 0, if all cases rank the algorithms alike.
	F, FP float64
}

// Friedman ranks the algorithms in each case, ties sharing their mean rank. values[a][c] is the value of algorithm a in
// case c, smaller being better; +Inf stands for an unsolved case and ties with itself. If no case tells the algorithms
// apart, the statistics are 0 and the probabilities 1. With fewer than two algorithms or cases the statistics are NaN,
// and with a NaN among the values the ranks are, too. It panics if algorithms have different numbers of cases. O(n log
// k) for n values of k algorithms.
//
// Sources: M. Friedman, The Use of Ranks to Avoid the Assumption of Normality Implicit in the Analysis of Variance,
// JASA 32(200), 1937, doi 10.1080/01621459.1937.10503522; R. L. Iman, J. M. Davenport, Approximations of the critical
// region of the Friedman statistic, Communications in Statistics A9, 1980, doi 10.1080/03610928008827904; J. Demšar,
// Statistical Comparisons of Classifiers over Multiple Data Sets, JMLR 7, 2006,
// https://jmlr.org/papers/v7/demsar06a.html. The correction for ties: M. Hollander, D. A. Wolfe, E. Chicken,
// Nonparametric Statistical Methods, 3rd ed., Wiley 2014, doi 10.1002/9781119196037, section 7.1.
func Friedman(values [][]float64) FriedmanTest {
	nan := math.NaN()
	k := len(values)
	test := FriedmanTest{Ranks: make([]float64, k), ChiSquare: nan, ChiSquareP: nan, F: nan, FP: nan}
	if k == 0 {
		return test
	}
	cases := len(values[0])
	for a, of := range values {
		if len(of) != cases {
			panic(fmt.Sprintf("stats: Friedman test of %d cases of algorithm 0, %d of algorithm %d", cases, len(of), a))
		}
	}
	sumOfTies := 0.0
	row := make([]float64, k)
	for c := range cases {
		for a, of := range values {
			row[a] = of[c]
		}
		ranks, ties := ranked(row)
		floats.Add(test.Ranks, ranks)
		sumOfTies += ties
	}
	n, kf := float64(cases), float64(k)
	squares := 0.0
	for a, sum := range test.Ranks {
		squares += (sum - n*(kf+1)/2) * (sum - n*(kf+1)/2)
		test.Ranks[a] = sum / n
	}
	if k < 2 || cases < 2 || math.IsNaN(sumOfTies) {
		return test
	}
	variance := n*kf*(kf+1) - sumOfTies/(kf-1)
	if variance <= 0 { // all tie in all cases
		test.ChiSquare, test.ChiSquareP, test.F, test.FP = 0, 1, 0, 1
		return test
	}
	test.ChiSquare = 12 * squares / variance
	test.ChiSquareP = distuv.ChiSquared{K: kf - 1}.Survival(test.ChiSquare)
	test.F, test.FP = imanDavenport(test.ChiSquare, n, kf)
	return test
}

func imanDavenport(chiSquare, n, k float64) (f, p float64) {
	rest := n*(k-1) - chiSquare
	if rest <= 1e-9*chiSquare { // 0 except for rounding
		return math.Inf(1), 0
	}
	f = (n - 1) * chiSquare / rest
	// The upper tail itself: 1 - CDF, which distuv's Survival is too, rounds small probabilities to 0.
	d1, d2 := k-1, (k-1)*(n-1)
	return f, mathext.RegIncBeta(d2/2, d1/2, d2/(d2+d1*f))
}
