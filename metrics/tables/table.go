package tables

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// Table is a table, ready to be rendered.
type Table struct {
	Name    string // as in the registry
	Title   string
	Caption string // what the figures were computed over
	Columns []Column
	Rows    [][]Cell
	Notes   []string // what was left out, and why
	// Grouped says that the first column is what rows are grouped by.
	Grouped bool
	// Timed says that some figures depend on the speed of the machine.
	Timed bool
	// NotApplicable says that the records are not of the kind that the table is about, and
	// the caption why; a report leaves it out.
	NotApplicable bool
}

// Column describes a column.
type Column struct {
	Name   string
	Unit   string // "s", "states", "%"; empty for texts and pure numbers
	Align  Align
	Better Direction
	// Optional columns may be left out where space is short, if all their values
	// are 0; the renderer then says so.
	Optional bool
}

// Align tells where the content of a column stands.
type Align uint8

// The alignments. Numbers are aligned to the right.
const (
	Right Align = iota
	Left
)

// Direction tells which values of a column are better.
type Direction uint8

// The directions.
const (
	Neither Direction = iota
	Lower
	Higher
)

// Cell is one entry.
type Cell struct {
	Text  string
	Value float64 // NaN for a text, and where there is no value
	Best  bool    // set by MarkBest
}

// plain tells whether the text of a cell is its number and nothing else.
func (c Cell) plain() bool {
	_, err := strconv.ParseFloat(strings.ReplaceAll(c.Text, ",", ""), 64)
	return err == nil && !math.IsNaN(c.Value)
}

// missing is shown where a figure has no value.
const missing = "–"

// Text makes a cell of a text.
func Text(s string) Cell { return Cell{Text: s, Value: math.NaN()} }

// Count makes a cell of a whole number.
func Count(n int) Cell { return Cell{Text: thousands(strconv.Itoa(n)), Value: float64(n)} }

// Fixed makes a cell of a number with so many digits after the point.
func Fixed(v float64, digits int) Cell {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return Cell{Text: missing, Value: math.NaN()}
	}
	return Cell{Text: thousands(strconv.FormatFloat(v, 'f', digits, 64)), Value: v}
}

// Significant makes a cell of a number with so many significant digits, and all
// digits before the point, but at most six after it.
func Significant(v float64, digits int) Cell {
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return Fixed(v, 0)
	}
	magnitude := int(math.Floor(math.Log10(math.Abs(v))))
	return Fixed(v, min(max(digits-1-magnitude, 0), 6))
}

// thousands groups the digits before the point by narrow commas: 12,345.
func thousands(s string) string {
	whole, rest, point := strings.Cut(s, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if point {
		rest = "." + rest
	}
	return sign + whole + rest
}

// MarkBest marks the best cells of every column that has a direction. Cells that
// read the same are marked alike. Where all are equal, there is no best.
func (t *Table) MarkBest() {
	for c, col := range t.Columns {
		if col.Better == Neither {
			continue // or a builder has marked them
		}
		best, text, differ := math.NaN(), "", false
		for _, row := range t.Rows {
			v := row[c].Value
			if math.IsNaN(v) {
				continue
			}
			if text != "" && row[c].Text != text {
				differ = true
			}
			if text == "" || (col.Better == Lower && v < best) || (col.Better == Higher && v > best) {
				best, text = v, row[c].Text
			}
		}
		for _, row := range t.Rows {
			row[c].Best = differ && row[c].Text == text
		}
	}
}

// zero tells whether all values of a column are 0.
func (t *Table) zero(c int) bool {
	return !slices.ContainsFunc(t.Rows, func(row []Cell) bool { return row[c].Value != 0 })
}

// shown lists the columns that are worth their space, and names those that are left out
// because they are optional and all their values are 0.
func (t *Table) shown() (columns []int, hidden []string) {
	for c, col := range t.Columns {
		if col.Optional && t.zero(c) {
			hidden = append(hidden, col.Name)
		} else {
			columns = append(columns, c)
		}
	}
	return columns, hidden
}

// marks tells whether a column has a cell that is marked.
func (t *Table) marks(c int) bool {
	return slices.ContainsFunc(t.Rows, func(row []Cell) bool { return row[c].Best })
}

// anyMarks tells whether any cell is marked.
func (t *Table) anyMarks() bool {
	return slices.ContainsFunc(t.Rows, func(row []Cell) bool {
		return slices.ContainsFunc(row, func(x Cell) bool { return x.Best })
	})
}
