package summary

import (
	"cmp"
	"math"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/results"
)

func limitParam(name, doc string) spec.Param {
	return spec.Param{Name: name, Type: spec.Duration, Bounds: spec.Between(1e-3, 1e9), Doc: doc + "; the limit of the run in seconds unless given"}
}

func seconds(a spec.Args, name string) float64 {
	if !a.Has(name) {
		return 0
	}
	return a.Duration(name).Seconds()
}

// within computes a score from the time that a run took to its solution, +Inf without one, and
// the limit. Without a limit there is no score.
func within(limitS float64, score func(timeS, limitS float64) float64) func(Row) Value {
	return func(x Row) Value {
		limit := cmp.Or(limitS, x.Run.Limits.TimeoutS)
		if limit == 0 {
			return Value{}
		}
		took := math.Inf(1)
		if x.Run.Outcome.Solved() {
			took = max(x.Run.WallS, 0)
		}
		return real(score(took, limit))
	}
}

// scores are the columns with parameters.
func scores() []spec.Entry[Column] {
	factor := spec.Param{
		Name: "factor", Type: spec.Float, Default: "2", Bounds: spec.Between(1, 1e6), Doc: "how many times the limit an unsolved run counts as",
	}
	return []spec.Entry[Column]{
		entry(Column{
			Name: "agile", Doc: "1 if solved within a second, falling with the logarithm of the time to 0 at the limit",
			Kind: Number, Unit: "score", Better: Higher, Timed: true, Mean: "mean",
		}, []spec.Param{limitParam("limit", "when the score is 0")}, func(a spec.Args, c *Column) {
			c.Tell = within(seconds(a, "limit"), stats.AgileScore)
		}),
		entry(Column{
			Name: "par", Label: "PAR", Doc: "time, a multiple of the limit where unsolved", Kind: Number, Unit: "s", Better: Lower, Timed: true, Mean: "mean",
		}, []spec.Param{factor, limitParam("limit", "the limit")}, func(a spec.Args, c *Column) {
			factor := a.Float("factor")
			c.Label = "PAR-" + plain(factor).String()
			c.Tell = within(seconds(a, "limit"), func(took, limit float64) float64 { return stats.PAR(took, limit, factor) })
		}),
		anytime("primal-gap", "gap at end", "distance of the cost at the horizon to that of the cheapest plan known, over the larger of the two", "%", gapAt),
		anytime("primal-integral", "integral", "integral of the primal gap over time", "s", stats.PrimalIntegral),
		anytime("mean-gap", "mean gap", "primal gap, mean over time", "%", meanGap),
		at("objective-at", "objective of the target found by a time", func(i results.TargetIncumbent) []int64 { return i.Objective }),
		at("direct-cost-at", "cost of going straight to the target found by a time", func(i results.TargetIncumbent) []int64 { return []int64{i.Cost} }),
	}
}

// anytime is a column that compares the plans that a run found with the cheapest plan known, up to a horizon: by
// default the limit of the run, or without one the time of the longest run of the case.
func anytime(name, label, doc, unit string, of func(found []stats.Incumbent, best, horizonS float64) float64) spec.Entry[Column] {
	c := Column{Name: name, Label: label, Doc: doc, Kind: Number, Unit: unit, Better: Lower, Timed: true, Mean: "mean"}
	return entry(c, []spec.Param{limitParam("horizon", "up to when time counts")}, func(a spec.Args, c *Column) {
		given := seconds(a, "horizon")
		c.Tell = func(x Row) Value {
			if x.Case.Best == nil {
				return Value{}
			}
			return real(of(Incumbents(x.Run, "plans"), float64(*x.Case.Best), cmp.Or(given, x.Run.Limits.TimeoutS, x.Case.longest())))
		}
	})
}

// at is a column of the target that a run had found by a time.
func at(name, doc string, of func(results.TargetIncumbent) []int64) spec.Entry[Column] {
	when := spec.Param{Name: "time", Type: spec.Duration, Default: "1s", Bounds: spec.Between(1e-6, 1e9), Doc: "the time since the search for a target began"}
	return entry(score(name, "", doc, Lower, func(Row) []int64 { return nil }), []spec.Param{when}, func(a spec.Args, c *Column) {
		time := seconds(a, "time")
		c.Timed, c.Label = true, strings.TrimSuffix(name, "-at")+" at "+a.Duration("time").String()
		c.Tell = score("", "", "", Lower, func(x Row) (out []int64) {
			for _, i := range x.Run.Target.All() {
				if i.ElapsedS <= time {
					out = of(i)
				}
			}
			return out
		}).Tell
	})
}

// gapAt is the primal gap at the horizon, in per cent.
func gapAt(found []stats.Incumbent, best, horizonS float64) float64 {
	gap := 1.0
	for _, i := range found {
		if i.ElapsedS <= horizonS {
			gap = min(gap, stats.PrimalGap(i.Cost, best))
		}
	}
	return 100 * gap
}

// meanGap is the mean primal gap up to the horizon, in per cent.
func meanGap(found []stats.Incumbent, best, horizonS float64) float64 {
	switch {
	case len(found) == 0:
		return 100
	case horizonS > 0:
		return 100 * stats.PrimalIntegral(found, best, horizonS) / horizonS
	}
	return 100 * stats.PrimalGap(found[len(found)-1].Cost, best) // nothing takes time
}

// BestOf is the least cost, objective or makespan of plans, targets or schedules that is known for a run of the case; nil for none.
func (c *Case) BestOf(of string, r *results.Record) *int64 {
	switch s, made := c.merged.FindSchedule(r); {
	case of == "targets" && c.Targets.Target != nil:
		return &c.Targets.Target.Value[0]
	case of == "schedules" && made:
		return &s.Schedule.Makespan
	case of == "plans":
		return c.Best
	}
	return nil
}

// Incumbents are the plans, targets or schedules of a run, the last one included. A run at fault has no plans, because they were not
// validated.
func Incumbents(r *results.Record, of string) (out []stats.Incumbent) {
	if of == "targets" {
		for _, i := range r.Target.All() {
			out = append(out, stats.Incumbent{ElapsedS: i.ElapsedS, Cost: float64(i.Objective[0])})
		}
		return out
	}
	if !r.Outcome.HasPlan() {
		return nil
	}
	if of == "schedules" {
		for _, i := range cmp.Or(r.Schedule, &results.Schedule{}).Incumbents {
			out = append(out, stats.Incumbent{ElapsedS: i.ElapsedS, Cost: float64(i.Makespan)})
		}
		return out
	}
	for _, i := range r.Incumbents {
		out = append(out, stats.Incumbent{ElapsedS: max(i.ElapsedS, 0), Cost: float64(i.Cost)})
	}
	return append(out, stats.Incumbent{ElapsedS: max(r.WallS, 0), Cost: float64(*r.Cost)})
}
