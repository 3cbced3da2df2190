package tables

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/results"
)

func outcomesTable() spec.Descriptor {
	return spec.Descriptor{
		Name:     "outcomes",
		Synopsis: "how runs ended: counts per outcome, and coverage",
		Citation: "own work",
	}
}

func outcomes(s *summary.Summary, _ spec.Args) Table {
	t := Table{
		Title:   "Outcomes",
		Caption: fmt.Sprintf("How the runs on %s ended. Coverage is the share of runs with a validated plan or a proof that there is none.", prose.Count(len(s.Cases), "case")),
		Columns: []Column{{Name: "algorithm", Align: Left}, {Name: "runs"}},
	}
	for _, o := range results.Outcomes() {
		t.Columns = append(t.Columns, Column{Name: string(o), Optional: !o.HasPlan()})
	}
	t.Columns = append(t.Columns, Column{Name: "coverage", Unit: "%", Better: Higher})
	for _, r := range s.Outcomes {
		row := []Cell{Text(r.Algorithm), Count(r.Runs)}
		for _, o := range results.Outcomes() {
			row = append(row, Count(r.Count[o]))
		}
		t.Rows = append(t.Rows, append(row, Fixed(100*r.Coverage(), 1)))
		if r.Missing > 0 {
			t.Notes = append(t.Notes, fmt.Sprintf("%s has no run on %s.", r.Algorithm, prose.Count(r.Missing, "case")))
		}
	}
	if s.Superseded > 0 {
		t.Notes = append(t.Notes, fmt.Sprintf("%s set aside: a later run has the same algorithm, instance, cost function, rules and seed.",
			prose.Count(s.Superseded, "run")))
	}
	return t
}
