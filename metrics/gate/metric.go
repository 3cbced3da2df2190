package gate

import (
	"cmp"
	"slices"
	"sync"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/results"
)

// Metric is a column in which a solver can get better or worse.
type Metric struct {
	Name           string `json:"metric"`         // as thresholds say it: that of the column, but for proofs
	Unit           string `json:"unit,omitempty"` // of the column
	summary.Column `json:"-"`
	// Answer: it tells whether there is an answer, and has no size.
	Answer bool `json:"-"`
	// effort: it measures what an answer took, and at a limit it measures the limit.
	effort bool
	// target: it is of the target that a strategy chose, however the path to it was looked for; schedule: of the schedule that
	// was made of the plan, whose scheduler counts as the algorithm.
	target, schedule bool
	// work: as many expansions are as much work, even without an answer.
	work bool
}

// Metrics lists the metrics, in the order in which they are shown.
func Metrics() []Metric { return slices.Clone(metrics()) }

var metrics = sync.OnceValue(func() []Metric {
	out := []Metric{
		{Name: "coverage", Answer: true},
		{Name: "proofs", Column: summary.Column{Name: "proved"}, Answer: true},
		{Name: "objective-after", target: true},
		{Name: "objective-bound", target: true},
		{Name: "direct-cost", target: true},
		{Name: "cost"},
		{Name: "lower-bound"},
		{Name: "makespan", schedule: true},
		{Name: "makespan-bound", schedule: true},
		{Name: "expanded", effort: true},
		{Name: "generated", effort: true},
		{Name: "memory", effort: true, work: true},
		{Name: "time", effort: true, work: true},
		{Name: "cpu", effort: true, work: true},
	}
	for i := range out {
		m := &out[i]
		m.Column = summary.Listed(cmp.Or(m.Column.Name, m.Name))
		m.Unit = m.Column.Unit
	}
	return out
})

// MetricNames lists the names of the metrics.
func MetricNames() []string {
	return prose.Texts(metrics(), func(m Metric) string { return m.Name })
}

// MetricNamed finds a metric.
func MetricNamed(name string) (Metric, bool) {
	for _, m := range metrics() {
		if m.Name == name {
			return m, true
		}
	}
	return Metric{}, false
}

// of is the value of a record.
func (m Metric) of(r *results.Record) summary.Value {
	v := m.At(nil, r, &r.Name)
	switch {
	case m.Name == "coverage" && r.Outcome.Faulty():
		v.X, v.N = -1, -1 // a fault of the program is worse than no answer
	case m.Timed && v.X == 0:
		return summary.Value{} // below the resolution of the clock
	}
	return v
}

// Reason tells why a pair, or a whole row, does not count for a metric; empty if it does.
type Reason string

// The reasons to leave a pair out, and then those not to judge a timed row at all.
const (
	Clock       Reason = "ended by the clock"
	ClockLost   Reason = "answer lost to the clock"
	ClockGained Reason = "answer gained from the clock"
	AtLimit     Reason = "ended by a limit"
	OtherTarget Reason = "the targets differ"
	OtherMoves  Reason = "the moves differ"
	OtherLimits Reason = "ended by a limit, and limits differ"
	OneSide     Reason = "the value is there on one side only"
	NoSide      Reason = "there is no value on either side"
	Machine     Reason = "machine, -j or GOMAXPROCS differ"
	TooShort    Reason = "too short to be timed"

	TooFew      Reason = "too few instances for a verdict"
	Alone       Reason = "no other algorithm tells what the machine did"
	UnevenLoad  Reason = "the machine was busier on one side"
	Unconfirmed Reason = "CPU time does not confirm it"
)

// leave is the reason to leave out a pair of values.
func (m Metric) leave(p Pair, before, after summary.Value) Reason {
	_, was := before.Exact()
	_, is := after.Exact()
	endBase, endCand := p.Base.Ending(), p.Cand.Ending()
	expanded := m.work && endBase == results.ByExpansions && endCand == results.ByExpansions
	limited := endBase != results.ByItself || endCand != results.ByItself
	late := endBase == results.ByClock || endCand == results.ByClock
	if m.target {
		late = p.Base.Limits.TargetTimeoutS+p.Cand.Limits.TargetTimeoutS > 0
		limited = p.Base.Limits.TargetSteps != p.Cand.Limits.TargetSteps
	} else if m.schedule {
		base, cand := p.Base.ScheduleEnding(), p.Cand.ScheduleEnding()
		late, limited = late || base == results.ByClock || cand == results.ByClock, limited || base != results.ByItself || cand != results.ByItself
	}
	switch {
	case !m.target && m.Name != "coverage" && p.Base.Goal() != p.Cand.Goal(), m.Name == "direct-cost" && was && is && !slices.Equal(p.Base.Target.After, p.Cand.Target.After):
		return OtherTarget
	case m.Name == "makespan-bound" && was && is && p.Base.Schedule.Moves != p.Cand.Schedule.Moves:
		return OtherMoves
	case m.Timed && p.Base.OtherMachine(p.Cand):
		return Machine
	case expanded && p.Base.Limits.Expansions != p.Cand.Limits.Expansions:
		return OtherLimits
	case expanded && before.Kind != summary.Missing && after.Kind != summary.Missing,
		m.Timed && (bounds(p.Base, before, p.Cand, after) || bounds(p.Cand, after, p.Base, before)):
		return ""
	case !was && !is:
		return NoSide
	case !was || !is:
		return OneSide
	case late && !m.Answer:
		return Clock
	case limited && p.Base.Limits.Differ(p.Cand.Limits, late):
		return OtherLimits
	case limited && m.effort:
		return AtLimit
	// On a busy machine this happens to an unchanged solver: it counts as times do.
	case m.Answer && after.N < before.N && endCand == results.ByClock && !p.Cand.Outcome.Faulty():
		return ClockLost
	case m.Answer && after.N > before.N && endBase == results.ByClock && !p.Base.Outcome.Faulty():
		return ClockGained
	}
	return ""
}

// bounds tells whether one run came to an answer and the clock ended the other one, whose
// time is then a bound on the safe side: the answer would have taken longer.
func bounds(late *results.Record, least summary.Value, other *results.Record, took summary.Value) bool {
	return late.Ending() == results.ByClock && !late.Outcome.Faulty() && late.Limits == other.Limits &&
		other.Ending() == results.ByItself && other.Outcome.Solved() && 0 < took.X && took.X < least.X
}
