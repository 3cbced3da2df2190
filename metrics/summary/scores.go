package summary

import (
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/metrics/stats"
)

// Scores rate algorithms as competitions of solvers do, over the cases that all were run
// on. One that is not solved has the worst score, and is not left out.
type Scores struct {
	Cases  int
	NotRun int // cases left out: some algorithm was not run on them
	// NoPlan counts the cases that are no part of the satisficing score: no run has a plan.
	NoPlan int
	// NoLimit counts the cases that are no part of what is about time: their runs had no
	// limit in seconds, or not the same one.
	NoLimit int
	Rows    []ScoresRow // by Summary.Algorithms
}

// ScoresRow is one algorithm's scores. Those over no cases are NaN.
type ScoresRow struct {
	Algorithm   string
	Coverage    float64 // share of cases solved
	Satisficing float64 // mean of cheapest known cost / cost, 0 without a plan
	Agile       float64 // mean
	PAR2, PAR10 float64 // seconds
}

// Scores computes them. A limit in seconds stands in for that of the runs in what is about
// time, where what took longer then counts as unsolved; 0 takes each case's own.
func (s *Summary) Scores(limitS float64) Scores {
	var out Scores
	k := len(s.Algorithms)
	solved, satisficing, agile := make([][]float64, k), make([][]float64, k), make([][]float64, k)
	par2, par10 := make([][]float64, k), make([][]float64, k)
	for _, c := range s.Cases {
		if slices.Contains(c.Runs, nil) {
			out.NotRun++
			continue
		}
		out.Cases++
		limit := limitS
		if limit == 0 {
			limit = c.timeoutS()
		}
		if limit == 0 {
			out.NoLimit++
		}
		if c.Best == nil {
			out.NoPlan++
		}
		for a, r := range c.Runs {
			time, cost := math.Inf(1), math.Inf(1)
			if r.Outcome.Solved() {
				time = max(r.WallS, 0)
			}
			if r.Outcome.HasPlan() {
				cost = float64(*r.Cost)
			}
			solved[a] = append(solved[a], time)
			if c.Best != nil {
				satisficing[a] = append(satisficing[a], stats.SatisficingScore(cost, float64(*c.Best)))
			}
			if limit > 0 {
				agile[a] = append(agile[a], stats.AgileScore(time, limit))
				par2[a] = append(par2[a], stats.PAR([]float64{time}, limit, 2))
				par10[a] = append(par10[a], stats.PAR([]float64{time}, limit, 10))
			}
		}
	}
	for a, name := range s.Algorithms {
		out.Rows = append(out.Rows, ScoresRow{
			Algorithm: name, Coverage: stats.Coverage(solved[a]), Satisficing: stats.Mean(satisficing[a]),
			Agile: stats.Mean(agile[a]), PAR2: stats.Mean(par2[a]), PAR10: stats.Mean(par10[a]),
		})
	}
	return out
}

// timeoutS is the limit in seconds that all runs of a case had; 0 where there is none.
func (c *Case) timeoutS() float64 {
	limit := -1.0
	for _, r := range c.Runs {
		switch {
		case r == nil:
		case limit < 0:
			limit = r.Limits.TimeoutS
		case limit != r.Limits.TimeoutS:
			return 0
		}
	}
	return max(limit, 0)
}
