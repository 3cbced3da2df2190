package summary

import (
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/results"
)

// Survival tells how long cases stay unsolved, by algorithm.
type Survival struct {
	Metric Metric
	Rows   []SurvivalRow // by Summary.Algorithms
}

// SurvivalRow is one algorithm's survival over all its runs that are not at fault.
type SurvivalRow struct {
	Estimate     stats.Survival
	Runs, Solved int
	// GivenUp are runs that ended unsolved before the limit of the metric: without memory,
	// because the algorithm is not complete, or by another limit. They count as never
	// solved, since nothing says that they would have gone on like the others.
	GivenUp int
	// Censored holds, ascending, how far runs had come that their limit ended.
	Censored []float64
	// End is how far the curve is known: up to the last case that was solved or censored.
	End float64
}

// SurvivalMetrics are those of which runs have a limit: what has none censors nothing.
func SurvivalMetrics() []string { return []string{"time", "expanded"} }

// Survival estimates survival curves over time, or over what else runs have a limit of.
// See [stats.KaplanMeier] for what is assumed.
func (s *Summary) Survival(m Metric) Survival {
	out := Survival{Metric: m}
	ending := results.ByClock
	if m.Name == "expanded" {
		ending = results.ByExpansions
	}
	for a := range s.Algorithms {
		var row SurvivalRow
		var lifetimes []stats.Lifetime
		for _, c := range s.Cases {
			spent, ok := m.Spent(c, a)
			if !ok {
				continue
			}
			row.Runs++
			r := c.Runs[a]
			if r.Outcome.Solved() || r.Ending() == ending {
				row.End = max(row.End, spent)
			}
			switch {
			case r.Outcome.Solved():
				row.Solved++
				lifetimes = append(lifetimes, stats.Lifetime{TimeS: spent})
			case r.Ending() == ending:
				row.Censored = append(row.Censored, spent)
				lifetimes = append(lifetimes, stats.Lifetime{TimeS: spent, Censored: true})
			default:
				row.GivenUp++
				lifetimes = append(lifetimes, stats.Lifetime{TimeS: math.Inf(1)})
			}
		}
		slices.Sort(row.Censored)
		row.Estimate = stats.KaplanMeier(lifetimes)
		out.Rows = append(out.Rows, row)
	}
	return out
}
