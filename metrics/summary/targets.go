package summary

import (
	"cmp"

	"github.com/cloudrearrange/rearrange/results"
	"github.com/cloudrearrange/rearrange/results/best"
)

// targetOutputs are the columns of runs whose target a strategy chose.
func targetOutputs() []Column {
	all := []Column{
		score("objective-before", "before", "objective of the initial placement", Neither, func(x Row) []int64 { return x.Run.Target.Before }),
		score("objective-after", "after", "objective of the target", Lower, func(x Row) []int64 { return x.Run.Target.After }),
		score("objective-bound", "bound", "bound on the objective of all targets that the run proved", Higher, func(x Row) []int64 { return x.Run.Target.Bound }),
		score("best-objective", "", "best objective of a target that any run chose for the instance", Neither, func(x Row) []int64 {
			return cmp.Or(x.Case.Targets.Target, &best.Target{}).Value
		}),
		score("best-objective-bound", "", "best bound on the objective that any run proved for the instance", Neither, func(x Row) []int64 {
			return cmp.Or(x.Case.Targets.TargetBound, &best.TargetBound{}).Value
		}),
		score("gain", "", "objective before less objective after", Higher, func(x Row) []int64 {
			return []int64{x.Run.Target.Before[0] - x.Run.Target.After[0]}
		}),
		{Name: "target-migrations", Label: "migrations", Doc: "VMs that stand elsewhere in the target", Kind: Number, Unit: "VMs", Better: Lower, Mean: "mean", Tell: func(x Row) Value {
			return integer(int64(x.Run.Target.Migrations))
		}},
		{Name: "direct-cost", Label: "direct cost", Doc: "cost of going straight to the target", Kind: Number, Better: Lower, Mean: "mean", Tell: func(x Row) Value {
			return integer(x.Run.Target.Cost)
		}},
		planned("detour", "", "cost of the plan / cost of going straight", "ratio", "gmean", func(x Row) Value { return over(*x.Run.Cost, &x.Run.Target.Cost) }),
		planned("cost-per-gain", "cost/gain", "cost of the plan over the gain; none without a gain", "", "mean", func(x Row) Value {
			gain := x.Run.Target.Before[0] - x.Run.Target.After[0]
			if gain <= 0 {
				return Value{}
			}
			return plain(float64(*x.Run.Cost) / float64(gain))
		}),
		whether("unreachable", "proved that there is no path to the target", Lower, func(o results.Outcome) bool { return o == results.Infeasible }),
	}
	found := whether("target-found", "a target was chosen", Higher, nil)
	found.Label, found.Tell = "found", func(x Row) Value { return truth(x.Run.Target.Found()) }
	time := effort(Column{Name: "target-time", Label: "target time", Doc: "wall-clock time of the choice of the target", Unit: "s", Timed: true, Shift: timeShiftS}, nil)
	time.Tell = func(x Row) Value { return real(x.Run.Target.WallS) }
	return append(only(all, func(x Row) bool { return x.Run.Target.Found() }), only([]Column{found, time}, func(x Row) bool { return x.Run.Target != nil })...)
}

// only leaves columns without a value unless something is so.
func only(columns []Column, so func(Row) bool) []Column {
	for i := range columns {
		tell := columns[i].Tell
		columns[i].Tell = func(x Row) Value {
			if !so(x) {
				return Value{}
			}
			return tell(x)
		}
	}
	return columns
}

// score is a column of values of the objective: a number is the first rank, and the others count where that is equal.
func score(name, label, doc string, better Direction, of func(Row) []int64) Column {
	return Column{Name: name, Label: label, Doc: doc, Kind: Number, Better: better, Mean: "mean", Tell: func(x Row) Value {
		ranks := of(x)
		if len(ranks) == 0 {
			return Value{}
		}
		v := integer(ranks[0])
		v.Ranks = ranks[1:]
		return v
	}}
}
