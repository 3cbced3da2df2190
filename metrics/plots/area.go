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
		hatch(c, r, lines, false)
	}
	if a.falling {
		hatch(c, r, lines, true)
	}
}

func corners(r vg.Rectangle) []vg.Point {
	return []vg.Point{r.Min, {X: r.Max.X, Y: r.Min.Y}, r.Max, {X: r.Min.X, Y: r.Max.Y}}
}

// hatchGap is the distance between the lines of a hatch.
const hatchGap = vg.Length(4.5)

// hatch draws lines that rise to the right, or fall, and go on from rectangle to rectangle.
func hatch(c draw.Canvas, r vg.Rectangle, ink color.NRGBA, falling bool) {
	side := vg.Length(1)
	if falling { // they rise in the mirror
		r.Min.X, r.Max.X = -r.Max.X, -r.Min.X
		side = -1
	}
	// A line is where y - x is a multiple of the gap.
	first := math.Ceil(float64((r.Min.Y - r.Max.X) / hatchGap))
	for k := first; vg.Length(k)*hatchGap <= r.Max.Y-r.Min.X; k++ {
		d := vg.Length(k) * hatchGap
		x0, x1 := max(r.Min.X, r.Min.Y-d), min(r.Max.X, r.Max.Y-d)
		if x0 < x1 {
			c.StrokeLine2(draw.LineStyle{Color: ink, Width: 0.7}, side*x0, x0+d, side*x1, x1+d)
		}
	}
}
