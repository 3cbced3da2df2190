package summary

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"github.com/cloudrearrange/rearrange/metrics/stats"
)

// Comparison is the basis of a relative figure. An average over the cases that at least one
// algorithm solved would make a slow solver look good.
type Comparison struct {
	// Compared are the algorithms with at least one success, as indices into
	// Summary.Algorithms. One without any would leave nothing to compare.
	Compared []int
	LeftOut  []int
	Common   []*Case // the cases in which all compared algorithms succeeded
}

// Compare finds the algorithms with a success, and the cases in which all of them succeeded.
func (s *Summary) Compare(success func(c *Case, algorithm int) bool) Comparison {
	var c Comparison
	for a := range s.Algorithms {
		if slices.ContainsFunc(s.Cases, func(c *Case) bool { return success(c, a) }) {
			c.Compared = append(c.Compared, a)
		} else {
			c.LeftOut = append(c.LeftOut, a)
		}
	}
	for _, k := range s.Cases {
		if len(c.Compared) > 0 && !slices.ContainsFunc(c.Compared, func(a int) bool { return !success(k, a) }) {
			c.Common = append(c.Common, k)
		}
	}
	return c
}

// Exact reports whether the runs of an algorithm have an exact value in a case.
func (c Column) Exact(k *Case, algorithm int) bool {
	_, ok := c.Of(k, algorithm).Exact()
	return ok
}

// Sample holds a column's values over the cases in which all compared algorithms have one.
type Sample struct {
	Column Column
	Comparison
	Values [][]float64 // by Compared, then Common
}

// Sample reads a column off the runs.
func (s *Summary) Sample(col Column) Sample {
	out := Sample{Column: col, Comparison: s.Compare(col.Exact)}
	for _, a := range out.Compared {
		values := make([]float64, len(out.Common))
		for i, c := range out.Common {
			values[i], _ = col.Of(c, a).Exact()
		}
		out.Values = append(out.Values, values)
	}
	return out
}

// Matrix holds a column of all algorithms in the same cases, +Inf for one without a value:
// without a solution, or without a plan if the column is about plans.
type Matrix struct {
	Cases  []*Case
	Values [][]float64 // by Summary.Algorithms, then Cases

	NotRun     int // cases left out because some algorithm was not run on them
	Infeasible int // left out because there is no plan, proved, and the column is about plans
	Without    int // of Cases: no algorithm has a value
}

// Matrix collects a column. A case in which an algorithm failed and another did not counts;
// the weight of a failure is up to the statistic.
func (s *Summary) Matrix(col Column) Matrix {
	out := Matrix{Values: make([][]float64, len(s.Algorithms))}
	for _, c := range s.Cases {
		values, finite := make([]float64, len(s.Algorithms)), false
		for a := range c.Runs {
			v, ok := col.Of(c, a).Exact()
			if !ok {
				v = math.Inf(1)
			}
			values[a] = v
			finite = finite || ok
		}
		switch {
		case c.NotRun():
			out.NotRun++
			continue
		case col.Plan && c.NoPlan && !finite:
			out.Infeasible++
			continue
		case !finite:
			out.Without++
		}
		out.Cases = append(out.Cases, c)
		for a, v := range values {
			out.Values[a] = append(out.Values[a], v)
		}
	}
	return out
}

// bySource averages the values of cases that were made out of one cloud, because they are not independent: values[a][i]
// belongs to cases[i]. It returns one case of each source, and their means. A mean over a case without a value is +Inf.
func bySource(cases []*Case, values [][]float64) ([]*Case, [][]float64) {
	var sources []*Case
	at, counts := map[string]int{}, []float64{}
	means := make([][]float64, len(values))
	for i, c := range cases {
		j, seen := at[c.Source]
		if !seen {
			j = len(sources)
			at[c.Source] = j
			sources, counts = append(sources, c), append(counts, 0)
		}
		counts[j]++
		for a := range values {
			if !seen {
				means[a] = append(means[a], 0)
			}
			means[a][j] += values[a][i]
		}
	}
	for a := range means {
		floats.Div(means[a], counts)
	}
	return sources, means
}

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
