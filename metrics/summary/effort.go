package summary

import (
	"math"

	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/results"
)

// The shifts of the geometric means of effort. Achterberg's thesis shifts nodes by
// 100 and mixed integer programming benchmarks shift times by 1 to 10 s, for runs
// of up to an hour; these are for runs of up to a minute, the smallest of which
// expand a handful of states within microseconds.
const (
	StatesShift = 100.0   // states
	TimeShiftS  = 0.01    // s
	MemoryShift = 1 << 20 // bytes
)

// Effort compares what runs took, as shifted geometric means over the cases that
// all compared algorithms solved. Coverage stands apart from it, in [OutcomeRow].
type Effort struct {
	Comparison
	Rows []EffortRow // one per compared algorithm
}

// EffortRow is one algorithm's effort over Effort.Common. A figure is NaN when there
// are no such cases, or when a run does not tell it.
type EffortRow struct {
	Algorithm string
	Expanded  float64
	Generated float64
	WallS     float64
	CPUS      float64
	PeakBytes float64
}

func (s *Summary) effort() Effort {
	e := Effort{Comparison: s.compare(ended(results.Outcome.Solved))}
	for _, a := range e.Compared {
		mean := func(shift float64, of func(*Case, *results.Record) (float64, bool)) float64 {
			values := make([]float64, len(e.Common))
			for i, c := range e.Common {
				v, ok := of(c, c.Runs[a])
				if !ok {
					return math.NaN()
				}
				values[i] = max(v, 0)
			}
			return stats.ShiftedGeoMean(values, shift)
		}
		e.Rows = append(e.Rows, EffortRow{
			Algorithm: s.Algorithms[a],
			Expanded:  mean(StatesShift, MetricNamed("expanded").of),
			Generated: mean(StatesShift, MetricNamed("generated").of),
			WallS:     mean(TimeShiftS, MetricNamed("time").of),
			CPUS:      mean(TimeShiftS, MetricNamed("cpu").of),
			PeakBytes: mean(MemoryShift, func(_ *Case, r *results.Record) (float64, bool) { return float64(r.PeakBytes), true }),
		})
	}
	return e
}
