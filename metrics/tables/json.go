package tables

import (
	"fmt"
	"io"
	"math"

	"github.com/go-json-experiment/json"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Format is the version of the format that tables are written in for machines;
// FORMAT.md documents it.
const Format = "rearrange/table/1"

func jsonFormat() spec.Entry[Renderer] {
	d := spec.Descriptor{
		Name:     "json",
		Synopsis: "all that a table holds, for machines: texts, numbers in full, what is best, notes",
		Doc:      "The format is " + Format + ", documented in metrics/tables/FORMAT.md.",
		Citation: "RFC 8259, https://www.rfc-editor.org/rfc/rfc8259",
	}
	return spec.Entry[Renderer]{Descriptor: d, New: func(spec.Args) (Renderer, error) { return JSON, nil }}
}

type jsonColumn struct {
	Name   string `json:"name"`
	Unit   string `json:"unit,omitempty"`
	Better string `json:"better,omitempty"`
}

type jsonCell struct {
	Text  string   `json:"text"`
	Value *float64 `json:"value,omitempty"`
	Best  bool     `json:"best,omitzero"`
}

// JSON renders a table as JSON, each row on one line. Equal tables give equal bytes.
func JSON(w io.Writer, t Table) error {
	var columns, rows, notes []any
	for _, c := range t.Columns {
		better := [...]string{Neither: "", Lower: "lower", Higher: "higher"}[c.Better]
		columns = append(columns, jsonColumn{Name: prose.Clean(c.Name), Unit: prose.Clean(c.Unit), Better: better})
	}
	for _, row := range t.Rows {
		cells := make([]jsonCell, len(row))
		for c, x := range row {
			cells[c] = jsonCell{Text: prose.Clean(x.Text), Best: x.Best}
			if !math.IsNaN(x.Value) && !math.IsInf(x.Value, 0) {
				cells[c].Value = &x.Value
			}
		}
		rows = append(rows, cells)
	}
	for _, n := range t.Notes {
		notes = append(notes, prose.Clean(n))
	}
	text := []byte("{")
	for i, m := range []struct {
		name  string
		value any
	}{
		{"format", Format},
		{"name", t.Name},
		{"title", prose.Clean(t.Title)},
		{"caption", prose.Clean(t.Caption)},
		{"columns", columns},
		{"rows", rows},
		{"notes", notes},
	} {
		if i > 0 {
			text = append(text, ",\n "...)
		}
		text = fmt.Appendf(text, "%q: ", m.name)
		var err error
		if list, ok := m.value.([]any); ok {
			text, err = appendLines(text, list)
		} else {
			text, err = appendJSON(text, m.value)
		}
		if err != nil {
			return err
		}
	}
	_, err := w.Write(append(text, "}\n"...))
	return err
}

// appendLines appends a list with each element on a line of its own, so that files of
// tables can be compared line by line.
func appendLines(text []byte, list []any) ([]byte, error) {
	text = append(text, '[')
	for i, v := range list {
		if i > 0 {
			text = append(text, ',')
		}
		text = append(text, "\n  "...)
		var err error
		if text, err = appendJSON(text, v); err != nil {
			return nil, err
		}
	}
	return append(text, ']'), nil
}

func appendJSON(text []byte, v any) ([]byte, error) {
	add, err := json.Marshal(v, json.Deterministic(true))
	return append(text, add...), err
}
