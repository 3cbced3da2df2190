package plots

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// area is how a surface is filled: with a colour, and lines by which it is told apart
// without it.
type area struct {
	color           color.NRGBA
	rising, falling bool
}

func (a area) fill(c draw.Canvas, r vg.Rectangle) {
	c.FillPolygon(a.color, corners(r))
	a.lines(c, r)
}

// lines draws the lines alone.
func (a area) lines(c draw.Canvas, r vg.Rectangle) {
	lines := faded(inkOn(a.color), 0.6)
	if a.rising {
		hatch(c, r, lines)
	}
	if a.falling {
		hatchDown(c, r, lines)
	}
}

func corners(r vg.Rectangle) []vg.Point {
	return []vg.Point{r.Min, {X: r.Max.X, Y: r.Min.Y}, r.Max, {X: r.Min.X, Y: r.Max.Y}}
}

// hatchGap is the distance between the lines of a hatch.
const hatchGap = vg.Length(4.5)

// hatch draws lines that rise to the right and go on from rectangle to rectangle.
func hatch(c draw.Canvas, r vg.Rectangle, ink color.NRGBA) {
	hatchLines(r, func(a, b vg.Point) {
		c.StrokeLine2(draw.LineStyle{Color: ink, Width: 0.7}, a.X, a.Y, b.X, b.Y)
	})
}

// hatchDown is [hatch] with lines that fall.
func hatchDown(c draw.Canvas, r vg.Rectangle, ink color.NRGBA) {
	mirrored := vg.Rectangle{Min: vg.Point{X: -r.Max.X, Y: r.Min.Y}, Max: vg.Point{X: -r.Min.X, Y: r.Max.Y}}
	hatchLines(mirrored, func(a, b vg.Point) {
		c.StrokeLine2(draw.LineStyle{Color: ink, Width: 0.7}, -a.X, a.Y, -b.X, b.Y)
	})
}

func hatchLines(r vg.Rectangle, line func(a, b vg.Point)) {
	// A line is where y - x is a multiple of the gap.
	first := math.Ceil(float64((r.Min.Y - r.Max.X) / hatchGap))
	for k := first; vg.Length(k)*hatchGap <= r.Max.Y-r.Min.X; k++ {
		d := vg.Length(k) * hatchGap
		x0, x1 := max(r.Min.X, r.Min.Y-d), min(r.Max.X, r.Max.Y-d)
		if x0 < x1 {
			line(vg.Point{X: x0, Y: x0 + d}, vg.Point{X: x1, Y: x1 + d})
		}
	}
}
