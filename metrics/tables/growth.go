package tables

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

func growthTable() spec.Entry[Builder] {
	d := spec.Descriptor{
		Name:     "growth",
		Synopsis: "how effort grows with the size of instances: exponents of fitted power laws",
		Doc: "The power law effort = factor · size^exponent that fits best on logarithmic axes, over the cases that the algorithm solved. " +
			"An algorithm that leaves hard cases unsolved seems to grow too slowly; the number of these stands beside it.",
		Params: []spec.Param{
			{Name: "by", Type: spec.String, Default: "feature.vms", Doc: "the size: a parameter or a feature of the instances"},
			{Name: "metric", Type: spec.Term, Default: "expanded", Doc: "what grows"},
		},
		Citation:   "McGeoch 2012, A Guide to Experimental Algorithmics, chapter 7, doi 10.1017/CBO9780511843747",
		Properties: []spec.Property{Wide},
	}
	return withAlgorithms(d, func(a spec.Args) (Builder, error) {
		return func(s *summary.Summary) (Table, error) { return growth(s, a) }, nil
	})
}

func growth(s *summary.Summary, a spec.Args) (Table, error) {
	col, err := tested(s, a)
	if err != nil {
		return Table{}, err
	}
	g, err := s.Growth(col, a.String("by"))
	if err != nil {
		return Table{}, err
	}
	level := fmt.Sprintf("%.0f %%", 100*summary.GrowthConfidence)
	t := Table{
		Title: fmt.Sprintf("Growth of %s with %s", col.Doc, g.Size.Title()), Timed: col.Timed, Keys: 1,
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
	zeros := map[int][]string{} // algorithms, by how many of their cases have no logarithm
	for _, r := range g.Rows {
		name := s.Label(s.Algorithms[r.Algorithm])
		t.Rows = append(t.Rows, []Cell{
			Text(name), Count(len(r.Sizes)), Count(len(r.OpenSizes)), Fixed(r.Fit.Exponent, 2),
			Fixed(r.Fit.Lo, 2), Fixed(r.Fit.Hi, 2), Fixed(r.Fit.R2, 2),
		})
		zeros[r.Fit.LeftOut] = append(zeros[r.Fit.LeftOut], name)
	}
	for _, n := range slices.Sorted(maps.Keys(zeros)) {
		if n > 0 {
			t.Notes = append(t.Notes, fmt.Sprintf("%s of %s not used: 0 has no logarithm.", prose.Count(n, "case"), strings.Join(zeros[n], ", ")))
		}
	}
	t.Notes = append(t.Notes, notUsed(because{g.LeftOut, "case", fmt.Sprintf("%s of the instance is not known", g.Size.Title())})...)
	return t, nil
}
