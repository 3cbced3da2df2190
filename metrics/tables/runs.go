package tables

import (
	"slices"
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
				names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { // a counter that has a column of its own
					bare, isCounter := strings.CutPrefix(name, "counter.")
					return isCounter && slices.Contains(names, bare)
				})
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
	for range s.Records {
		t.Rows = append(t.Rows, make([]Cell, len(columns)))
	}
	for i, col := range columns {
		var values []summary.Value
		for c, r := range s.All() {
			values = append(values, col.At(c, r, &c.Names[0]))
		}
		long := slices.ContainsFunc(values, func(v summary.Value) bool {
			return v.Text != "" || (v.Whole && (v.N > 1<<53 || v.N < -1<<53))
		})
		t.Rows = t.Rows[:len(values)] // fewer than records where some are superseded
		for r, v := range values {
			if v.Kind == summary.Number && !long {
				t.Rows[r][i] = Cell{Value: v.X, AtLeast: v.AtLeast, Format: Format{Style: SignificantDigits, Digits: 15}}
			} else { // also a number in a column of which some cells would lose digits
				t.Rows[r][i] = Text(v.String())
				t.Rows[r][i].AtLeast = v.AtLeast
			}
		}
	}
	return t, nil
}
