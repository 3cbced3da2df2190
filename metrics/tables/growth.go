package tables

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

func growthTable() spec.Entry[Builder] {
	return testEntry(spec.Descriptor{
		Name:     "growth",
		Synopsis: "how effort grows with the size of instances: exponents of fitted power laws",
		Doc: "The power law effort = factor · size^exponent that fits best on logarithmic axes, over the cases that the algorithm solved. " +
			"An algorithm that leaves hard cases unsolved seems to grow too slowly; the number of these stands beside it.",
		Params: []spec.Param{
			{Name: "by", Type: spec.String, Default: "feature.vms", Doc: "the size: a parameter or a feature of the instances"},
			{Name: "metric", Type: spec.Term, Default: "expanded", Doc: "what grows"},
		},
		Citation: "McGeoch 2012, A Guide to Experimental Algorithmics, chapter 7, doi 10.1017/CBO9780511843747",
	}, growth)
}

func growth(s *summary.Summary, col summary.Column, a spec.Args) (Table, error) {
	g, err := s.Growth(col, a.String("by"))
	if err != nil {
		return Table{}, err
	}
	level := fmt.Sprintf("%.0f %%", 100*summary.GrowthConfidence)
	t := Table{
		Title: fmt.Sprintf("Growth of %s with %s", col.Doc, g.Size.Title()), Keys: 1,
		Caption: fmt.Sprintf("Over the cases that the algorithm solved, of %d. The exponent is that of the power law that fits best, low and high are the ends of "+
			"its interval; proportional growth has the exponent 1.", g.Cases),
		Columns: []Column{
			{Name: "algorithm", Align: Left},
			{Name: "solved", Unit: "cases"},
			{Name: "unsolved", Unit: "cases"},
			{Name: "exponent"},
			{Name: "low", Unit: level},
			{Name: "high", Unit: level},
			{Name: "R²"},
		},
	}
	var zeros remarks // cases without a logarithm, with algorithms
	for _, r := range g.Rows {
		name := s.Label(s.Algorithms[r.Algorithm])
		t.Rows = append(t.Rows, []Cell{
			Text(name), Count(len(r.Sizes)), Count(r.Unsolved), Fixed(r.Fit.Exponent, 2),
			Fixed(r.Fit.Lo, 2), Fixed(r.Fit.Hi, 2), Fixed(r.Fit.R2, 2),
		})
		if n := r.Fit.LeftOut; n > 0 {
			zeros.add(prose.Count(n, "case")+" not used: 0 has no logarithm.", name)
		}
	}
	t.Notes = zeros.sentences(", ")
	t.notUsed(g.LeftOut, fmt.Sprintf("%s of the instance is not known", g.Size.Title()))
	return t, nil
}
