package gate

import "github.com/cloudrearrange/rearrange/results"

// Reason tells why a pair does not count for a metric; empty if it does.
type Reason string

// The reasons, in the order in which they are shown.
const (
	Clock       Reason = "ended by the clock"
	AtLimit     Reason = "ended by a limit"
	OtherLimits Reason = "ended by a limit, and limits differ"
	OneSide     Reason = "the value is there on one side only"
	NoSide      Reason = "there is no value on either side"
	Machine     Reason = "made on different machines"
	TooShort    Reason = "too short to be timed"
	NoClock     Reason = "the clock did not move"
)

// Reasons lists all reasons in the order in which they are shown.
func Reasons() []Reason {
	return []Reason{Clock, AtLimit, OtherLimits, OneSide, NoSide, Machine, TooShort, NoClock}
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
// took less.
func leaveLimits(base, cand *results.Record) Reason {
	b, c := base.Limits, cand.Limits
	if !byClock(base) && !byClock(cand) {
		b.TimeoutS, c.TimeoutS = 0, 0
	}
	if b != c && (base.Ending() != results.ByItself || cand.Ending() != results.ByItself) {
		return OtherLimits
	}
	return ""
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
		if why := leaveFound(base, cand, solved); why != "" {
			return why
		}
		if limited(base) || limited(cand) {
			return AtLimit
		}
		return ""
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

func leaveTime(base, cand *results.Record) Reason {
	if why := leaveSpent(base, cand); why != "" {
		return why
	}
	b, c := base.Provenance, cand.Provenance
	if b.OS != c.OS || b.CPUModel != c.CPUModel || b.Cores != c.Cores {
		return Machine
	}
	return ""
}
