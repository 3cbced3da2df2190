package tables

import (
	"fmt"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

func qualityTable() spec.Descriptor {
	return spec.Descriptor{
		Name:     "quality",
		Synopsis: "cost of plans against the best proved lower bound",
		Citation: "own work",
		Doc: "Over the cases in which all compared algorithms found a plan. The lower bound of a case is the best " +
			"that any run proved for its instance, cost function and rules; gap = (cost - bound) / bound.",
	}
}

func quality(s *summary.Summary, _ spec.Args) Table {
	q := s.Quality
	t := Table{
		Title:   "Cost against lower bound",
		Caption: overCommon(s, q.Comparison, "found a plan for"),
		Columns: []Column{
			{Name: "algorithm", Align: Left},
			{Name: "at bound", Unit: "cases", Better: Higher},
			{Name: "cheapest", Unit: "cases", Better: Higher},
			{Name: "cost/bound mean", Unit: "ratio", Better: Lower},
			{Name: "median", Unit: "ratio", Better: Lower},
			{Name: "max", Unit: "ratio", Better: Lower},
			{Name: "gap mean", Unit: "%", Better: Lower},
		},
	}
	if len(q.Used) > 0 {
		t.Caption += " The mean of ratios is geometric."
	}
	for _, r := range q.Rows {
		row := []Cell{
			Text(r.Algorithm), Count(r.AtBound), Count(r.Best), Fixed(r.GeoMean, 3),
			Fixed(r.Spread.Median, 3), Fixed(r.Spread.Max, 3), Fixed(100*r.MeanGap, 1),
		}
		t.Rows = append(t.Rows, row)
	}
	t.Notes = append(t.Notes, leftOut(s, q.Comparison, "found no plan")...)
	t.Notes = append(t.Notes, notUsed(
		because{q.NoBound, "common case", "no run proved a lower bound"},
		because{q.ZeroBound, "common case", "the lower bound is 0 and a cost is not, so their ratio has no value"},
		because{q.Contradicted, "common case", "a plan is cheaper than the lower bound: see the alarms"},
	)...)
	return t
}

// overCommon says which cases a relative figure was computed over; did is what the
// algorithms did to a case.
func overCommon(s *summary.Summary, c summary.Comparison, did string) string {
	who := fmt.Sprintf("all %d compared algorithms", len(c.Compared))
	switch {
	case len(c.Compared) == 0:
		return fmt.Sprintf("No algorithm %s any case.", did)
	case len(c.Common) == 0:
		return fmt.Sprintf("There is no case that %s %s, so there is nothing to compare.", who, did)
	case len(c.Compared) == 1:
		who = "the one compared algorithm"
	case len(c.Compared) == 2:
		who = "both compared algorithms"
	}
	return fmt.Sprintf("Over the %s of %s that %s %s.", thousands(fmt.Sprint(len(c.Common))), prose.Count(len(s.Cases), "case"), who, did)
}

func leftOut(s *summary.Summary, c summary.Comparison, why string) []string {
	if len(c.LeftOut) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("Left out of the comparison, as they %s: %s.", why, strings.Join(s.Names(c.LeftOut), ", "))}
}
