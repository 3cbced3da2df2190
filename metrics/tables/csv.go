package tables

import (
	"bytes"
	"encoding/csv"
	"io"
	"math"
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
			"readers shows of them; a figure that has no value is empty. Where what is shown is more than a number, such as 3/4, a " +
			"column \"… as shown\" follows the one with numbers. The last column, \"best\", names the columns in which the row has " +
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
		head := prose.Clean(col.Name)
		if col.Unit != "" {
			head += " (" + prose.Clean(col.Unit) + ")"
		}
		numbers, shown := t.kinds(c)
		if numbers {
			add(head, numeral, c)
			head += " as shown"
		}
		if shown || !numbers {
			add(head, func(x Cell) string { return prose.Clean(x.Text) }, c)
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

// kinds tells whether a column has numbers, and whether it shows something else than
// these.
func (t *Table) kinds(c int) (numbers, shown bool) {
	for _, row := range t.Rows {
		x := row[c]
		numbers = numbers || !math.IsNaN(x.Value)
		shown = shown || (!x.plain() && x.Text != missing)
	}
	return numbers || (!shown && t.Columns[c].Align == Right), shown
}

// numeral is the number of a cell in full, empty where there is none.
func numeral(x Cell) string {
	if math.IsNaN(x.Value) {
		return ""
	}
	return strconv.FormatFloat(x.Value, 'g', -1, 64)
}
