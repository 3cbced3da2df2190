package tables

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/metrics/summary"
)

// measured makes cells, and remembers what they are over.
type measured struct {
	layout
	of *summary.Summary
	by []summary.Groups
	// Of the cells so far: sentences about what figures are over, notes about groups by what
	// they say, and why values are bounds.
	common []string
	heads  map[string][]string // of the figures that a sentence of common is about; none for all
	notes  []string
	about  map[string][]string
	bound  map[string]bool // by what runs lacked: a solution, a proof, a plan
}

// cells are those of a section, by algorithm and figure; nil where an algorithm was not run.
func (m *measured) cells(sec section) [][]Cell {
	out := make([][]Cell, len(m.of.Algorithms))
	part := *m.of
	part.Cases = sec.cases
	comparisons := map[string]summary.Comparison{}
	for i, f := range m.figures {
		over := cmp.Or(f.over, m.over)
		cases := part.Cases
		var compared []int
		switch over {
		case overRun:
			cases = slices.DeleteFunc(slices.Clone(cases), (*summary.Case).NotRun)
		case overCommon:
			together := m.comparedWith(i)
			key := fmt.Sprint(together)
			c, made := comparisons[key]
			if !made {
				c = part.Compare(func(c *summary.Case, a int) bool {
					return !slices.ContainsFunc(together, func(j int) bool { return !m.figures[j].succeeded(c, a) })
				})
				comparisons[key] = c
				m.tell(sec, c, together)
			}
			cases, compared = c.Common, c.Compared
		}
		told := slices.DeleteFunc(slices.Clone(cases), func(c *summary.Case) bool {
			for a := range out {
				if f.tells(c, a, over) {
					return false
				}
			}
			return true
		})
		for a := range out {
			if !slices.ContainsFunc(part.Cases, func(c *summary.Case) bool { return len(c.Runs[a]) > 0 }) {
				continue
			}
			x := Cell{Value: math.NaN(), Format: f.format()}
			switch {
			case over == overSolved:
				x = f.cell(&part, slices.DeleteFunc(slices.Clone(cases), func(c *summary.Case) bool { return !solved(c, a) }), a, over)
			case over != overCommon || slices.Contains(compared, a):
				x = f.cell(&part, cases, a, over)
			}
			if x.AtLeast {
				m.bound[f.lacking()] = true
			}
			x.partial = over != overCommon && slices.ContainsFunc(told, func(c *summary.Case) bool { return !f.tells(c, a, over) })
			out[a] = append(out[a], x)
		}
	}
	return out
}

// comparedWith are the figures over the same common cases as a figure: those of the table's
// population together, and each other one by itself.
func (m *measured) comparedWith(figure int) []int {
	if m.figures[figure].over != "" {
		return []int{figure}
	}
	var out []int
	for i, f := range m.figures {
		if f.over == "" {
			out = append(out, i)
		}
	}
	return out
}

// oneBelowTheOther has a row for each section and algorithm.
func (m *measured) oneBelowTheOther(t *Table, keys []Column, sections []section) {
	t.Keys = len(keys)
	perAlgorithm := slices.Contains(m.rows, byAlgorithm) || m.across
	if perAlgorithm {
		keys = append(keys, Column{Name: byAlgorithm, Align: Left})
		t.Keys++
	}
	t.Columns = keys
	for _, f := range m.figures {
		t.Columns = append(t.Columns, f.head())
	}
	for _, sec := range sections {
		for a, cells := range m.cells(sec) {
			if cells == nil {
				continue
			}
			row := slices.Clone(sec.keys)
			if perAlgorithm {
				row = append(row, Text(m.of.Label(m.of.Algorithms[a])))
			}
			t.Rows = append(t.Rows, append(row, cells...))
		}
	}
	t.MarkBest()
}

// sideBySide has a row for each section, and a column for each figure and algorithm.
func (m *measured) sideBySide(t *Table, keys []Column, sections []section) {
	t.Keys = len(keys)
	t.Columns = keys
	for _, f := range m.figures {
		for _, name := range m.of.Algorithms {
			head := f.head()
			head.Name, head.Better = m.of.Label(name), summary.Neither
			if len(m.figures) > 1 {
				head.Name += " " + f.head().Name
			}
			t.Columns = append(t.Columns, head)
		}
	}
	for _, sec := range sections {
		row := slices.Clone(sec.keys)
		byAlgorithm := m.cells(sec)
		for i, f := range m.figures {
			from := len(row)
			for _, cells := range byAlgorithm {
				if cells == nil {
					row = append(row, NoValue())
				} else {
					row = append(row, cells[i])
				}
			}
			var cells []*Cell
			for c := from; c < len(row); c++ {
				cells = append(cells, &row[c])
			}
			markBest(cells, f.head().Better)
		}
		t.Rows = append(t.Rows, row)
	}
}
