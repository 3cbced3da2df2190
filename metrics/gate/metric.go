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
	leave   func(base, cand *results.Record) Reason
}

// Metrics lists the metrics, in the order in which they are shown.
func Metrics() []Metric {
	answer := func(name string, value func(*results.Record) int64) Metric {
		return Metric{Name: name, HigherIsBetter: true, Answer: true, exact: value, leave: leaveAnswer(value)}
	}
	counter := func(name string) Metric {
		return Metric{
			Name: name, Unit: "states", leave: leaveEffort(name),
			exact: func(r *results.Record) int64 { return r.Counters[name] },
		}
	}
	timed := func(name string, seconds func(*results.Record) float64) Metric {
		return Metric{Name: name, Unit: "s", Timed: true, seconds: seconds, leave: leaveTime(seconds)}
	}
	return []Metric{
		answer("coverage", answered),
		answer("proofs", proved),
		{
			Name:  "cost",
			exact: func(r *results.Record) int64 { return *r.Cost }, leave: leaveCost,
		},
		{
			Name: "lower-bound", HigherIsBetter: true,
			exact: func(r *results.Record) int64 { b, _ := r.ProvedBound(); return b }, leave: leaveBound,
		},
		counter("expanded"),
		counter("generated"),
		{
			Name: "memory", Unit: "bytes",
			exact: func(r *results.Record) int64 { return r.PeakBytes }, leave: leaveSpent,
		},
		timed("time", func(r *results.Record) float64 { return r.WallS }),
		timed("cpu", func(r *results.Record) float64 { return r.CPUS }),
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

// Reasons lists all reasons to leave a pair out in the order in which they are shown.
func Reasons() []Reason {
	return []Reason{Clock, ClockLost, ClockGained, AtLimit, OtherLimits, OneSide, NoSide, Machine, TooShort}
}

// leaveValues is the reason to leave out a pair of runs of which these have a value.
func leaveValues(base, cand bool) Reason {
	switch {
	case base && cand:
		return ""
	case base || cand:
		return OneSide
	}
	return NoSide
}

// limited tells whether a limit ended the run that ends it at the same point everywhere.
func limited(r *results.Record) bool {
	e := r.Ending()
	return e == results.ByMemory || e == results.ByExpansions
}

func byClock(r *results.Record) bool { return r.Ending() == results.ByClock }

// leaveLimits is the reason to leave out a pair of which a run was ended by limits that
// the other one did not have. The time that was allowed makes no difference to runs that
// took less, and cores make a difference to times alone.
func leaveLimits(base, cand *results.Record) Reason {
	b, c := base.Limits, cand.Limits
	b.Cores, c.Cores = 0, 0
	if !byClock(base) && !byClock(cand) {
		b.TimeoutS, c.TimeoutS = 0, 0
	}
	if b != c && (base.Ending() != results.ByItself || cand.Ending() != results.ByItself) {
		return OtherLimits
	}
	return ""
}

// leaveAnswer leaves out answers that one side lacks because the clock ended its run: on a
// busy machine that happens to an unchanged solver. They count as times do.
func leaveAnswer(value func(*results.Record) int64) func(base, cand *results.Record) Reason {
	return func(base, cand *results.Record) Reason {
		late := func(r *results.Record) bool { return byClock(r) && !r.Outcome.Faulty() }
		before, after := value(base), value(cand)
		switch why := leaveLimits(base, cand); {
		case why != "":
			return why
		case after < before && late(cand):
			return ClockLost
		case after > before && late(base):
			return ClockGained
		}
		return ""
	}
}

// leaveFound is the reason to leave out a pair for what runs found, of which these have a
// value.
func leaveFound(base, cand *results.Record, has func(*results.Record) bool) Reason {
	if why := leaveValues(has(base), has(cand)); why != "" {
		return why
	}
	if byClock(base) || byClock(cand) {
		return Clock
	}
	return leaveLimits(base, cand)
}

func leaveCost(base, cand *results.Record) Reason {
	return leaveFound(base, cand, func(r *results.Record) bool { return r.Outcome.HasPlan() })
}

func leaveBound(base, cand *results.Record) Reason {
	return leaveFound(base, cand, func(r *results.Record) bool {
		_, proved := r.ProvedBound()
		return proved
	})
}

// leaveEffort leaves out what a counter does not measure: the effort that an answer took.
func leaveEffort(counter string) func(base, cand *results.Record) Reason {
	solved := func(r *results.Record) bool {
		_, counted := r.Counters[counter]
		return counted && r.Outcome.Solved()
	}
	return func(base, cand *results.Record) Reason {
		why := leaveFound(base, cand, solved)
		if why == "" && (limited(base) || limited(cand)) {
			return AtLimit
		}
		return why
	}
}

// leaveSpent leaves out pairs that did not do the same work: two answers, or as many
// expansions.
func leaveSpent(base, cand *results.Record) Reason {
	if base.Ending() == results.ByExpansions && cand.Ending() == results.ByExpansions {
		if base.Limits.Expansions != cand.Limits.Expansions {
			return OtherLimits
		}
		return ""
	}
	why := leaveFound(base, cand, func(r *results.Record) bool { return r.Outcome.Solved() })
	if why == "" && (limited(base) || limited(cand)) {
		return AtLimit
	}
	return why
}

// leaveTime leaves out, besides, pairs whose times cannot be compared. Of a pair of which
// the clock ended one run and the other one came to an answer, the answer would have taken
// at least as long as that run: its time is a bound on the safe side.
func leaveTime(seconds func(*results.Record) float64) func(base, cand *results.Record) Reason {
	return func(base, cand *results.Record) Reason {
		if otherMachine(base, cand) {
			return Machine
		}
		if why := leaveValues(seconds(base) > 0, seconds(cand) > 0); why != "" {
			return why
		}
		late, other := base, cand
		if byClock(cand) {
			late, other = cand, base
		}
		if byClock(late) && !byClock(other) && !late.Outcome.Faulty() && other.Outcome.Solved() && !limited(other) &&
			late.Limits == other.Limits && seconds(late) > seconds(other) {
			return ""
		}
		return leaveSpent(base, cand)
	}
}

// otherMachine tells whether two runs had different machines, or different parts of one.
func otherMachine(base, cand *results.Record) bool {
	b, c := base.Provenance, cand.Provenance
	differ := func(b, c int) bool { return b != c && b > 0 && c > 0 } // 0 is not known
	return b.OS != c.OS || b.CPUModel != c.CPUModel || b.Cores != c.Cores || base.Limits.Cores != cand.Limits.Cores ||
		differ(b.Jobs, c.Jobs) || differ(b.GOMAXPROCS, c.GOMAXPROCS)
}
