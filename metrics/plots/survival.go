package plots

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

func survivalPlot() spec.Descriptor {
	return spec.Descriptor{
		Name:     "survival",
		Synopsis: "share of cases that stay unsolved against time, also where limits differ, one curve per algorithm",
		Doc: "The estimate of Kaplan and Meier: a run that its time limit ended counts up to then and no further, so that runs with " +
			"different limits make one curve. A run that gave up before, such as for want of memory, counts as never solving its case.",
		Params: []spec.Param{
			summary.MetricParam("metric", "time", "what is spent", func(m summary.Metric) bool { return slices.Contains(summary.SurvivalMetrics(), m.Name) }),
			algorithmsParam(),
		},
		Citation:   "Kaplan and Meier 1958, Nonparametric estimation from incomplete observations, doi 10.1080/01621459.1958.10501452",
		Properties: []spec.Property{Timed},
	}
}

func survival(s *summary.Summary, a spec.Args, z size) Figure {
	m := metricOf(a, "metric")
	v := s.Survival(m)
	f := Figure{Title: "Cases unsolved against " + m.Text, Timed: m.Timed, bodyHeight: z.height}
	least := 1.0
	if m.Timed {
		least = shortestS
	}
	marks := curves{z: z}
	var ended [][]float64
	gaveUp, hi := 0, 0.0
	for i, row := range v.Rows {
		if row.Runs == 0 {
			row.Estimate.Curve = stats.Curve{Start: math.NaN()}
		}
		marks.list, marks.ends = append(marks.list, row.Estimate.Curve), append(marks.ends, row.End)
		ended = append(ended, slices.Compact(row.Censored))
		gaveUp += row.GivenUp
		hi = max(hi, row.End)
		f.Legend = append(f.Legend, fmt.Sprintf("%s  (%d of %d)", s.Algorithms[i], row.Solved, row.Runs))
		f.styles = append(f.styles, seriesOf(i))
	}
	marks.styles = f.styles
	if !slices.ContainsFunc(v.Rows, func(r summary.SurvivalRow) bool { return r.Solved > 0 }) {
		return Figure{Title: f.Title, Timed: f.Timed, Caption: "No run solved its case."}
	}
	f.Caption = fmt.Sprintf("Estimated share of cases that are still unsolved, against %s. Crosses: runs that the limit of it ended there; "+
		"they count up to that point. In parentheses: solved of all runs.", m.Text)
	if gaveUp > 0 {
		f.Caption += fmt.Sprintf(" Counted as never solving their cases: %s that ended unsolved before that limit.", prose.Count(gaveUp, "run"))
	}
	if slices.ContainsFunc(marks.list, func(c stats.Curve) bool { return len(c.Steps) > 0 && c.Steps[0].X < least }) {
		f.Caption += fmt.Sprintf(" What took less than %s is drawn at the left edge.", metricValue(m)(least))
	}
	lo, _ := spanOf(marks.list, least)
	p := newPlot(z)
	logAxisOf(false, []float64{lo, max(hi, lo)}).set(&p.X, metricValue(m), "")
	shareAxis(&p.Y)
	p.Add(grid{true, true}, marks, endings{marks, ended})
	f.body = axes{p, z, metricText(s, m) + " per case (logarithmic)", "share of cases unsolved"}.draw
	return f
}

// endings marks on curves where runs were ended.
type endings struct {
	curves
	at [][]float64 // by curve, no place twice
}

// Plot implements plot.Plotter.
func (e endings) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	arm := e.z.marker * 0.9
	for i, curve := range e.list {
		style := draw.LineStyle{Color: e.styles[i].color, Width: e.z.line * 0.6}
		for _, at := range e.at[i] {
			to := vg.Point{X: x(max(at, p.X.Min)), Y: y(curve.At(at))}
			c.StrokeLine2(style, to.X-arm, to.Y-arm, to.X+arm, to.Y+arm)
			c.StrokeLine2(style, to.X-arm, to.Y+arm, to.X+arm, to.Y-arm)
		}
	}
}
