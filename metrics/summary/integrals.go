package summary

import "github.com/cloudrearrange/rearrange/metrics/stats"

// Integrals tell how good plans were, and how early they came, against the cheapest
// known. They are over the cases that all algorithms were run on and that have a plan.
type Integrals struct {
	Cases, NoPlan, NotRun int // as in [Anytime]
	// NoLimit counts cases whose horizon is when the last of their runs ended, for these
	// had no limit in seconds, or not the same one.
	NoLimit int
	Rows    []IntegralsRow // by Summary.Algorithms
}

// IntegralsRow is one algorithm's means over the cases; NaN where there are none.
type IntegralsRow struct {
	Algorithm string
	Found     int     // plans
	Gap       float64 // the primal gap of the plan at the end, 1 without one
	Integral  float64 // the primal integral, in seconds
	Relative  float64 // the primal integral over the horizon: the mean gap over time
}

// Integrals computes them up to a horizon in seconds, or with 0 to the limit of each case.
func (s *Summary) Integrals(horizonS float64) Integrals {
	k := len(s.Algorithms)
	gaps, integrals, relative := make([][]float64, k), make([][]float64, k), make([][]float64, k)
	found := make([]int, k)
	var out Integrals
	over := s.anytime(func(c *Case, a int, run []stats.Incumbent, best float64) {
		horizon := horizonS
		if horizon == 0 {
			horizon = c.timeoutS()
		}
		if horizon == 0 {
			if a == 0 {
				out.NoLimit++
			}
			for _, r := range c.Runs {
				horizon = max(horizon, r.WallS)
			}
		}
		gap := 1.0
		for _, i := range run {
			if i.ElapsedS <= horizon {
				gap = min(gap, stats.PrimalGap(i.Cost, best))
			}
		}
		if c.Runs[a].Outcome.HasPlan() {
			found[a]++
		}
		integral := stats.PrimalIntegral(run, best, horizon)
		gaps[a], integrals[a] = append(gaps[a], gap), append(integrals[a], integral)
		if horizon > 0 {
			integral /= horizon
		} else {
			integral = gap // nothing takes time
		}
		relative[a] = append(relative[a], integral)
	})
	out.Cases, out.NoPlan, out.NotRun = over.Cases, over.NoPlan, over.NotRun
	for a, name := range s.Algorithms {
		out.Rows = append(out.Rows, IntegralsRow{
			Algorithm: name, Found: found[a], Gap: stats.Mean(gaps[a]), Integral: stats.Mean(integrals[a]), Relative: stats.Mean(relative[a]),
		})
	}
	return out
}
