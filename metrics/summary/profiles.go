package summary

import (
	"math"

	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/results"
)

// Matrix holds a metric of all algorithms in the same cases, +Inf where one has no
// value: where it found no solution, or no plan if the metric is about plans.
type Matrix struct {
	Metric Metric
	Cases  []*Case
	Values [][]float64 // by Summary.Algorithms, then Cases

	NotRun     int // cases left out because some algorithm was not run on them
	Infeasible int // left out because there is no plan, proved, and the metric is about plans
	Without    int // of Cases: no algorithm has a value
}

// Matrix collects a metric. A case in which an algorithm failed to find what others did
// counts; what failure is worth, the statistic says that is made of it.
func (s *Summary) Matrix(m Metric) Matrix {
	out := Matrix{Metric: m, Values: make([][]float64, len(s.Algorithms))}
	for _, c := range s.Cases {
		values, finite := make([]float64, len(s.Algorithms)), false
		notRun, infeasible := false, false
		for a := range s.Algorithms {
			v, ok := m.Of(c, a)
			if !ok {
				v = math.Inf(1)
			}
			values[a] = v
			finite = finite || ok
			notRun = notRun || c.Runs[a] == nil
			infeasible = infeasible || (c.Runs[a] != nil && c.Runs[a].Outcome == results.Infeasible)
		}
		switch {
		case notRun:
			out.NotRun++
			continue
		case m.Plan && infeasible && !finite:
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

// Profiles are performance profiles by Dolan and Moré.
type Profiles struct {
	Matrix
	Curves []stats.Curve // by Summary.Algorithms: share of Cases within a factor of the best
}

// Profiles compares a metric with that of the best algorithm in each case. Values below
// least count as that much: a clock does not tell apart what is shorter, and a ratio to
// 0 would be infinite.
func (s *Summary) Profiles(m Metric, least float64) Profiles {
	p := Profiles{Matrix: s.Matrix(m)}
	raised := make([][]float64, len(p.Values))
	for a, values := range p.Values {
		raised[a] = make([]float64, len(values))
		for i, v := range values {
			raised[a][i] = max(v, least)
		}
	}
	p.Curves = stats.PerformanceProfiles(raised)
	return p
}

// Ranking is what algorithms' ranks in the same cases tell.
type Ranking struct {
	Matrix
	Test     stats.FriedmanTest // of the algorithms
	Critical float64            // difference of mean ranks, by Nemenyi; NaN where there is none
	Cliques  [][]int            // sets of algorithms that are not told apart
}

// Ranking ranks the algorithms by a metric; no value ranks last.
func (s *Summary) Ranking(m Metric, alpha float64) Ranking {
	r := Ranking{Matrix: s.Matrix(m), Critical: math.NaN()}
	if len(s.Algorithms) < 2 || len(r.Cases) < 2 {
		return r
	}
	r.Test = stats.Friedman(r.Values)
	r.Critical = stats.CriticalDifference(len(s.Algorithms), len(r.Cases), alpha)
	r.Cliques = stats.Cliques(r.Test.Ranks, r.Critical)
	return r
}
