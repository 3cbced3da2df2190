package tables

import (
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/go-json-experiment/json"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

// JSONFormat is the version of the format that tables are written in for machines;
// FORMAT.md documents it.
const JSONFormat = "rearrange/table/2"

func jsonFormat() spec.Entry[Renderer] {
	d := spec.Descriptor{
		Name:     "json",
		Synopsis: "all that a table holds, for machines: numbers in full with their bounds and counts, what is best, notes",
		Doc:      "The format is " + JSONFormat + ", documented in metrics/tables/FORMAT.md.",
		Citation: "RFC 8259, https://www.rfc-editor.org/rfc/rfc8259",
	}
	return spec.Entry[Renderer]{Descriptor: d, New: func(spec.Args) (Renderer, error) { return JSON, nil }}
}

func ndjsonFormat() spec.Entry[Renderer] {
	d := spec.Descriptor{
		Name:     "ndjson",
		Synopsis: "a JSON object for each row, by the names of columns, numbers in full",
		Doc:      "What has no value is left out. A bound, and over how many of how many cases a figure is, stand beside it as in csv; titles, captions and notes are left out.",
		Citation: "RFC 8259, https://www.rfc-editor.org/rfc/rfc8259",
	}
	return spec.Entry[Renderer]{Descriptor: d, New: func(spec.Args) (Renderer, error) { return NDJSON, nil }}
}

type jsonTable struct {
	Format  string       `json:"format"`
	Name    string       `json:"name"`
	Title   string       `json:"title"`
	Caption string       `json:"caption"`
	Keys    int          `json:"keys"`
	Columns []jsonColumn `json:"columns"`
	Rows    [][]jsonCell `json:"rows"`
	Notes   []string     `json:"notes"`
}

type jsonColumn struct {
	Name     string `json:"name"`
	Unit     string `json:"unit,omitempty"`
	Better   string `json:"better,omitempty"`
	Align    string `json:"align,omitempty"`
	Optional bool   `json:"optional,omitzero"`
}

type jsonCell struct {
	Text   string   `json:"text,omitempty"`
	Value  *float64 `json:"value,omitempty"`
	Bound  string   `json:"bound,omitempty"`
	N      *float64 `json:"n,omitempty"`
	Of     *float64 `json:"of,omitempty"`
	Best   bool     `json:"best,omitzero"`
	Style  string   `json:"style,omitempty"`
	Digits int8     `json:"digits,omitzero"`
	Counts bool     `json:"counts,omitzero"`
}

var (
	styleNames = []string{Decimals: "", SignificantDigits: "significant", Fraction: "fraction", Probability: "probability"}
	betterText = []string{summary.Neither: "", summary.Lower: "lower", summary.Higher: "higher"}
	alignNames = []string{Right: "", Left: "left"}
)

// JSON renders a table as JSON, each row on one line. Equal tables give equal bytes, and
// [DecodeJSON] gives the table back.
func JSON(w io.Writer, t Table) error {
	out := []byte("{")
	member := func(name string, value any) error {
		if len(out) > 1 {
			out = append(out, ",\n "...)
		}
		add, err := json.Marshal(value, json.Deterministic(true))
		out = append(fmt.Appendf(out, "%q: ", name), add...)
		return err
	}
	list := func(name string, values []any) error { // an element a line, so that files can be compared
		out = fmt.Appendf(out, ",\n %q: [", name)
		for i, v := range values {
			if i > 0 {
				out = append(out, ',')
			}
			add, err := json.Marshal(v, json.Deterministic(true))
			if err != nil {
				return err
			}
			out = append(append(out, "\n  "...), add...)
		}
		out = append(out, ']')
		return nil
	}
	var columns, rows, notes []any
	for _, c := range t.Columns {
		columns = append(columns, jsonColumn{prose.Clean(c.Name), prose.Clean(c.Unit), betterText[c.Better], alignNames[c.Align], c.Optional})
	}
	for _, row := range t.Rows {
		rows = append(rows, slices.Collect(func(yield func(jsonCell) bool) {
			for _, x := range row {
				if !yield(encodeCell(x)) {
					return
				}
			}
		}))
	}
	for _, n := range t.Notes {
		notes = append(notes, prose.Clean(n))
	}
	for _, err := range []error{
		member("format", JSONFormat), member("name", t.Name), member("title", prose.Clean(t.Title)), member("caption", prose.Clean(t.Caption)),
		member("keys", t.Keys), list("columns", columns), list("rows", rows), list("notes", notes),
	} {
		if err != nil {
			return err
		}
	}
	_, err := w.Write(append(out, "}\n"...))
	return err
}

func encodeCell(x Cell) jsonCell {
	out := jsonCell{
		Text: prose.Clean(x.Text), Bound: x.bound(), Best: x.Best, Style: styleNames[x.Style], Digits: x.Digits, Counts: x.Counts,
	}
	if x.HasValue() {
		out.Value = &x.Value
	}
	if x.Of > 0 {
		out.N, out.Of = &x.N, &x.Of
	}
	return out
}

// DecodeJSON reads what [JSON] writes.
func DecodeJSON(text []byte) (Table, error) {
	var in jsonTable
	if err := json.Unmarshal(text, &in, json.RejectUnknownMembers(true)); err != nil {
		return Table{}, err
	}
	if in.Format != JSONFormat {
		return Table{}, fmt.Errorf("/format: expected %q, found %q", JSONFormat, in.Format)
	}
	t := Table{Name: in.Name, Title: in.Title, Caption: in.Caption, Keys: in.Keys, Notes: in.Notes}
	for i, c := range in.Columns {
		better, align := slices.Index(betterText, c.Better), slices.Index(alignNames, c.Align)
		if better < 0 || align < 0 {
			return Table{}, fmt.Errorf("/columns/%d: unknown direction %q or alignment %q", i, c.Better, c.Align)
		}
		t.Columns = append(t.Columns, Column{c.Name, c.Unit, Align(align), summary.Direction(better), c.Optional})
	}
	for r, cells := range in.Rows {
		if len(cells) != len(t.Columns) {
			return Table{}, fmt.Errorf("/rows/%d: %d cells for %d columns", r, len(cells), len(t.Columns))
		}
		row := make([]Cell, len(cells))
		for c, x := range cells {
			style := slices.Index(styleNames, x.Style)
			if style < 0 || (x.Bound != "" && x.Bound != atLeast) {
				return Table{}, fmt.Errorf("/rows/%d/%d: unknown style %q or bound %q", r, c, x.Style, x.Bound)
			}
			row[c] = Cell{Text: x.Text, Value: math.NaN(), AtLeast: x.Bound == atLeast, Best: x.Best, Format: Format{Style(style), x.Digits, x.Counts}}
			if x.Value != nil {
				row[c].Value = *x.Value
			}
			if x.N != nil && x.Of != nil {
				row[c].N, row[c].Of = *x.N, *x.Of
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

// NDJSON renders the rows of a table as JSON objects, one a line.
func NDJSON(w io.Writer, t Table) error {
	var out []byte
	for _, row := range t.Rows {
		object := map[string]any{}
		for c, x := range row {
			name := prose.Clean(t.Columns[c].Name)
			switch {
			case x.HasValue():
				object[name] = x.Value
			case x.IsText():
				object[name] = prose.Clean(x.Text)
			}
			if x.AtLeast {
				object[name+" bound"] = x.bound()
			}
			if x.Of > 0 {
				object[name+" n"], object[name+" of"] = x.N, x.Of
			}
		}
		line, err := json.Marshal(object, json.Deterministic(true))
		if err != nil {
			return err
		}
		out = append(append(out, line...), '\n')
	}
	_, err := w.Write(out)
	return err
}
