package tables

import (
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

func runsTable() spec.Entry[Builder] {
	return withAlgorithms(spec.Descriptor{
		Name:     "runs",
		Synopsis: "a flat row for each run, for statistics elsewhere: all columns, parameters and features",
		Doc: "Columns have the names that --where gives them, and numbers are in full, so that pandas and R can read csv and ndjson as they are; " +
			"`rearrange list columns` says what they are. Missing values are empty. A run on an instance with several names has one row, with the first.",
		Params:     []spec.Param{{Name: "columns", Type: spec.Term, List: true, Doc: "which columns; all unless given"}},
		Properties: []spec.Property{Timed, Wide, OnDemand},
		Citation:   "own work",
	}, func(a spec.Args) (Builder, error) {
		return func(s *summary.Summary) (Table, error) {
			names := prose.Texts(a.Specs("columns"), spec.Spec.String)
			if len(names) == 0 {
				names = s.Columns().Names()
			}
			return runs(s, names)
		}, nil
	})
}

func runs(s *summary.Summary, names []string) (Table, error) {
	t := Table{Title: "Runs", Caption: "A row for each run.", Keys: 1}
	var columns []summary.Column
	for _, name := range names {
		col, err := s.Column(name)
		if err != nil {
			return t, err
		}
		columns = append(columns, col)
		head := Column{Name: strings.ReplaceAll(name, "-", "_")}
		if col.Kind != summary.Number {
			head.Align = Left
		}
		t.Columns = append(t.Columns, head)
	}
	for c, r := range s.All() {
		row := make([]Cell, len(columns))
		for i, col := range columns {
			row[i] = ofRun(col.At(c, r, &c.Names[0]))
		}
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

// ofRun is a value of a run, in full.
func ofRun(v summary.Value) Cell {
	if v.Kind == summary.Number && !(v.Whole && v.N > 1<<53) {
		return Cell{Value: v.X, AtLeast: v.AtLeast, Format: Format{Style: SignificantDigits, Digits: 15}}
	}
	return Text(v.String()) // also a number of which a cell would lose digits
}
