package tables

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

func classPlansTable() spec.Descriptor {
	return spec.Descriptor{
		Name:     "class-plans",
		Synopsis: "plans per class of instances: how many, their gaps and their lengths",
		Citation: "own work",
		Doc: "The lower bound of a case is the best that any run proved for its instance, cost function and rules; " +
			"gap = (cost - bound) / bound.",
		Properties: []spec.Property{Wide},
	}
}

func classPlans(s *summary.Summary, by summary.Groups, _ spec.Args) Table {
	t := Table{
		Title: "Plans, " + byText(by),
		Caption: "Found and optimal: of all runs. Other figures are over the plans that the algorithm found, whether others found one or not. " +
			"Gaps are to the best bound that any run proved. Extra steps are those beyond one for each VM that has to move, leave or enter: bypasses, mostly.",
		Columns: []Column{
			groupColumn(by),
			{Name: "algorithm", Align: Left},
			{Name: "found"},
			{Name: "optimal"},
			{Name: "gap mean", Unit: "%"},
			{Name: "gap max", Unit: "%"},
			{Name: "steps", Unit: "mean"},
			{Name: "extra steps", Unit: "mean"},
		},
	}
	t.Grouped = true
	for _, r := range s.Plans(by) {
		t.Rows = append(t.Rows, []Cell{
			groupCell(r.Group), Text(r.Algorithm), share(r.Found, r.Runs), share(r.Optimal, r.Runs),
			Fixed(100*r.MeanGap, 3), Fixed(100*r.MaxGap, 3), Fixed(r.Steps, 0), Fixed(r.Extra, 1),
		})
	}
	return t
}

// share is how many of how many.
func share(n, of int) Cell {
	return Cell{Text: fmt.Sprintf("%d/%d", n, of), Value: float64(n) / float64(of)}
}
