package tables

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/metrics/summary"
)

// measured makes cells, and remembers what captions and notes say of them.
type measured struct {
	layout
	of     *summary.Summary
	by     []summary.Groups
	common remarks // about figures: over which cases algorithms are compared
	notes  remarks // about groups
	unlike remarks // about figures
	bounds remarks // what runs lacked where values are bounds: a solution, a proof, a plan
}

// cells are those of a section, by algorithm and figure; nil where an algorithm was not run.
func (m *measured) cells(sec section) [][]Cell {
	out := make([][]Cell, len(m.of.Algorithms))
	part := *m.of
	part.Cases = sec.cases
	comparisons := map[int]summary.Comparison{} // by figure; -1 for those over the table's population
	for i, f := range m.figures {
		over := cmp.Or(f.over, m.over)
		cases := sec.cases
		var compared []int
		switch over {
		case overRun:
			cases = those(cases, func(c *summary.Case) bool { return !c.NotRun() })
		case overCommon:
			key, together := i, []Figure{f}
			if f.over == "" {
				key, together = -1, slices.DeleteFunc(slices.Clone(m.figures), func(f Figure) bool { return f.over != "" })
			}
			c, made := comparisons[key]
			if !made {
				c = part.Compare(func(c *summary.Case, a int) bool {
					return !slices.ContainsFunc(together, func(f Figure) bool { return !f.succeeded(c, a) })
				})
				comparisons[key] = c
				m.tell(sec, c, together)
			}
			cases, compared = c.Common, c.Compared
		}
		told := those(cases, func(c *summary.Case) bool {
			for a := range out {
				if f.tells(c, a, over) {
					return true
				}
			}
			return false
		})
		for a := range out {
			if !ran(sec.cases, a) {
				continue
			}
			its := cases
			switch {
			case over == overSolved:
				its = those(cases, func(c *summary.Case) bool { return solved(c, a) })
			case over == overCommon && !slices.Contains(compared, a):
				its = nil
			}
			x := f.cell(&part, its, a, over)
			if f.unlike(&part, its) {
				by := f.column.MeasuredBy()
				m.unlike.add(fmt.Sprintf("%s are neither added up nor averaged; choose one with --where, by %s, or put %s into rows.", unlikes[by], strings.ReplaceAll(by, "-", "_"), by), f.head().Name)
			}
			if x.AtLeast {
				m.bounds.add(f.lacking())
			}
			x.partial = over != overCommon && slices.ContainsFunc(told, func(c *summary.Case) bool { return !f.tells(c, a, over) })
			out[a] = append(out[a], x)
		}
	}
	return out
}

// unlikes are what is not added up, by what it is measured by.
var unlikes = map[string]string{"cost-function": "costs of several units", "objective": "values of several objectives", "duration": "times in several units"}

// ran tells whether an algorithm was run on any of the cases.
func ran(cases []*summary.Case, algorithm int) bool {
	return slices.ContainsFunc(cases, func(c *summary.Case) bool { return len(c.Runs[algorithm]) > 0 })
}

// oneBelowTheOther has a row for each section and algorithm.
func (m *measured) oneBelowTheOther(t *Table, sections []section) {
	perAlgorithm := slices.Contains(m.rows, byAlgorithm) || m.across
	if perAlgorithm {
		t.Columns = append(t.Columns, Column{Name: m.of.Compared(), Align: Left})
	}
	t.Keys = len(t.Columns)
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
func (m *measured) sideBySide(t *Table, sections []section) {
	t.Keys = len(t.Columns)
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
			var cells []*Cell
			for _, its := range byAlgorithm {
				x := NoValue()
				if its != nil {
					x = its[i]
				}
				cells = append(cells, &x)
			}
			markBest(slices.Clone(cells), f.head().Better)
			for _, x := range cells {
				row = append(row, *x)
			}
		}
		t.Rows = append(t.Rows, row)
	}
}
