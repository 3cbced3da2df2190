package tables

import (
	"bytes"
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func csvFormat() spec.Entry[Renderer] {
	return spec.Entry[Renderer]{Descriptor: spec.Descriptor{
		Name:     "csv",
		Synopsis: "comma-separated values for spreadsheets and scripts, numbers in full",
		Doc: "The first line names the columns, with units in parentheses. Missing values are empty. Where some figures of a column are bounds, " +
			"a column \"… bound\" follows with >=; where they are over n of some cases, columns \"… n\" and \"… of\". The last column, \"best\", " +
			"names the columns in which the row has the best value, separated by semicolons.",
		Params: []spec.Param{
			{Name: "comments", Type: spec.Bool, Default: "no", Doc: "whether title, caption and notes come first, as lines that begin with #"},
		},
		Citation: "RFC 4180, https://www.rfc-editor.org/rfc/rfc4180",
	}, New: func(a spec.Args) (Renderer, error) {
		return func(w io.Writer, t Table) error { return CSV(w, t, a.Bool("comments")) }, nil
	}}
}

// CSV renders a table as comma-separated values, with title, caption and notes before it
// if they are asked for. All columns are there, optional or not.
func CSV(w io.Writer, t Table, comments bool) error {
	var b bytes.Buffer
	if comments {
		for _, text := range append([]string{t.Title, t.Caption}, t.Notes...) {
			if text != "" {
				b.WriteString("# " + prose.Clean(text) + "\n")
			}
		}
	}
	fields := t.fields(func(x Cell) any {
		if x.IsText() { // perhaps beside a number
			return prose.Clean(x.Text)
		}
		return x.Value
	})
	if t.anyMarks() {
		fields = append(fields, field{head: "best", of: func(row []Cell) any {
			var in []string
			for c, x := range row {
				if x.Best {
					in = append(in, prose.Clean(t.Columns[c].Name))
				}
			}
			return strings.Join(in, "; ")
		}})
	}
	lines := [][]string{prose.Texts(fields, func(f field) string { return f.head })}
	for _, row := range t.Rows {
		lines = append(lines, prose.Texts(fields, func(f field) string {
			switch v := f.of(row).(type) {
			case float64:
				return strconv.FormatFloat(v, 'g', -1, 64)
			case string:
				return v
			}
			return ""
		}))
	}
	if err := csv.NewWriter(&b).WriteAll(lines); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

// field is a column of a file for machines: texts and numbers, nil where a value is missing.
type field struct {
	name, head string
	of         func(row []Cell) any
}

// fields are the columns of a table, with bounds and numbers of cases in columns of their own.
func (t *Table) fields(value func(Cell) any) []field {
	var out []field
	for c, col := range t.Columns {
		add := func(more string, there func(Cell) bool, of func(Cell) any) {
			name := prose.Clean(col.Name) + more
			out = append(out, field{name, name, func(row []Cell) any {
				if !there(row[c]) {
					return nil
				}
				return of(row[c])
			}})
		}
		bound, counted := func(x Cell) bool { return x.AtLeast }, func(x Cell) bool { return x.Of > 0 }
		add("", func(x Cell) bool { return x.IsText() || x.HasValue() }, value)
		out[len(out)-1].head = prose.Clean(col.inOneLine())
		if t.any(c, bound) {
			add(" bound", bound, func(Cell) any { return atLeast })
		}
		if t.any(c, counted) {
			add(" n", counted, func(x Cell) any { return x.N })
			add(" of", counted, func(x Cell) any { return x.Of })
		}
	}
	return out
}
