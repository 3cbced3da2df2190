package plots

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

func costBoundPlot() spec.Descriptor {
	return spec.Descriptor{
		Name:     "cost-bound",
		Synopsis: "cost of plans over the best proved lower bound, one row per algorithm",
		Citation: "own work",
		Doc:      "Every commonly solved case is a point; a box spans the quartiles, with a bar at the median.",
	}
}

func costBound(f *Figure, s *summary.Summary, a spec.Args) {
	f.Title = "Cost of plans over the best proved lower bound"
	col, err := s.Column("bound-ratio")
	if err != nil {
		f.notApplicable(err.Error())
		return
	}
	all := s.Sample(col)
	switch {
	case len(all.Compared) == 0:
		f.Caption = "No algorithm has a plan and a lower bound to divide its cost by."
		return
	case len(all.Common) == 0:
		f.Caption = noCommon(s, all.Comparison)
		return
	}
	who := "the algorithm"
	if len(all.Compared) > 1 {
		who = fmt.Sprintf("all %d compared algorithms", len(all.Compared))
	}
	f.Caption = fmt.Sprintf("Only the commonly solved cases: the %d of %d in which %s found a plan, and a bound to divide by is known. "+
		"One point per case, jittered vertically; box: quartiles; bar: median; mean: geometric.%s",
		len(all.Common), len(s.Cases), who, leftOut(s, all.Comparison))
	x := ratioAxis(col, all.Values...)
	x.label = "cost / lower bound (1 is proved optimal)"
	rows := rowsOf(s, all.Compared, "", all)
	for i := range rows {
		atBound := 0
		for _, v := range rows[i].values {
			if v == 1 {
				atBound++
			}
		}
		rows[i].figures = fmt.Sprintf("mean %.3f, %d of %d at bound", stats.GeoMean(rows[i].values), atBound, len(all.Common))
	}
	f.boxes(a, rows, x, 1)
}
