package tables

import (
	"fmt"
	"math"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

func classEffortTable() spec.Descriptor {
	return spec.Descriptor{
		Name:       "class-effort",
		Synopsis:   "states expanded per class of instances, and how many were proved",
		Citation:   shiftedMean,
		Properties: []spec.Property{Wide},
	}
}

func classEffort(s *summary.Summary, by summary.Groups, _ spec.Args) Table {
	return classTable(s, by, "States expanded", overProofs(fmt.Sprintf("shift %g states", summary.StatesShift)), "",
		func(c summary.ClassCell) (float64, int) { return c.Expanded, c.Proved })
}

func classFirstTable() spec.Descriptor {
	return spec.Descriptor{
		Name:       "class-first",
		Synopsis:   "time to the first plan per class of instances, and how many have one",
		Citation:   shiftedMean,
		Properties: []spec.Property{Wide, Timed},
	}
}

func classFirst(s *summary.Summary, by summary.Groups, _ spec.Args) Table {
	return classTable(s, by, "Time to the first plan",
		"In parentheses: runs with a plan, of all. Shifted geometric means over all runs, "+
			fmt.Sprintf("shift %g s; where some have none, ≥: they count with what they took until they ended.", summary.TimeShiftS),
		" s", func(c summary.ClassCell) (float64, int) { return c.FirstS, c.Found })
}

func classTimeTable() spec.Descriptor {
	return spec.Descriptor{
		Name:       "class-time",
		Synopsis:   "wall-clock time per class of instances, and how many were proved",
		Citation:   shiftedMean,
		Properties: []spec.Property{Wide, Timed},
	}
}

func classTime(s *summary.Summary, by summary.Groups, _ spec.Args) Table {
	return classTable(s, by, "Wall-clock time", overProofs(fmt.Sprintf("shift %g s", summary.TimeShiftS)), " s",
		func(c summary.ClassCell) (float64, int) { return c.WallS, c.Proved })
}

// overProofs is the caption of a table of means over all runs that counts proofs.
func overProofs(shift string) string {
	return "In parentheses: runs that proved the optimum, or that there is no path, of all. Shifted geometric means over all runs, " +
		shift + "; where some proved nothing, ≥: they count with what they took until they ended."
}

// classTable has the longer of the two dimensions, groups and algorithms, downwards. A
// figure is a mean, and how many runs did what it is about.
func classTable(s *summary.Summary, by summary.Groups, title, caption, unit string, figure func(summary.ClassCell) (float64, int)) Table {
	t := Table{Title: title + ", " + byText(by), Caption: caption}
	classes := s.Classes(by)
	cells := make([][]Cell, len(s.Algorithms)) // by algorithm and class
	for a := range cells {
		cells[a] = make([]Cell, len(classes.Names))
	}
	for i := range classes.Names {
		best := math.Inf(1)
		for a := range cells {
			cells[a][i] = classCell(classes.Rows[a][i], unit, figure)
			if v := cells[a][i].Value; v < best {
				best = v
			}
		}
		for a := range cells {
			cells[a][i].Best = len(cells) > 1 && cells[a][i].Value == best
		}
	}
	if len(classes.Names) > len(s.Algorithms) {
		t.Columns = []Column{groupColumn(by)}
		for _, name := range s.Algorithms {
			t.Columns = append(t.Columns, Column{Name: name})
		}
		for i, g := range by.List {
			row := []Cell{groupCell(g)}
			for a := range cells {
				row = append(row, cells[a][i])
			}
			t.Rows = append(t.Rows, row)
		}
		return t
	}
	t.Columns = []Column{{Name: "algorithm", Align: Left}}
	for _, name := range classes.Names {
		if by.Key != summary.ByClass {
			name = by.Key + " " + name // a number alone says nothing
		}
		t.Columns = append(t.Columns, Column{Name: name})
	}
	for a, name := range s.Algorithms {
		t.Rows = append(t.Rows, append([]Cell{Text(name)}, cells[a]...))
	}
	return t
}

func classCell(c summary.ClassCell, unit string, figure func(summary.ClassCell) (float64, int)) Cell {
	mean, done := figure(c)
	cell := Significant(mean, 3)
	if c.Runs == 0 {
		return cell
	}
	cell.Text = fmt.Sprintf("%s%s (%d/%d)", cell.Text, unit, done, c.Runs)
	if done < c.Runs {
		cell.Text = "≥ " + cell.Text
		cell.Value = math.NaN() // a lower bound competes with nobody
	}
	return cell
}
