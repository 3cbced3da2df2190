package plots

import (
	"fmt"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

func paretoPlot() spec.Descriptor {
	return spec.Descriptor{
		Name:     "pareto",
		Synopsis: "quality of plans against effort, one point per algorithm, with the front of those that no other beats in both",
		Citation: "own work",
		Doc: "Each algorithm stands at its means over the cases in which all compared ones have both values. Cases that an algorithm " +
			"did not solve do not show there: its coverage stands beside its name.",
		Params: []spec.Param{
			summary.MetricParam("effort", "time", "the horizontal axis", isEffort),
			summary.MetricParam("quality", "best-ratio", "the vertical axis", func(m summary.Metric) bool { return m.Plan }),
			algorithmsParam(),
		},
		Properties: []spec.Property{Timed},
	}
}

func pareto(s *summary.Summary, a spec.Args, z size) Figure {
	x, y := metricOf(a, "effort"), metricOf(a, "quality")
	t := s.Tradeoff(x, y)
	f := Figure{Title: sentenceCase(y.Text) + " against " + x.Text, Timed: x.Timed, bodyHeight: z.height}
	if len(t.Common) == 0 {
		f.Caption = noCommon(s, t.Comparison)
		return f
	}
	f.Caption = fmt.Sprintf("Geometric means over the %d of %s in which all of them have both values", len(t.Common), cases(len(s.Cases)))
	if x.Shift > 0 {
		f.Caption += ", that of " + x.Text + " shifted by " + shiftText(x)
	}
	f.Caption += ". Dashed: the front; nothing to its lower left is reached. In parentheses: the share of its runs that an algorithm solves." +
		leftOut(s, t.Comparison)
	var xs, ys []float64
	for _, r := range t.Rows {
		xs, ys = append(xs, r.X), append(ys, r.Y)
		f.Legend = append(f.Legend, fmt.Sprintf("%s  (%s)", s.Algorithms[r.Algorithm], share(s.Outcomes[r.Algorithm].Coverage())))
		style := seriesOf(r.Algorithm)
		style.points = true
		f.styles = append(f.styles, style)
	}
	ax, ay := logAxisOf(false, xs), logAxisOf(false, ys)
	p := newPlot(z)
	ax.set(&p.X, metricValue(x), "")
	ay.set(&p.Y, metricValue(y), "")
	label := metricText(s, y) + ", logarithmic"
	if lo, hi := slices.Min(ys), slices.Max(ys); lo >= 1 && hi <= logAbove && isRatio(y) { // 1 is the best
		span := max(hi-1, 0.02)
		p.Y.Scale = plot.LinearScale{}
		p.Y.Min, p.Y.Max = 1-0.06*span, 1+1.08*span
		p.Y.Tick.Marker = linearTicks{most: 7}
		label = metricText(s, y)
	}
	place := func(rows []summary.TradeoffRow) (out []vg.Point) {
		for _, r := range rows {
			out = append(out, vg.Point{X: vg.Length(ax.at(r.X)), Y: vg.Length(ay.at(r.Y))})
		}
		return out
	}
	p.Add(grid{true, true}, paretoMarks{place(t.Front()), place(t.Rows), f.styles, z})
	f.body = axes{p, z, metricText(s, x) + ", logarithmic", label}.draw
	return f
}

// paretoMarks draws a front as stairs, and the algorithms on it and beyond. Points are
// in the coordinates of the axes.
type paretoMarks struct {
	front, all []vg.Point
	styles     []series
	z          size
}

// Plot implements plot.Plotter.
func (m paretoMarks) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	place := func(q vg.Point) vg.Point { return vg.Point{X: x(float64(q.X)), Y: y(float64(q.Y))} }
	var path []vg.Point
	for i, q := range m.front {
		at := place(q)
		if i == 0 {
			path = append(path, vg.Point{X: at.X, Y: c.Max.Y})
		} else {
			path = append(path, vg.Point{X: at.X, Y: path[len(path)-1].Y})
		}
		path = append(path, at)
	}
	path = append(path, vg.Point{X: c.Max.X, Y: path[len(path)-1].Y})
	c.StrokeLines(draw.LineStyle{Color: grey, Width: 0.9, Dashes: []vg.Length{3, 2}}, path)
	larger := m.z
	larger.marker *= 1.4
	for i, q := range m.all {
		drawMarker(c, m.styles[i], place(q), larger)
	}
}
