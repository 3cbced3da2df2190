package summary

import (
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/metrics/stats"
)

// Ranking compares algorithms by their ranks in the same cases.
type Ranking struct {
	Matrix
	Test     stats.FriedmanTest // of the algorithms
	Critical float64            // difference of mean ranks, by Nemenyi; NaN if there is none
	Cliques  [][]int            // sets of algorithms without a significant difference
}

// Ranking ranks the algorithms by a column; no value ranks last. If independent, cases that
// were made out of one cloud count as one, with their mean values.
func (s *Summary) Ranking(col Column, alpha float64, independent bool) Ranking {
	r := Ranking{Matrix: s.Matrix(col), Critical: math.NaN()}
	if independent {
		r.Cases, r.Values = bySource(r.Cases, r.Values)
	}
	if len(s.Algorithms) < 2 || len(r.Cases) < 2 {
		return r
	}
	values := make([][]float64, len(r.Values))
	for a := range values {
		values[a] = slices.Clone(r.Values[a])
		for i, v := range values[a] {
			if col.Better == Higher && !math.IsInf(v, 1) {
				values[a][i] = -v // the test takes less for better
			}
		}
	}
	r.Test = stats.Friedman(values)
	r.Critical = stats.CriticalDifference(len(s.Algorithms), len(r.Cases), alpha)
	r.Cliques = stats.Cliques(r.Test.Ranks, r.Critical)
	return r
}
