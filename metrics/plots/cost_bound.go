package plots

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/metrics/tables"
)

func costBoundPlot() spec.Descriptor {
	return spec.Descriptor{
		Name:     "cost-bound",
		Synopsis: "cost of plans over the best proved lower bound, one row per algorithm",
		Citation: "own work",
		Doc:      "Every commonly solved case is a point; a box spans the quartiles, with a bar at the median.",
		Params:   []spec.Param{algorithmsParam()},
	}
}

// logAbove is the ratio from which on the axis is logarithmic.
const logAbove = 6

func costBound(s *summary.Summary, _ spec.Args, z size) Figure {
	q := s.Quality
	f := Figure{Title: "Cost of plans over the best proved lower bound"}
	f.Caption = costBoundCaption(s)
	if len(q.Used) == 0 {
		return f
	}
	var rows []boxRow
	most := 1.0
	for i, r := range q.Rows {
		rows = append(rows, boxRow{
			name: r.Algorithm, style: seriesOf(q.Compared[i]), values: r.Ratios, spread: r.Spread,
			figures: fmt.Sprintf("mean %s, %d of %d at bound", tables.Fixed(r.GeoMean, 3).Text, r.AtBound, len(q.Used)),
		})
		most = max(most, r.Spread.Max)
	}

	p := newPlot(z)
	label := "cost / lower bound (ratio; 1 is proved optimal)"
	// Points at 1 need a little room on their left to be seen whole.
	if most > logAbove {
		label = "cost / lower bound (ratio, logarithmic; 1 is proved optimal)"
		p.X.Scale = plot.LogScale{}
		_, p.X.Max = logRange(1, most)
		p.X.Min = math.Pow(p.X.Max, -0.02)
		p.X.Tick.Marker = logTicks{label: number}
	} else {
		span := max((most-1)*1.02, 0.05)
		p.X.Min, p.X.Max = 1-0.02*span, 1+span
		p.X.Tick.Marker = linearTicks{most: 8}
	}
	f.boxes(rows, axes{p, z, label, ""}, 1)
	return f
}

func costBoundCaption(s *summary.Summary) string {
	q := s.Quality
	switch {
	case len(q.Compared) == 0:
		return "No algorithm found a plan."
	case len(q.Common) == 0:
		return fmt.Sprintf("There is no case in which all %d compared algorithms found a plan.", len(q.Compared))
	case len(q.Used) == 0:
		return fmt.Sprintf("No lower bound to divide by is known for any of the %d commonly solved cases.", len(q.Common))
	}
	who := fmt.Sprintf("all %d compared algorithms", len(q.Compared))
	if len(q.Compared) == 1 {
		who = "the algorithm"
	}
	text := fmt.Sprintf("Only the commonly solved cases: the %d of %d in which %s found a plan, and a bound to divide by is known. "+
		"One point per case, jittered vertically; box: quartiles; bar: median; mean: geometric.",
		len(q.Used), len(s.Cases), who)
	if len(q.LeftOut) > 0 {
		text += " Without a plan, so not compared: " + strings.Join(s.Names(q.LeftOut), ", ") + "."
	}
	return text
}
