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
	Points, Unreached      []Trade
	Least                  func(objective int64) int64 // a bound on the cost, by objective
}

// Trade is a target: its objective, what it costs to get there, and whether that, or that there is no way, is proved.
type Trade struct {
	Objective, Cost int64
	Proved          bool
}

// Frontier draws targets by objective and cost of the path, above the curve of what no path costs less than.
func Frontier(t Tradeoff) Figure {
	f := Figure{Name: "frontier", Title: t.Title, size: sizeNamed("page")}
	f.Caption = "Each target is to be reached by the path that was found; none is both better and cheaper. Line, and crosses below points: no path to a target that is at least as good costs less."
	if len(t.Points)+len(t.Unreached) == 0 {
		return f
	}
	groups := []struct {
		name  string
		style int
		list  []Trade
	}{
		{"proved: nothing as good is cheaper", 0, pick(t.Points, true)},
		{"not proved", 5, pick(t.Points, false)},
		{"no path exists, at the direct cost", 1, pick(t.Unreached, true)},
		{"no path found, at the direct cost", 4, pick(t.Unreached, false)},
	}
	var xs, ys []float64
	var rows [][]any
	for _, g := range groups {
		for _, p := range g.list {
			xs, ys = append(xs, float64(p.Objective)), append(ys, float64(p.Cost))
			rows = append(rows, []any{g.name, float64(p.Objective), float64(p.Cost), p.Proved})
		}
	}
	left, right, top := slices.Min(xs), slices.Max(xs), slices.Max(ys)
	margin := 0.02 * max(1, right-left)
	x := axis{label: t.Objective, format: sizeText}.over(left-margin, right+margin, xs)
	y := axis{label: t.Cost, format: sizeText}.over(0, max(1, 1.05*top), ys)
	f.columns, f.rows = []string{"group", t.Objective, t.Cost, "proved"}, func() [][]any { return rows }
	bound := series{name: "lower bound", color: grey, glyph: draw.CrossGlyph{}, dashes: []vg.Length{3, 2}}
	drawing := newAxes(f.size, x, y)
	drawing.Add(grid, marks(func(c draw.Canvas, p *plot.Plot) {
		tx, ty := p.Transforms(&c)
		const samples = 400
		var curve []vg.Point
		for i := range samples + 1 {
			at := left + (right-left)*float64(i)/samples
			curve = append(curve, vg.Point{X: tx(at), Y: ty(min(float64(t.Least(int64(at))), top))})
		}
		c.StrokeLines(bound.line(f.size), c.ClipLinesXY(curve)...)
		for _, g := range slices.Backward(groups) {
			style := seriesOf(g.style)
			for _, d := range g.list {
				if !d.Proved {
					drawMarker(c, bound, vg.Point{X: tx(float64(d.Objective)), Y: ty(float64(t.Least(d.Objective)))}, f.size)
				}
				drawMarker(c, style, vg.Point{X: tx(float64(d.Objective)), Y: ty(float64(d.Cost))}, f.size)
			}
		}
	}))
	for _, g := range groups {
		if len(g.list) > 0 {
			s := seriesOf(g.style)
			s.name, s.plain, s.points = fmt.Sprintf("%s  (%d)", g.name, len(g.list)), g.name, true
			f.legend = append(f.legend, s)
		}
	}
	f.legend = append(f.legend, bound)
	f.bodyHeight, f.body = f.size.height*1.15, drawing.draw
	return f
}

// pick lists the trades that are proved, or those that are not.
func pick(list []Trade, proved bool) []Trade {
	return slices.DeleteFunc(slices.Clone(list), func(t Trade) bool { return t.Proved != proved })
}
