package summary

import (
	"cmp"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/results"
)

// Anytime tells what plans algorithms have at what time, against the cheapest plan that
// any run found. It is over the cases for which there is one.
type Anytime struct {
	Cases  int
	NoPlan int // cases left out: no run has a plan
	NotRun int // cases left out: some algorithm was not run on them
	// Curves, by Summary.Algorithms, over seconds. Each says of all cases together what
	// had been reached by then.
	Curves []stats.Curve
}

// anytime hands the runs of the cases that count to add, and what they found on the way.
func (s *Summary) anytime(add func(c *Case, algorithm int, found []stats.Incumbent, best float64)) Anytime {
	var out Anytime
	for _, c := range s.Cases {
		switch {
		case slices.Contains(c.Runs, nil):
			out.NotRun++
			continue
		case c.Best == nil:
			out.NoPlan++
			continue
		}
		out.Cases++
		for a, r := range c.Runs {
			add(c, a, incumbents(r), float64(*c.Best))
		}
	}
	return out
}

// incumbents are the plans of a run, and the one that it ended with. A run at fault has
// none, for what it announced on the way was not validated.
func incumbents(r *results.Record) []stats.Incumbent {
	if !r.Outcome.HasPlan() {
		return nil
	}
	var out []stats.Incumbent
	for _, i := range r.Incumbents {
		out = append(out, stats.Incumbent{ElapsedS: max(i.ElapsedS, 0), Cost: float64(i.Cost)})
	}
	return append(out, stats.Incumbent{ElapsedS: max(r.WallS, 0), Cost: float64(*r.Cost)})
}

// TimesToTargets tells, over time, which share of all pairs of case and target is
// reached: a target of 0.1 is a plan that costs at most 10 % more than the cheapest.
func (s *Summary) TimesToTargets(targets []float64) Anytime {
	times := make([][]float64, len(s.Algorithms))
	out := s.anytime(func(_ *Case, a int, found []stats.Incumbent, best float64) {
		costs := make([]float64, len(targets))
		for i, t := range targets {
			costs[i] = best * (1 + t)
		}
		times[a] = append(times[a], stats.TimesToTargets(found, costs)...)
	})
	for _, t := range times {
		out.Curves = append(out.Curves, stats.ECDF(t))
	}
	return out
}

// QualityOverTime tells the mean primal gap over time: 1 for a case without a plan yet, 0
// for one with the cheapest plan that any run found.
func (s *Summary) QualityOverTime() Anytime {
	type change struct {
		at, by float64
		closes bool // the gap of its case
	}
	changes := make([][]change, len(s.Algorithms))
	out := s.anytime(func(_ *Case, a int, found []stats.Incumbent, best float64) {
		slices.SortStableFunc(found, func(x, y stats.Incumbent) int { return cmp.Compare(x.ElapsedS, y.ElapsedS) })
		gap := 1.0
		for _, i := range found {
			if g := stats.PrimalGap(i.Cost, best); g < gap {
				changes[a] = append(changes[a], change{i.ElapsedS, g - gap, g == 0})
				gap = g
			}
		}
	})
	for _, list := range changes {
		slices.SortFunc(list, func(x, y change) int { return cmp.Or(cmp.Compare(x.at, y.at), cmp.Compare(x.by, y.by)) })
		c := stats.Curve{Start: 1}
		sum, open := float64(out.Cases), out.Cases
		for i, x := range list {
			sum += x.by
			if x.closes {
				if open--; open == 0 {
					sum = 0 // but for what rounding left
				}
			}
			if i+1 < len(list) && list[i+1].at == x.at {
				continue
			}
			c.Steps = append(c.Steps, stats.Step{X: x.at, Y: max(sum, 0) / float64(out.Cases)})
		}
		if out.Cases == 0 {
			c.Start = math.NaN()
		}
		out.Curves = append(out.Curves, c)
	}
	return out
}
