package results

import "strings"

// Ending is what ended a run.
type Ending string

// The endings. All but the clock end the same run at the same point on every machine:
// memory is what the search accounts for.
const (
	ByItself     Ending = "itself"
	ByClock      Ending = "the time limit"
	ByMemory     Ending = "the memory limit"
	ByExpansions Ending = "the limit of expansions"
	ByTables     Ending = "the limit of schedules"
)

// Ending tells what ended the run. A run that used up its time counts as ended by the
// clock, whatever its outcome: part of it may have been given up for that, even if the
// rest then came to an answer.
func (r *Record) Ending() Ending {
	l := r.Limits
	if l.TimeoutS > 0 && (r.WallS >= l.TimeoutS || strings.HasPrefix(r.Message, "the time limit of ")) {
		return ByClock
	}
	if r.Outcome != Feasible && r.Outcome != Unknown {
		return ByItself
	}
	switch {
	case l.MemoryBytes > 0 && strings.HasPrefix(r.Message, "the memory limit of "):
		return ByMemory
	case l.Expansions > 0 && (r.Counters["expanded"] >= l.Expansions || strings.HasPrefix(r.Message, "the limit of ")):
		return ByExpansions
	}
	return ByItself
}

// ScheduleEnding tells what ended the search for a schedule: itself, the clock, or the number of schedules that it was allowed.
func (r *Record) ScheduleEnding() Ending {
	switch s, l := r.Schedule, r.Limits; {
	case s == nil:
	case l.ScheduleTimeoutS > 0 && s.WallS >= l.ScheduleTimeoutS:
		return ByClock
	case l.ScheduleTables > 0 && s.Tables >= l.ScheduleTables && s.Status != Optimal:
		return ByTables
	}
	return ByItself
}
