package plots

import (
	"cmp"
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
			columnParam("effort", "time", "the horizontal axis"), columnParam("quality", "best-ratio", "the vertical axis"),
		},
		Properties: []spec.Property{Timed},
	}
}

func pareto(f *Figure, s *summary.Summary, a spec.Args) {
	effort, quality := columnOf(s, a, "effort"), columnOf(s, a, "quality")
	f.Title, f.Timed = sentenceCase(what(quality))+" against "+what(effort), effort.Timed || quality.Timed
	t := s.Compare(func(c *summary.Case, a int) bool { return effort.Exact(c, a) && quality.Exact(c, a) })
	if len(t.Common) == 0 {
		f.Caption = noCommon(s, t)
		return
	}
	means := func(col summary.Column) (out []float64, kind string) {
		for _, a := range t.Compared {
			values := make([]float64, len(t.Common))
			for i, c := range t.Common {
				values[i], _ = col.Of(c, a).Exact()
			}
			var m float64
			m, kind = mean(col, col.Shift, values)
			out = append(out, m)
		}
		return out, kind
	}
	xs, kindX := means(effort)
	ys, kindY := means(quality)
	f.Caption = fmt.Sprintf("Means over the %d of %s in which all of them have both values; of %s: %s; of %s: %s. "+
		"Dashed: the front; nothing to its lower left is reached. In parentheses: the share of its runs that an algorithm solves.%s",
		len(t.Common), cases(len(s.Cases)), effort.Title(), kindX, quality.Title(), kindY, leftOut(s, t))
	x, y := axisOf(effort), axisOf(quality)
	if isRatio(quality) {
		y = ratioAxis(quality, ys)
	}
	x, y = x.fit(a, "x", xs), y.fit(a, "y", ys)
	var rows [][]any
	var stairs, all []vg.Point // in the coordinates of the axes
	for i, algorithm := range t.Compared {
		front := true // no other is better in one and as good in the other
		for j := range xs {
			front = front && !(xs[j] <= xs[i] && ys[j] <= ys[i] && (xs[j] < xs[i] || ys[j] < ys[i]))
		}
		f.add(algorithm, s.Label(s.Algorithms[algorithm]), share(coverage(s, algorithm)))
		f.legend[i].points = true
		rows = append(rows, []any{f.legend[i].plain, xs[i], ys[i], front})
		at := vg.Point{X: vg.Length(x.at(xs[i])), Y: vg.Length(y.at(ys[i]))}
		if all = append(all, at); front {
			stairs = append(stairs, at)
		}
	}
	f.columns, f.rows = []string{"algorithm", x.column, y.column, "on the front"}, func() [][]any { return rows }
	slices.SortStableFunc(stairs, func(a, b vg.Point) int { return cmp.Or(cmp.Compare(a.X, b.X), cmp.Compare(b.Y, a.Y)) })
	drawing := newAxes(f.size, x, y)
	drawing.Add(grid, paretoMarks(stairs, all, f.legend, f.size))
	f.bodyHeight, f.body = f.size.height, drawing.draw
}

func paretoMarks(front, all []vg.Point, styles []series, z size) marks {
	z.marker *= 1.4
	return func(c draw.Canvas, p *plot.Plot) {
		x, y := p.Transforms(&c)
		place := func(q vg.Point) vg.Point { return vg.Point{X: x(float64(q.X)), Y: y(float64(q.Y))} }
		corners := []vg.Point{{X: place(front[0]).X, Y: c.Max.Y}}
		for _, q := range front {
			corners = append(corners, place(q))
		}
		corners = append(corners, vg.Point{X: c.Max.X, Y: corners[len(corners)-1].Y})
		c.StrokeLines(draw.LineStyle{Color: grey, Width: 0.9, Dashes: []vg.Length{3, 2}}, c.ClipLinesXY(stairs(corners))...)
		for i, q := range all {
			if at := place(q); c.Contains(at) {
				drawMarker(c, styles[i], at, z)
			}
		}
	}
}
