package summary

import (
	"math"

	"github.com/cloudrearrange/rearrange/metrics/stats"
)

// Ranking compares algorithms by their ranks in the same cases.
type Ranking struct {
	Matrix
	Test     stats.FriedmanTest // of the algorithms
	Critical float64            // difference of mean ranks, by Nemenyi; NaN where there is none
	Cliques  [][]int            // sets of algorithms without a significant difference
}

// Ranking ranks the algorithms by a column; no value ranks last. With bySource, cases that
// were made out of one cloud count as one, with their mean values.
func (s *Summary) Ranking(col Column, alpha float64, bySource bool) Ranking {
	r := Ranking{Matrix: s.Matrix(col), Critical: math.NaN()}
	if bySource {
		r.Matrix = r.BySource()
	}
	if len(s.Algorithms) < 2 || len(r.Cases) < 2 {
		return r
	}
	values := r.Values
	if col.Better == Higher { // the test takes less for better
		values = make([][]float64, len(r.Values))
		for a := range values {
			for _, v := range r.Values[a] {
				if !math.IsInf(v, 1) {
					v = -v
				}
				values[a] = append(values[a], v)
			}
		}
	}
	r.Test = stats.Friedman(values)
	r.Critical = stats.CriticalDifference(len(s.Algorithms), len(r.Cases), alpha)
	r.Cliques = stats.Cliques(r.Test.Ranks, r.Critical)
	return r
}
