package tables

import (
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

func runsTable() spec.Entry[Builder] {
	d := spec.Descriptor{
		Name:     "runs",
		Synopsis: "a flat row for each run, for statistics elsewhere: all columns, parameters and features",
		Doc: "Columns have the names that --where gives them, and numbers are numbers, so that csv and ndjson can be read by pandas and R as they are; " +
			"`rearrange list columns` says what they are. What a run does not tell is empty. A run on an instance with several names has one row, with the first.",
		Params: []spec.Param{
			{Name: "columns", Type: spec.Term, List: true, Doc: "which columns; all unless given"},
		},
		Properties: []spec.Property{Timed, Wide, OnDemand},
		Citation:   "own work",
	}
	return withAlgorithms(d, func(a spec.Args) (Builder, error) {
		return func(s *summary.Summary) (Table, error) {
			var names []string
			for _, sp := range a.Specs("columns") {
				names = append(names, sp.String())
			}
			if names == nil {
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

// ofRun is a value of a run as it is, in full.
func ofRun(v summary.Value) Cell {
	switch v.Kind {
	case summary.Missing:
		return NoValue()
	case summary.Number:
		if v.Whole && v.N > 1<<53 {
			return Text(v.String()) // a number of which a cell would lose digits
		}
		return Cell{Value: v.X, AtLeast: v.AtLeast, Format: Format{Style: SignificantDigits, Digits: 15}}
	}
	return Text(v.String())
}
