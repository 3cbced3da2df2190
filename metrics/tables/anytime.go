package tables

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

func anytimeTable() spec.Descriptor {
	return spec.Descriptor{
		Name:     "anytime",
		Synopsis: "how good plans are, and how early they come: primal gap and primal integral",
		Doc: "The primal gap is the distance of a cost to that of the cheapest plan known, over the larger of the two: 0 for the " +
			"cheapest, 1 while there is no plan. Its integral over time, up to the horizon, is small for good plans that come early; " +
			"divided by the horizon it is the mean gap over time.",
		Params: []spec.Param{
			{
				Name: "horizon", Type: spec.Duration, Bounds: spec.Between(1e-3, 1e9),
				Doc: "up to when time counts; the limit in seconds of each case unless given, or when the last of its runs ended where they had no common one",
			},
		},
		Citation:   "Berthold 2013, Measuring the impact of primal heuristics, doi 10.1016/j.orl.2013.08.007",
		Properties: []spec.Property{Timed, Wide},
	}
}

func anytime(s *summary.Summary, a spec.Args) Table {
	horizon := a.Duration("horizon")
	x := s.Integrals(horizon.Seconds())
	t := Table{
		Title: "Quality over time",
		Caption: fmt.Sprintf("Means over the %s that all algorithms were run on and that have a plan. Primal gaps are to the cheapest plan known, over the larger cost; "+
			"they are 100 %% while there is no plan. The integral is over time, and the mean gap is the integral over that time.", prose.Count(x.Cases, "case")),
		Columns: []Column{
			{Name: "algorithm", Align: Left},
			{Name: "found", Unit: "plans", Better: Higher},
			{Name: "gap at end", Unit: "%", Better: Lower},
			{Name: "integral", Unit: "s", Better: Lower},
			{Name: "mean gap", Unit: "%", Better: Lower},
		},
	}
	if x.Cases > 0 {
		for _, r := range x.Rows {
			t.Rows = append(t.Rows, []Cell{
				Text(r.Algorithm), Count(r.Found), Fixed(100*r.Gap, 2), Significant(r.Integral, 3), Fixed(100*r.Relative, 2),
			})
		}
	}
	if horizon > 0 {
		t.Caption += fmt.Sprintf(" Time counts up to %s.", horizon)
	} else if x.NoLimit > 0 {
		t.Notes = append(t.Notes, fmt.Sprintf("%s without a common limit in seconds: time counts until the last of the runs ended.", prose.Count(x.NoLimit, "case")))
	}
	t.Notes = append(t.Notes, notUsed(
		because{x.NotRun, "case", "some algorithm was not run there"},
		because{x.NoPlan, "case", "no run has a plan"},
	)...)
	return t
}
