package plots

import (
	"fmt"
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// mostDots is how many points a picture has before those that fall together are drawn once.
const mostDots = 2000

// dots draws points. Very many are thinned: of those within the same small square, one
// is drawn, and larger the more there are.
type dots struct {
	z    size
	x, y axis
	list []dot
}

type dot struct {
	x, y  float64 // NaN: none, for which the axis has a place
	style series
	// least: the value is at least y, and an arrow points to where it may be.
	least bool
}

// thinned says in a caption that points are.
func (k *dots) thinned() string {
	if len(k.list) <= mostDots {
		return ""
	}
	return fmt.Sprintf(" Of the %d points, those that nearly coincide are drawn as one, which is larger for 10 or more, and for 100 or more.", len(k.list))
}

// Plot implements plot.Plotter.
func (k *dots) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	place := func(d dot) vg.Point { return vg.Point{X: x(k.x.at(d.x)), Y: y(k.y.at(d.y))} }
	few := len(k.list) <= mostDots
	cell := 2 * k.z.marker
	type square struct {
		column, row int
		color       color.NRGBA // one per style
		least       bool
	}
	first, counts := map[square]int{}, make([]int, len(k.list))
	for i, d := range k.list {
		if point := place(d); c.Contains(point) {
			key := square{int((point.X - c.Min.X) / cell), int((point.Y - c.Min.Y) / cell), d.style.color, d.least}
			if _, seen := first[key]; !seen || few {
				first[key] = i
			}
			counts[first[key]]++
		}
	}
	for i, d := range k.list {
		if counts[i] > 0 {
			k.mark(c, place(d), d, counts[i])
		}
	}
}

// mark draws a point that stands for n.
func (k *dots) mark(c draw.Canvas, at vg.Point, d dot, n int) {
	radius := k.z.marker * 0.75
	for ; n >= 10 && radius < k.z.marker*1.3; n /= 10 {
		radius *= 1.3
	}
	if d.least {
		tip := vg.Point{X: at.X, Y: at.Y + radius + k.z.marker*1.8}
		wing := k.z.marker * 0.55
		style := draw.LineStyle{Color: d.style.color, Width: k.z.line * 0.5}
		c.StrokeLine2(style, at.X, at.Y, tip.X, tip.Y)
		c.StrokeLines(style, []vg.Point{{X: tip.X - wing, Y: tip.Y - wing}, tip, {X: tip.X + wing, Y: tip.Y - wing}})
	}
	drawDot(c, draw.GlyphStyle{Color: faded(d.style.color, 0.7), Radius: radius, Shape: d.style.glyph}, at, 0.5)
}
