package tables

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

// Table is a table, ready to be rendered.
type Table struct {
	Name    string `json:"name"` // of the entry in the catalogue
	Title   string `json:"title"`
	Caption string `json:"caption"` // what the figures were computed over
	// Keys is how many columns at the left say what a row is about; what is best is so among
	// the rows that share all of them but the last.
	Keys    int      `json:"keys"`
	Columns []Column `json:"columns"`
	Rows    [][]Cell `json:"rows"`
	Notes   []string `json:"notes"` // what was left out, and why
	// Timed says that some figures depend on the speed of the machine.
	Timed bool `json:"-"`
}

// Column describes a column.
type Column struct {
	Name   string            `json:"name"`
	Unit   string            `json:"unit,omitempty"` // "s", "states", "%"; empty for texts and pure numbers
	Better summary.Direction `json:"better,omitzero"`
	Align  Align             `json:"align,omitzero"`
	// Optional columns may be left out where space is short, if all their values are 0; the renderer then says so.
	Optional bool `json:"optional,omitzero"`
}

// inOneLine is the head of the column, with its unit.
func (c Column) inOneLine() string {
	if c.Unit == "" {
		return c.Name
	}
	return c.Name + " (" + c.Unit + ")"
}

// Align tells where the content of a column stands.
type Align uint8

// The alignments. Numbers are aligned to the right.
const (
	Right Align = iota
	Left
)

// MarkBest marks the best cells of every column that has a direction, among the rows of a group. Numbers that read the
// same are marked alike. Where all are equal, there is no best. A bound is never the best.
func (t *Table) MarkBest() {
	for from, to := 0, 0; from < len(t.Rows); from = to {
		for to = from + 1; to < len(t.Rows) && t.sameGroup(from, to); to++ {
		}
		for c, col := range t.Columns {
			var cells []*Cell
			for r := from; r < to; r++ {
				cells = append(cells, &t.Rows[r][c])
			}
			markBest(cells, col.Better)
		}
	}
}

// sameGroup tells whether two rows share all keys but the last.
func (t *Table) sameGroup(r, q int) bool {
	k := max(t.Keys-1, 0)
	return slices.EqualFunc(t.Rows[r][:k], t.Rows[q][:k], func(x, y Cell) bool { return x.String() == y.String() })
}

func markBest(cells []*Cell, better summary.Direction) {
	rivals := slices.DeleteFunc(cells, func(x *Cell) bool { return !x.competes() })
	if better == summary.Neither || len(rivals) == 0 {
		return // or a builder has marked them
	}
	byValue := func(x, y *Cell) int { return cmp.Compare(x.Value, y.Value) }
	best := slices.MinFunc(rivals, byValue).number()
	if better == summary.Higher {
		best = slices.MaxFunc(rivals, byValue).number()
	}
	differ := slices.ContainsFunc(rivals, func(x *Cell) bool { return x.number() != best })
	for _, x := range rivals {
		x.Best = differ && x.number() == best
	}
}

// withoutZeros is the table without optional columns of zeros, and names these.
func (t Table) withoutZeros() (shown Table, hidden string) {
	var keep []int
	var left []string
	for c, col := range t.Columns {
		if col.Optional && !t.any(c, func(x Cell) bool { return x.Value != 0 }) {
			left = append(left, prose.Clean(col.Name))
		} else {
			keep = append(keep, c)
		}
	}
	if left == nil {
		return t, ""
	}
	return t.pick(keep), strings.Join(left, ", ")
}

// any tells whether something is so of a cell of a column.
func (t *Table) any(c int, so func(Cell) bool) bool {
	return slices.ContainsFunc(t.Rows, func(row []Cell) bool { return so(row[c]) })
}

// anyMarks tells whether any cell is marked.
func (t *Table) anyMarks() bool {
	return slices.ContainsFunc(t.Rows, func(row []Cell) bool { return slices.ContainsFunc(row, Cell.isBest) })
}

// only is the table with some columns, given by their heads, in this order; all if there are none.
func (t Table) only(heads []string) (Table, error) {
	if len(heads) == 0 {
		return t, nil
	}
	known := prose.Texts(t.Columns, func(c Column) string { return c.Name })
	keep := make([]int, len(heads))
	for i, head := range heads {
		if keep[i] = slices.Index(known, head); keep[i] < 0 {
			return t, fmt.Errorf("the table has no column %q%s", head, spec.DidYouMean(head, known, "it has"))
		}
	}
	return t.pick(keep), nil
}

// pick is the table with some columns, given by index.
func (t Table) pick(columns []int) Table {
	out := t
	out.Columns, out.Rows, out.Keys = nil, make([][]Cell, len(t.Rows)), 0
	for _, c := range columns {
		if c < t.Keys {
			out.Keys++
		}
		out.Columns = append(out.Columns, t.Columns[c])
		for r, row := range t.Rows {
			out.Rows[r] = append(out.Rows[r], row[c])
		}
	}
	return out
}
