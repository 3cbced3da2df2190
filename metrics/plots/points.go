package plots

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"strconv"
)

// Points are what a figure shows: a row for each point, in columns of which the names have
// units. A value is a text, a number, a truth, or nil where there is none.
type Points struct {
	Columns []string
	Rows    [][]any
}

// point adds a row to the data of a figure.
func (f *Figure) point(values ...any) { f.Points.Rows = append(f.Points.Rows, values) }

// CSV writes the data of a figure as comma-separated values, after a line with the names of
// columns: numbers in full, and nothing where there is none.
func (f Figure) CSV(w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write(f.Points.Columns); err != nil {
		return err
	}
	for _, row := range f.Points.Rows {
		texts := make([]string, len(row))
		for i, v := range row {
			switch v := v.(type) {
			case nil:
			case float64:
				if !math.IsNaN(v) && !math.IsInf(v, 0) {
					texts[i] = strconv.FormatFloat(v, 'g', -1, 64)
				}
			case bool:
				texts[i] = map[bool]string{true: "yes", false: "no"}[v]
			default:
				texts[i] = fmt.Sprint(v)
			}
		}
		if err := out.Write(texts); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
