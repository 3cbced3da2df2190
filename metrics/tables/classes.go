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

func classEffort(s *summary.Summary) Table {
	return classTable(s, "States expanded, by class of instances", fmt.Sprintf("shift %g states", summary.StatesShift), "",
		func(c summary.ClassCell) float64 { return c.Expanded })
}

func classTimeTable() spec.Descriptor {
	return spec.Descriptor{
		Name:       "class-time",
		Synopsis:   "wall-clock time per class of instances, and how many were proved",
		Citation:   shiftedMean,
		Properties: []spec.Property{Wide, Timed},
	}
}

func classTime(s *summary.Summary) Table {
	return classTable(s, "Wall-clock time, by class of instances", fmt.Sprintf("shift %g s", summary.TimeShiftS), " s",
		func(c summary.ClassCell) float64 { return c.WallS })
}

// classTable has the longer of the two dimensions, classes and algorithms, downwards.
func classTable(s *summary.Summary, title, shift, unit string, figure func(summary.ClassCell) float64) Table {
	t := Table{
		Title: title,
		Caption: "In parentheses: runs that proved the optimum, or that there is no path, of all. Shifted geometric means over all runs, " +
			shift + "; where some proved nothing, ≥: they count with what they took until they ended.",
	}
	classes := s.Classes()
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
		t.Columns = []Column{{Name: "instances", Align: Left}}
		for _, name := range s.Algorithms {
			t.Columns = append(t.Columns, Column{Name: name})
		}
		for i, name := range classes.Names {
			row := []Cell{Text(name)}
			for a := range cells {
				row = append(row, cells[a][i])
			}
			t.Rows = append(t.Rows, row)
		}
		return t
	}
	t.Columns = []Column{{Name: "algorithm", Align: Left}}
	for _, name := range classes.Names {
		t.Columns = append(t.Columns, Column{Name: name})
	}
	for a, name := range s.Algorithms {
		t.Rows = append(t.Rows, append([]Cell{Text(name)}, cells[a]...))
	}
	return t
}

func classCell(c summary.ClassCell, unit string, figure func(summary.ClassCell) float64) Cell {
	cell := Significant(figure(c), 3)
	if c.Runs == 0 {
		return cell
	}
	cell.Text = fmt.Sprintf("%s%s (%d/%d)", cell.Text, unit, c.Proved, c.Runs)
	if c.Proved < c.Runs {
		cell.Text = "≥ " + cell.Text
		cell.Value = math.NaN() // a lower bound competes with nobody
	}
	return cell
}
