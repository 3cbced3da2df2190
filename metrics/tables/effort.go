package tables

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

const shiftedMean = "Achterberg 2007, doi 10.14279/depositonce-1634 (shifted geometric mean)"

func effortTable() spec.Descriptor {
	return spec.Descriptor{
		Name:     "effort",
		Synopsis: "states expanded and generated, as shifted geometric means",
		Citation: shiftedMean,
	}
}

func effort(s *summary.Summary, _ spec.Args) Table {
	t := Table{
		Title: "Search effort",
		Caption: overCommon(s, s.Effort.Comparison, "solved") + fmt.Sprintf(
			" Shifted geometric means, shift %g states. Coverage is over all runs.", summary.StatesShift),
		Columns: []Column{
			{Name: "algorithm", Align: Left},
			{Name: "coverage", Unit: "%", Better: Higher},
			{Name: "expanded", Unit: "states", Better: Lower},
			{Name: "generated", Unit: "states", Better: Lower},
		},
		Notes: leftOut(s, s.Effort.Comparison, "solved nothing"),
	}
	for i, r := range s.Effort.Rows {
		t.Rows = append(t.Rows, []Cell{Text(r.Algorithm), coverage(s, i), Significant(r.Expanded, 3), Significant(r.Generated, 3)})
	}
	return t
}

func timeTable() spec.Descriptor {
	return spec.Descriptor{
		Name:       "time",
		Synopsis:   "time and memory, as shifted geometric means",
		Citation:   shiftedMean,
		Properties: []spec.Property{Timed},
	}
}

func timing(s *summary.Summary, _ spec.Args) Table {
	t := Table{
		Title: "Time and memory",
		Caption: overCommon(s, s.Effort.Comparison, "solved") + fmt.Sprintf(
			" Shifted geometric means, shifts %g s and %g MiB. Coverage is over all runs.", summary.TimeShiftS, float64(summary.MemoryShift)/mib),
		Columns: []Column{
			{Name: "algorithm", Align: Left},
			{Name: "coverage", Unit: "%", Better: Higher},
			{Name: "wall-clock", Unit: "s", Better: Lower},
			{Name: "CPU", Unit: "s", Better: Lower},
			{Name: "peak memory", Unit: "MiB", Better: Lower},
		},
		Notes: leftOut(s, s.Effort.Comparison, "solved nothing"),
	}
	for i, r := range s.Effort.Rows {
		t.Rows = append(t.Rows, []Cell{
			Text(r.Algorithm), coverage(s, i),
			Significant(r.WallS, 3), Significant(r.CPUS, 3), Significant(r.PeakBytes/mib, 3),
		})
	}
	return t
}

const mib = 1 << 20

// coverage is that of the i-th compared algorithm.
func coverage(s *summary.Summary, i int) Cell {
	return Fixed(100*s.Outcomes[s.Effort.Compared[i]].Coverage(), 1)
}
