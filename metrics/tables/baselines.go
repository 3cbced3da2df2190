package tables

import (
	"fmt"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

func baselinesTable() spec.Descriptor {
	return spec.Descriptor{
		Name:     "baselines",
		Synopsis: "the baselines of the field and ours side by side: coverage, cost over the cheapest known, time",
		Doc: "Uniform-cost search, the classic displacement algorithm, A* with a plain heuristic, and the solvers of this program. " +
			"It applies where there are records of two of the algorithms.",
		Params: []spec.Param{
			{
				Name: algorithmsName, Type: spec.String, List: true,
				Default: `[dijkstra, displacement, "astar(heuristic=misplaced)", astar, auto]`,
				Doc:     "the algorithms that are set side by side, as records name them, in this order; those without records are named below",
			},
		},
		Citation:   shiftedMean,
		Properties: []spec.Property{Timed},
	}
}

func baselines(s *summary.Summary, a spec.Args) Table {
	t := Table{
		Title: "Baselines of the field",
		Columns: []Column{
			{Name: "algorithm", Align: Left},
			{Name: "coverage", Unit: "%", Better: Higher},
			{Name: "proved", Unit: "%", Better: Higher},
			{Name: "cost/best mean", Unit: "ratio", Better: Lower},
			{Name: "cost/best max", Unit: "ratio", Better: Lower},
			{Name: "common time", Unit: "s", Better: Lower},
			{Name: "overall time", Unit: "s"},
		},
	}
	b, err := s.Baselines(a.Strings(algorithmsName))
	if err != nil || len(b.Rows) < 2 {
		t.NotApplicable = true
		t.Caption = "There are records of fewer than two of these algorithms: " + strings.Join(a.Strings(algorithmsName), ", ") + "."
		return t
	}
	t.Caption = fmt.Sprintf("Coverage and proved: shares of all runs that were solved, and that proved the optimum or that there is no path. "+
		"Cost is over that of the cheapest plan known, over the %s in which all compared algorithms found a plan; the mean is geometric. "+
		"Times are shifted geometric means, shift %g s: the common one over the %s that all solved, the overall one over all runs, where ≥ says that "+
		"some did not solve their case and count with what they took until they ended.",
		prose.Count(len(b.Costs.Common), "case"), summary.TimeShiftS, prose.Count(len(b.Efforts.Common), "case"))
	for _, r := range b.Rows {
		all := Significant(r.AllWallS, 3)
		if r.Solved < r.Runs && all.Text != missing {
			all = Text("≥ " + all.Text)
		}
		t.Rows = append(t.Rows, []Cell{
			Text(r.Algorithm), percentage(r.Solved, r.Runs), percentage(r.Proved, r.Runs), Fixed(r.MeanRatio, 3), Fixed(r.MaxRatio, 3),
			Significant(r.WallS, 3), all,
		})
	}
	for _, x := range []struct {
		names []string
		text  string
	}{
		{b.Missing, "No records of %s."},
		{b.NoPlan, "Costs are not compared with those of %s: no plan was found, or none of a case with a cost above 0."},
		{b.Nothing, "Times are not compared with those of %s: nothing was solved."},
	} {
		if len(x.names) > 0 {
			t.Notes = append(t.Notes, fmt.Sprintf(x.text, strings.Join(x.names, ", ")))
		}
	}
	return t
}

// percentage is how many of how many; it has no value of none.
func percentage(n, of int) Cell { return Fixed(100*float64(n)/float64(of), 1) }
