package summary

import (
	"cmp"
	"strings"

	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/results/best"
)

// scheduleOutputs are the columns of runs whose plans were made schedules. Bounds and bests are of schedules of the same moves.
func scheduleOutputs() []Column {
	known := func(x Row) best.Value { v, _ := x.Case.merged.FindSchedule(x.Run); return v }
	shortest := func(x Row) *int64 { return &cmp.Or(known(x).Schedule, &best.Schedule{}).Makespan }
	bound := func(x Row) *int64 { return &cmp.Or(known(x).Bound, &best.Bound{}).Value }
	gap := planned("makespan-gap", "makespan gap", "(makespan - bound) / bound, with the best proved lower bound", "%", "mean", func(x Row) Value {
		v := over(x.Run.Schedule.Makespan, bound(x))
		if v.Kind == Number {
			v = plain(100 * (v.X - 1))
		}
		return v
	})
	speedUp := planned("speed-up", "", "time of the steps one after the other / makespan", "ratio", "gmean", func(x Row) Value {
		return plain(stats.Ratio(x.Run.Schedule.Sequential, x.Run.Schedule.Makespan))
	})
	speedUp.Better = Higher
	took := planned("schedule-time", "schedule time", "wall-clock time of the scheduler", "s", "sgm", func(x Row) Value { return real(x.Run.Schedule.WallS) })
	took.Timed, took.Shift = true, timeShiftS
	tables := planned("schedule-tables", "tried", "schedules that the scheduler tried", "", "mean", func(x Row) Value { return integer(x.Run.Schedule.Tables) })
	peak := planned("peak-concurrency", "peak", "most steps under way together", "steps", "mean", func(x Row) Value { return integer(int64(x.Run.Schedule.Peak)) })
	cost := planned("schedule-cost", "cost of the schedule's steps", "cost of the steps of the schedule, which may be those of another path than the run's", "", "gmean", func(x Row) Value {
		return integer(*cmp.Or(x.Run.Schedule.Cost, x.Run.Cost))
	})
	tables.Better, peak.Better = Neither, Neither
	all := []Column{
		lasting("makespan", "when the last step of the schedule ends", Lower, func(x Row) *int64 { return &x.Run.Schedule.Makespan }),
		lasting("makespan-bound", "lower bound on the makespan that the run proved", Higher, func(x Row) *int64 { return &x.Run.Schedule.LowerBound }),
		lasting("best-makespan", "shortest makespan of any run", Neither, shortest),
		lasting("best-makespan-bound", "best lower bound on the makespan that any run proved", Neither, bound),
		lasting("sequential-time", "time of the steps one after the other", Neither, func(x Row) *int64 { return &x.Run.Schedule.Sequential }),
		gap, speedUp, cost, took, tables, peak,
		plannedTruth("makespan-optimal", "optimal", "takes no longer than the best proved lower bound", func(x Row) Value {
			return truth(x.Run.Schedule.Makespan == *bound(x))
		}),
		texts("bottleneck", "what the bound on the makespan comes from", func(x Row) string { return x.Run.Schedule.Bottleneck }),
	}
	return only(all, func(x Row) bool { return x.Run.Schedule.Made() })
}

// lasting is a column of a time of schedules. Milliseconds are told in seconds.
func lasting(name, doc string, better Direction, of func(Row) *int64) Column {
	c := planned(name, strings.ReplaceAll(name, "-", " "), doc, "", "gmean", func(x Row) Value {
		v := integer(*of(x))
		if x.Run.Schedule.Unit == "ms" {
			v = real(v.X / 1000)
		}
		return v
	})
	c.Better, c.Best = better, better == Higher
	return c
}
