package tables

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

func scoresTable() spec.Descriptor {
	return spec.Descriptor{
		Name:     "scores",
		Synopsis: "scores of solver competitions: coverage, IPC satisficing and agile, PAR-2 and PAR-10",
		Doc: "Over the cases that all algorithms were run on; what is not solved has the worst score, and is not left out. " +
			"The satisficing score of a plan is the cost of the cheapest one known over its cost, 0 without a plan; the agile " +
			"one is 1 for a second or less, falling with the logarithm of the time to 0 at the limit. PAR-k is the mean time, " +
			"where what was not solved counts as k times the limit. What is about time needs a limit in seconds.",
		Params: []spec.Param{
			{
				Name: "limit", Type: spec.Duration, Bounds: spec.Between(1e-3, 1e9),
				Doc: "the time limit that agile and PAR-k are about, for runs that had another or none; that of the runs unless given",
			},
		},
		Citation: "International Planning Competition 2018, https://ipc2018-classical.bitbucket.io/; PAR-10: Hutter and others 2009, " +
			"doi 10.1613/jair.2861; PAR-2: Froleyks and others 2021, doi 10.1016/j.artint.2021.103572",
		Properties: []spec.Property{Timed, Wide},
	}
}

func scores(s *summary.Summary, a spec.Args) Table {
	x := s.Scores(a.Duration("limit").Seconds())
	t := Table{
		Title: "Scores",
		Caption: fmt.Sprintf("Means over the %s that all algorithms were run on. Coverage is the share of them solved; what is not solved has the worst score. "+
			"Satisficing: cost of the cheapest plan known over that of the algorithm's. Agile: 1 within a second, 0 at the limit. "+
			"PAR-k: time, k times the limit where unsolved.", prose.Count(x.Cases, "case")),
		Columns: []Column{
			{Name: "algorithm", Align: Left},
			{Name: "coverage", Unit: "%", Better: Higher},
			{Name: "satisficing", Unit: "score", Better: Higher},
			{Name: "agile", Unit: "score", Better: Higher},
			{Name: "PAR-2", Unit: "s", Better: Lower},
			{Name: "PAR-10", Unit: "s", Better: Lower},
		},
	}
	for _, r := range x.Rows {
		t.Rows = append(t.Rows, []Cell{
			Text(r.Algorithm), Fixed(100*r.Coverage, 1), Fixed(r.Satisficing, 3), Fixed(r.Agile, 3), Significant(r.PAR2, 3), Significant(r.PAR10, 3),
		})
	}
	if limit := a.Duration("limit"); limit > 0 {
		t.Caption += fmt.Sprintf(" The limit of agile and PAR-k is %s.", limit)
	}
	t.Notes = notUsed(
		because{x.NotRun, "case", "some algorithm was not run there"},
		because{x.NoPlan, "case", "no run has a plan, so that there is no satisficing score"},
		because{x.NoLimit, "case", "the runs had no common limit in seconds, so that there is no score about time"},
	)
	return t
}

// because tells of how many things something is not said, and why.
type because struct {
	n    int
	noun string
	why  string
}

func notUsed(list ...because) []string {
	var out []string
	for _, x := range list {
		if x.n > 0 {
			out = append(out, fmt.Sprintf("%s not used: %s.", prose.Count(x.n, x.noun), x.why))
		}
	}
	return out
}
