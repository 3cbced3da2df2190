package tables

import (
	"bytes"
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func csvFormat() spec.Entry[Renderer] {
	d := spec.Descriptor{
		Name:     "csv",
		Synopsis: "comma-separated values for spreadsheets and scripts, numbers in full",
		Doc: "The first line names the columns, with units in parentheses. Numbers are written in full, whatever a table for " +
			"readers shows of them; a figure that has no value is empty. Where some figures of a column are bounds, a column \"… bound\" " +
			"follows with >=; where they are over n of so many cases, columns \"… n\" and \"… of\". The last column, \"best\", names the columns in which the row has " +
			"the best value, between semicolons, if any row has one.",
		Params: []spec.Param{
			{Name: "comments", Type: spec.Bool, Default: "no", Doc: "whether title, caption and notes come first, as lines that begin with #"},
		},
		Citation: "RFC 4180, https://www.rfc-editor.org/rfc/rfc4180",
	}
	return spec.Entry[Renderer]{Descriptor: d, New: func(a spec.Args) (Renderer, error) {
		comments := a.Bool("comments")
		return func(w io.Writer, t Table) error { return CSV(w, t, comments) }, nil
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
	lines := make([][]string, 1+len(t.Rows))
	add := func(head string, cell func(Cell) string, c int) {
		lines[0] = append(lines[0], head)
		for r, row := range t.Rows {
			lines[r+1] = append(lines[r+1], cell(row[c]))
		}
	}
	for c, col := range t.Columns {
		name := prose.Clean(col.Name)
		head := name
		if col.Unit != "" {
			head += " (" + prose.Clean(col.Unit) + ")"
		}
		add(head, inFull, c)
		if t.any(c, func(x Cell) bool { return x.Bound != "" }) {
			add(name+" bound", func(x Cell) string { return x.Bound }, c)
		}
		if t.any(c, func(x Cell) bool { return x.Of > 0 }) {
			add(name+" n", func(x Cell) string { return counted(x, x.N) }, c)
			add(name+" of", func(x Cell) string { return counted(x, x.Of) }, c)
		}
	}
	if t.anyMarks() {
		lines[0] = append(lines[0], "best")
		for r, row := range t.Rows {
			var in []string
			for c, x := range row {
				if x.Best {
					in = append(in, prose.Clean(t.Columns[c].Name))
				}
			}
			lines[r+1] = append(lines[r+1], strings.Join(in, "; "))
		}
	}
	out := csv.NewWriter(&b)
	if err := out.WriteAll(lines); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

// any tells whether something is so of a cell of a column.
func (t *Table) any(c int, so func(Cell) bool) bool {
	return slices.ContainsFunc(t.Rows, func(row []Cell) bool { return so(row[c]) })
}

// inFull is a text, or a number with all its digits; empty where there is no value.
func inFull(x Cell) string {
	switch {
	case x.IsText():
		return prose.Clean(x.Text)
	case !x.HasValue():
		return ""
	}
	return strconv.FormatFloat(x.Value, 'g', -1, 64)
}

func counted(x Cell, n float64) string {
	if x.Of == 0 {
		return ""
	}
	return strconv.FormatFloat(n, 'g', -1, 64)
}
