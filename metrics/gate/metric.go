package gate

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/results"
)

// Metric is something in which a solver can get better or worse.
type Metric struct {
	Name string `json:"metric"`         // as thresholds say it
	Unit string `json:"unit,omitempty"` // empty for counts of runs, and for costs, whose unit is that of their cost function
	// HigherIsBetter: of all others, less is.
	HigherIsBetter bool `json:"-"`
	// Timed: it depends on the speed of the machine, and is noisy.
	Timed bool `json:"-"`
	// Answer: it is about whether there is an answer at all, and has no size.
	Answer bool `json:"-"`

	exact   func(*results.Record) int64   // its value, if it is not timed
	seconds func(*results.Record) float64 // its value, if it is
	has     func(*results.Record) bool    // whether a run has a value, if not all do
	// effort: it measures what an answer took, and at a limit it measures the limit.
	effort bool
	// work: as many expansions are as much work, even without an answer.
	work bool
}

// Metrics lists the metrics, in the order in which they are shown.
func Metrics() []Metric {
	solved := func(r *results.Record) bool { return r.Outcome.Solved() }
	counter := func(name string) Metric {
		return Metric{
			Name: name, Unit: "states", effort: true,
			exact: func(r *results.Record) int64 { return r.Counters[name] },
			has:   func(r *results.Record) bool { _, counted := r.Counters[name]; return counted && solved(r) },
		}
	}
	return []Metric{
		{Name: "coverage", HigherIsBetter: true, Answer: true, exact: answered},
		{Name: "proofs", HigherIsBetter: true, Answer: true, exact: proved},
		{
			Name:  "cost",
			exact: func(r *results.Record) int64 { return *r.Cost },
			has:   func(r *results.Record) bool { return r.Outcome.HasPlan() },
		},
		{
			Name: "lower-bound", HigherIsBetter: true,
			exact: func(r *results.Record) int64 { b, _ := r.ProvedBound(); return b },
			has:   func(r *results.Record) bool { _, proved := r.ProvedBound(); return proved },
		},
		counter("expanded"),
		counter("generated"),
		{
			Name: "memory", Unit: "bytes", effort: true, work: true, has: solved,
			exact: func(r *results.Record) int64 { return r.PeakBytes },
		},
		{
			Name: "time", Unit: "s", Timed: true, effort: true, work: true, has: solved,
			seconds: func(r *results.Record) float64 { return r.WallS },
		},
		{
			Name: "cpu", Unit: "s", Timed: true, effort: true, work: true, has: solved,
			seconds: func(r *results.Record) float64 { return r.CPUS },
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

// Reason tells why a pair, or a whole row, does not count for a metric; empty if it does.
type Reason string

// The reasons to leave a pair out, in the order in which they are shown.
const (
	Clock       Reason = "ended by the clock"
	ClockLost   Reason = "answer lost to the clock"
	ClockGained Reason = "answer gained from the clock"
	AtLimit     Reason = "ended by a limit"
	OtherLimits Reason = "ended by a limit, and limits differ"
	OneSide     Reason = "the value is there on one side only"
	NoSide      Reason = "there is no value on either side"
	Machine     Reason = "machine, -j or GOMAXPROCS differ"
	TooShort    Reason = "too short to be timed"
)

// The reasons not to judge a timed row at all.
const (
	TooFew      Reason = "too few instances for a verdict"
	Alone       Reason = "no other algorithm tells what the machine did"
	UnevenLoad  Reason = "the machine was busier on one side"
	Unconfirmed Reason = "CPU time does not confirm it"
)

// leave is the reason to leave out a pair.
func (m Metric) leave(base, cand *results.Record) Reason {
	late := func(r *results.Record) bool { return r.Ending() == results.ByClock }
	limited := func(r *results.Record) bool {
		e := r.Ending()
		return e == results.ByMemory || e == results.ByExpansions
	}
	has := func(r *results.Record) bool { return (m.has == nil || m.has(r)) && (!m.Timed || m.seconds(r) > 0) }
	expanded := m.work && base.Ending() == results.ByExpansions && cand.Ending() == results.ByExpansions
	switch {
	case m.Timed && otherMachine(base, cand):
		return Machine
	case expanded && base.Limits.Expansions != cand.Limits.Expansions:
		return OtherLimits
	case expanded && !m.Timed, expanded && m.seconds(base) > 0 && m.seconds(cand) > 0, m.Timed && m.bounded(base, cand):
		return ""
	case !has(base) && !has(cand):
		return NoSide
	case !has(base) || !has(cand):
		return OneSide
	case !m.Answer && (late(base) || late(cand)):
		return Clock
	}
	// The time that was allowed makes no difference to runs that took less, and cores make a
	// difference to times alone.
	b, c := base.Limits, cand.Limits
	b.Cores, c.Cores = 0, 0
	if !late(base) && !late(cand) {
		b.TimeoutS, c.TimeoutS = 0, 0
	}
	switch {
	case b != c && (base.Ending() != results.ByItself || cand.Ending() != results.ByItself):
		return OtherLimits
	case m.effort && (limited(base) || limited(cand)):
		return AtLimit
	case m.Answer && m.exact(cand) < m.exact(base) && late(cand) && !cand.Outcome.Faulty():
		return ClockLost // on a busy machine that happens to an unchanged solver: it counts as times do
	case m.Answer && m.exact(cand) > m.exact(base) && late(base) && !base.Outcome.Faulty():
		return ClockGained
	}
	return ""
}

// bounded tells whether one run came to an answer and the clock ended the other one, whose
// time is then a bound on the safe side: the answer would have taken longer.
func (m Metric) bounded(base, cand *results.Record) bool {
	late, other := base, cand
	if cand.Ending() == results.ByClock {
		late, other = cand, base
	}
	return late.Ending() == results.ByClock && !late.Outcome.Faulty() && late.Limits == other.Limits &&
		other.Ending() == results.ByItself && other.Outcome.Solved() && 0 < m.seconds(other) && m.seconds(other) < m.seconds(late)
}

// otherMachine tells whether two runs had different machines, or different parts of one.
func otherMachine(base, cand *results.Record) bool {
	b, c := base.Provenance, cand.Provenance
	differ := func(b, c int) bool { return b != c && b > 0 && c > 0 } // 0 is not known
	return b.OS != c.OS || b.CPUModel != c.CPUModel || b.Cores != c.Cores || base.Limits.Cores != cand.Limits.Cores ||
		differ(b.Jobs, c.Jobs) || differ(b.GOMAXPROCS, c.GOMAXPROCS)
}
