package tables

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

func versusTable() spec.Descriptor {
	return spec.Descriptor{
		Name:     "versus",
		Synopsis: "cost of plans against those of one algorithm, by class of instances",
		Citation: "own work",
		Doc:      "Case by case, over those in which both found a plan; how many plans each found stands beside it.",
		Params: []spec.Param{
			{Name: "baseline", Type: spec.String, Default: "displacement", Doc: "the algorithm that all others are compared with, as records name it"},
		},
		Properties: []spec.Property{Wide},
	}
}

func versus(s *summary.Summary, by summary.Groups, a spec.Args) Table {
	v := s.Versus(a.String("baseline"), by)
	t := Table{
		Title: fmt.Sprintf("Cost against %s, %s", v.Baseline, byText(by)),
		Caption: fmt.Sprintf("Costs are compared case by case, where both the algorithm and %s found a plan. Saved: how much less the "+
			"algorithm's plans cost together. Ratios are of its cost to that of %s; their mean is geometric.", v.Baseline, v.Baseline),
		Columns: []Column{
			{Name: "algorithm", Align: Left},
			groupColumn(by),
			{Name: "found"},
			{Name: "found by " + v.Baseline},
			{Name: "both"},
			{Name: "cheaper"},
			{Name: "equal"},
			{Name: "costlier"},
			{Name: "saved", Unit: "%"},
			{Name: "mean", Unit: "ratio"},
			{Name: "least", Unit: "ratio"},
			{Name: "most", Unit: "ratio"},
		},
	}
	if len(v.Rows) == 0 {
		t.Caption = fmt.Sprintf("There is no case that both %s and another algorithm were run on.", v.Baseline)
		t.NotApplicable = true
	}
	for _, r := range v.Rows {
		group := Text("all")
		if r.Group != nil {
			group = groupCell(*r.Group)
		}
		t.Rows = append(t.Rows, []Cell{
			Text(r.Algorithm), group, share(r.Found, r.Cases), share(r.BaselineFound, r.Cases), Count(r.Both),
			Count(r.Cheaper), Count(r.Equal), Count(r.Costlier),
			Fixed(100*r.Saved, 1), Fixed(r.Mean, 3), Fixed(r.Least, 3), Fixed(r.Most, 3),
		})
	}
	return t
}
