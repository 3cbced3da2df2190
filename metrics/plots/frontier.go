package plots

import (
	"fmt"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Tradeoff is what a frontier is drawn from.
type Tradeoff struct {
	Title, Objective, Cost string // the labels of the axes, with units
	Groups                 [4][]Trade
	Least                  func(objective int64) int64 // a bound on the cost, by objective
}

// Trade is a target: its objective, and what it costs to get there.
type Trade struct{ Objective, Cost int64 }

// groups are the kinds of targets of a [Tradeoff]; an arrow stands on those to which no path is known.
var groups = [...]string{"proved: nothing as good is cheaper", "not proved", "no path exists", "no path found"}

// Frontier draws targets by objective and cost of the path, above the curve of what no path costs less than.
func Frontier(t Tradeoff) Figure {
	f := Figure{Name: "frontier", Title: t.Title, size: sizeNamed("page")}
	f.Caption = "None of the targets is both better and cheaper to reach than another one. Dashed line, crosses below points: no path to a target that is at " +
		"least as good costs less. Arrow: the cost of going straight, where no path is known."
	bound := series{name: "lower bound", color: grey, glyph: draw.CrossGlyph{}, dashes: []vg.Length{3, 2}}
	points := dots{z: f.size}
	var xs, ys []float64
	for g, list := range t.Groups {
		style := seriesOf([...]int{0, 5, 1, 4}[g])
		style.name, style.points = fmt.Sprintf("%s  (%d)", groups[g], len(list)), true
		for _, p := range list {
			d := dot{x: float64(p.Objective), y: float64(p.Cost), style: style, least: g > 1}
			if below := float64(t.Least(p.Objective)); below < d.y && g < 2 {
				points.list = append(points.list, dot{x: d.x, y: below, style: bound})
			}
			points.list, xs, ys = append(points.list, d), append(xs, d.x), append(ys, d.y)
		}
		if list != nil {
			f.legend = append(f.legend, style)
		}
	}
	if xs == nil {
		return f
	}
	f.legend = append(f.legend, bound)
	left, right, top := slices.Min(xs), slices.Max(xs), slices.Max(ys)
	margin := 0.02 * max(1, right-left)
	points.x = axis{label: t.Objective, format: sizeText}.over(max(0, left-margin), right+margin, xs)
	points.y = axis{label: t.Cost, format: sizeText}.over(0, max(1, 1.05*top), ys)
	drawing := newAxes(f.size, points.x, points.y)
	drawing.Add(grid, marks(func(c draw.Canvas, p *plot.Plot) {
		x, y := p.Transforms(&c)
		c.StrokeLines(bound.line(f.size), sampled(400, false, func(share float64) vg.Point {
			at := left + (right-left)*share
			return vg.Point{X: x(at), Y: y(min(float64(t.Least(int64(at))), top))}
		}))
	}), &points)
	f.bodyHeight, f.body = f.size.height*1.15, drawing.draw
	return f
}
