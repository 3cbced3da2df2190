package gate

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/results"
)

// Metric is something in which a solver can get better or worse.
type Metric struct {
	Name string // as thresholds say it
	Unit string // empty for counts of runs, and for costs, whose unit is that of their cost function
	// HigherIsBetter: of all others, less is.
	HigherIsBetter bool
	// Timed: it depends on the speed of the machine, and is noisy.
	Timed bool
	// Answer: it is about whether there is an answer at all, and has no size.
	Answer bool

	exact   func(*results.Record) int64   // its value, if it is not timed
	seconds func(*results.Record) float64 // its value, if it is
	leave   func(base, cand *results.Record) Reason
}

// Metrics lists the metrics, in the order in which they are shown.
func Metrics() []Metric {
	counter := func(name string) func(*results.Record) int64 {
		return func(r *results.Record) int64 { return r.Counters[name] }
	}
	return []Metric{
		{
			Name: "coverage", HigherIsBetter: true, Answer: true,
			exact: answered, leave: leaveLimits,
		},
		{
			Name: "proofs", HigherIsBetter: true, Answer: true,
			exact: proved, leave: leaveLimits,
		},
		{
			Name:  "cost",
			exact: func(r *results.Record) int64 { return *r.Cost }, leave: leaveCost,
		},
		{
			Name: "lower-bound", HigherIsBetter: true,
			exact: func(r *results.Record) int64 { b, _ := r.ProvedBound(); return b }, leave: leaveBound,
		},
		{Name: "expanded", Unit: "states", exact: counter("expanded"), leave: leaveEffort("expanded")},
		{Name: "generated", Unit: "states", exact: counter("generated"), leave: leaveEffort("generated")},
		{
			Name: "memory", Unit: "bytes",
			exact: func(r *results.Record) int64 { return r.PeakBytes }, leave: leaveSpent,
		},
		{
			Name: "time", Unit: "s", Timed: true,
			seconds: func(r *results.Record) float64 { return r.WallS }, leave: leaveTime,
		},
		{
			Name: "cpu", Unit: "s", Timed: true,
			seconds: func(r *results.Record) float64 { return r.CPUS }, leave: leaveTime,
		},
	}
}

// MetricNames lists the names of the metrics.
func MetricNames() []string {
	return prose.Texts(Metrics(), func(m Metric) string { return m.Name })
}

// MetricNamed finds a metric.
func MetricNamed(name string) (Metric, bool) {
	all := Metrics()
	i := slices.IndexFunc(all, func(m Metric) bool { return m.Name == name })
	if i < 0 {
		return Metric{}, false
	}
	return all[i], true
}

// answered is 1 with an answer, 0 without, and -1 where the run shows a fault of the
// program, which is worse than no answer.
func answered(r *results.Record) int64 {
	switch {
	case r.Outcome.Faulty():
		return -1
	case r.Outcome.Solved():
		return 1
	}
	return 0
}

// proved is 1 with a proof and 0 without.
func proved(r *results.Record) int64 {
	if r.Outcome == results.Optimal || r.Outcome == results.Infeasible {
		return 1
	}
	return 0
}
