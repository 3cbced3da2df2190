package tables

import (
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

// JSONFormat is the version of the JSON format of tables; FORMAT.md documents it.
const JSONFormat = "rearrange/table/2"

func jsonFormat() spec.Entry[Renderer] {
	return spec.Entry[Renderer]{Descriptor: spec.Descriptor{
		Name:     "json",
		Synopsis: "all that a table holds, for machines: numbers in full with their bounds and counts, what is best, notes",
		Doc:      "The format is " + JSONFormat + ", documented in metrics/tables/FORMAT.md.",
		Citation: "RFC 8259, https://www.rfc-editor.org/rfc/rfc8259",
	}, New: func(spec.Args) (Renderer, error) { return JSON, nil }}
}

func ndjsonFormat() spec.Entry[Renderer] {
	return spec.Entry[Renderer]{Descriptor: spec.Descriptor{
		Name:     "ndjson",
		Synopsis: "a JSON object for each row, by the names of columns, numbers in full",
		Doc:      "Missing values are left out. Bounds and numbers of cases have members of their own, as in csv; title, caption and notes are left out.",
		Citation: "RFC 8259, https://www.rfc-editor.org/rfc/rfc8259",
	}, New: func(spec.Args) (Renderer, error) { return NDJSON, nil }}
}

// jsonCell is a cell in JSON, where numbers may be missing.
type jsonCell struct {
	Text   string   `json:"text,omitempty"`
	Value  *float64 `json:"value,omitempty"`
	Bound  string   `json:"bound,omitempty"`
	N      *float64 `json:"n,omitempty"`
	Of     *float64 `json:"of,omitempty"`
	Best   bool     `json:"best,omitzero"`
	Format          // inlined
}

// enum marshals a type whose values have names.
func enum[T ~uint8](names []string) *json.Marshalers {
	return json.MarshalToFunc(func(e *jsontext.Encoder, v T) error { return e.WriteToken(jsontext.String(names[v])) })
}

// The names of styles, directions and alignments.
var (
	styles  = []string{"", "significant", "fraction", "probability"}
	betters = []string{"", "lower", "higher"}
	aligns  = []string{"", "left"}
)

// jsonOptions give enumerations their names, and make texts harmless.
var jsonOptions = json.WithMarshalers(json.JoinMarshalers(
	enum[Style](styles), enum[summary.Direction](betters), enum[Align](aligns), json.MarshalToFunc(encodeCell),
	json.MarshalToFunc(func(e *jsontext.Encoder, s string) error { return e.WriteToken(jsontext.String(prose.Clean(s))) }),
))

func encodeCell(e *jsontext.Encoder, x Cell) error {
	out := jsonCell{Text: x.Text, Best: x.Best, Format: x.Format}
	if x.HasValue() {
		out.Value = &x.Value
	}
	if x.AtLeast {
		out.Bound = atLeast
	}
	if x.Of > 0 {
		out.N, out.Of = &x.N, &x.Of
	}
	return json.MarshalEncode(e, out)
}

// JSON renders a table as JSON, each row on one line. Equal tables give equal bytes.
func JSON(w io.Writer, t Table) error {
	var b bytes.Buffer
	var failed error
	add := func(before string, value any) {
		b.WriteString(before)
		failed = errors.Join(failed, json.MarshalWrite(&b, value, jsonOptions))
	}
	list := func(name string, n int, at func(int) any) { // an element a line, so that files can be compared
		b.WriteString(",\n \"" + name + "\": [")
		for i := range n {
			add([]string{"\n  ", ",\n  "}[min(i, 1)], at(i))
		}
		b.WriteString("]")
	}
	add("{\"format\": ", JSONFormat)
	add(",\n \"name\": ", t.Name)
	add(",\n \"title\": ", t.Title)
	add(",\n \"caption\": ", t.Caption)
	add(",\n \"keys\": ", t.Keys)
	list("columns", len(t.Columns), func(i int) any { return t.Columns[i] })
	list("rows", len(t.Rows), func(i int) any { return t.Rows[i] })
	list("notes", len(t.Notes), func(i int) any { return t.Notes[i] })
	b.WriteString("}\n")
	if failed == nil {
		_, failed = w.Write(b.Bytes())
	}
	return failed
}

// NDJSON renders the rows of a table as JSON objects, one a line.
func NDJSON(w io.Writer, t Table) error {
	var b bytes.Buffer
	fields := t.fields(func(x Cell) any {
		if x.HasValue() { // a group may have a number and a name
			return x.Value
		}
		return prose.Clean(x.Text)
	})
	for _, row := range t.Rows {
		object := map[string]any{}
		for _, f := range fields {
			if v := f.of(row); v != nil {
				object[f.name] = v
			}
		}
		if err := json.MarshalWrite(&b, object, json.Deterministic(true)); err != nil {
			return err
		}
		b.WriteByte('\n')
	}
	_, err := w.Write(b.Bytes())
	return err
}
