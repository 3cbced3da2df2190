package summary

import (
	"cmp"
	"errors"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/metrics/stats"
)

// Pairs compares two algorithms case by case.
type Pairs struct {
	X, Y   string // the algorithms
	Points []Pair // of the cases in which both have a value
	// Cases in which the other algorithm has no value.
	OnlyX, OnlyY []Pair
	// Neither counts the cases in which both were run and none has a value, NotRun those in which one was not run.
	Neither, NotRun  int
	Less, Same, More int // of Points, or of sources: the value of Y is less than that of X, the same, or more
}

// Pair is one case: the values of both algorithms, NaN for none.
type Pair struct {
	X, Y float64
	Case *Case
}

// Pairs compares two algorithms, given by index.
func (s *Summary) Pairs(col Column, x, y int) Pairs {
	p := Pairs{X: s.Algorithms[x], Y: s.Algorithms[y]}
	for _, c := range s.Cases {
		vx, okX := col.Of(c, x).Exact()
		vy, okY := col.Of(c, y).Exact()
		pair := Pair{vx, vy, c}
		switch {
		case len(c.Runs[x]) == 0 || len(c.Runs[y]) == 0:
			p.NotRun++
		case okX && okY:
			p.Points = append(p.Points, pair)
			p.count(vx, vy)
		case okX:
			pair.Y = math.NaN()
			p.OnlyX = append(p.OnlyX, pair)
		case okY:
			pair.X = math.NaN()
			p.OnlyY = append(p.OnlyY, pair)
		default:
			p.Neither++
		}
	}
	return p
}

// count compares the values of both.
func (p *Pairs) count(x, y float64) {
	*[]*int{&p.Less, &p.Same, &p.More}[1+cmp.Compare(y, x)]++
}

// TwoAlgorithms finds two algorithms by name, as indices. An empty name stands for the
// algorithm that solves the most cases, other than the other one; y is chosen first.
func (s *Summary) TwoAlgorithms(x, y string) (int, int, error) {
	if len(s.Algorithms) < 2 {
		return 0, 0, errors.New("fewer than two algorithms to compare")
	}
	chosen := [2]int{-1, -1} // y, x
	for i, name := range []string{y, x} {
		if name != "" {
			a, err := s.Algorithm(name)
			if err != nil {
				return 0, 0, err
			}
			chosen[i] = a
		}
	}
	for i := range chosen {
		for _, a := range s.bySolved() {
			if chosen[i] < 0 && a != chosen[1-i] {
				chosen[i] = a
			}
		}
	}
	if chosen[0] == chosen[1] {
		return 0, 0, errors.New("x and y are the same algorithm")
	}
	return chosen[1], chosen[0], nil
}

// bySolved lists the algorithms, as indices, by the number of cases that they solve, most
// first. Equal ones stay in their order.
func (s *Summary) bySolved() []int {
	solved := make([]float64, len(s.Algorithms))
	for _, c := range s.Cases {
		for a, run := range c.Runs {
			for _, r := range run {
				if r.Outcome.Solved() {
					solved[a] += 1 / float64(len(run))
				}
			}
		}
	}
	out := s.everyAlgorithm()
	slices.SortStableFunc(out, func(a, b int) int { return cmp.Compare(solved[b], solved[a]) })
	return out
}

// PairTest compares two algorithms in a column, over the cases in which both have a value.
type PairTest struct {
	Pairs
	Wilcoxon stats.SignedRankTest
	// P is the p-value of the test, adjusted by Holm for the number of pairs of algorithms;
	// NaN without a case to compare them in.
	P float64
	// A12 is the probability that X's value is larger than Y's, equal ones counting half.
	A12 float64
	// Ratio is the geometric mean of X's value over Y's; NaN if one of them is 0.
	Ratio float64
}

// PairTests compares all pairs of algorithms, in their order. If independent, cases that were
// made out of one cloud count as one, with their mean values.
func (s *Summary) PairTests(col Column, independent bool) []PairTest {
	var out []PairTest
	var p []float64
	for x := range s.Algorithms {
		for y := x + 1; y < len(s.Algorithms); y++ {
			t := pairTest(s.Pairs(col, x, y), independent)
			out, p = append(out, t), append(p, t.P)
		}
	}
	for i, adjusted := range stats.Holm(p) {
		out[i].P = adjusted
	}
	return out
}

func pairTest(pairs Pairs, independent bool) PairTest {
	t := PairTest{Pairs: pairs, P: math.NaN(), A12: math.NaN(), Ratio: math.NaN()}
	if len(pairs.Points) == 0 {
		return t
	}
	var cases []*Case
	values := make([][]float64, 2)
	for _, p := range pairs.Points {
		cases, values[0], values[1] = append(cases, p.Case), append(values[0], p.X), append(values[1], p.Y)
	}
	if independent {
		_, values = bySource(cases, values)
		t.Less, t.Same, t.More = 0, 0, 0
		for i, x := range values[0] {
			t.count(x, values[1][i])
		}
	}
	x, y := values[0], values[1]
	t.Wilcoxon = stats.WilcoxonSignedRank(x, y)
	t.P, t.A12 = t.Wilcoxon.P, stats.A12(x, y)
	var ratios []float64
	for i := range x {
		ratios = append(ratios, stats.Ratio(x[i], y[i]))
	}
	if !slices.ContainsFunc(ratios, func(r float64) bool { return r == 0 || math.IsInf(r, 0) }) {
		t.Ratio = stats.GeoMean(ratios)
	}
	return t
}
