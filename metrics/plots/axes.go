package plots

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// axes is a plot with the labels of its axes, which may take several lines.
//
// Note: gonum's own label of a logarithmic axis reserves its room in the wrong place,
// and so shrinks the plot; and a label longer than its axis is cut.
type axes struct {
	*plot.Plot
	z    size
	x, y string
}

// labelGap is the distance between a label and the numbers at the ticks, and at least
// that between those.
const labelGap = vg.Length(4)

// within is what labels leave of a canvas for the plot, and the lines of the labels.
func (a axes) within(c draw.Canvas) (rest draw.Canvas, x, y []string) {
	style := textStyle(a.z.label, ink, false)
	size := c.Size()
	if x = fit(style, a.x, size.X*0.85); len(x) > 0 {
		c.Min.Y += vg.Length(len(x))*leading(style) + labelGap
	}
	if y = fit(style, a.y, (c.Max.Y-c.Min.Y)-a.z.tick*2); len(y) > 0 {
		c.Min.X += vg.Length(len(y))*leading(style) + labelGap
	}
	a.keepApart(c)
	return c, x, y
}

// keepApart leaves out numbers at the horizontal axis until none touches the next.
func (a axes) keepApart(c draw.Canvas) {
	ticker, ok := a.X.Tick.Marker.(thinner)
	if !ok {
		return
	}
	room := a.DataCanvas(c).Size().X
	for every := 1; every < 10 && !a.apart(room); every++ {
		a.X.Tick.Marker = ticker.thin(every)
	}
}

// apart tells whether the numbers at a horizontal axis of that length keep apart.
func (a axes) apart(length vg.Length) bool {
	style := a.X.Tick.Label
	end := vg.Length(math.Inf(-1))
	for _, t := range a.X.Tick.Marker.Ticks(a.X.Min, a.X.Max) {
		if t.Label == "" {
			continue
		}
		middle, half := vg.Length(a.X.Norm(t.Value))*length, style.Width(t.Label)/2
		if middle-half < end+labelGap {
			return false
		}
		end = middle + half
	}
	return true
}

// data is where the data stand on a canvas.
func (a axes) data(c draw.Canvas) draw.Canvas {
	rest, _, _ := a.within(c)
	return a.DataCanvas(rest)
}

// draw draws plot and labels.
func (a axes) draw(c draw.Canvas) {
	rest, x, y := a.within(c)
	data := a.DataCanvas(rest)
	a.Draw(rest)
	style := textStyle(a.z.label, ink, false)
	style.XAlign = text.XCenter
	drawLines(c, style, x, data.Center().X, rest.Min.Y-labelGap)
	style.Rotation = math.Pi / 2
	style.YAlign = text.YTop
	for i, line := range y {
		c.FillText(style, vg.Point{X: c.Min.X + vg.Length(i)*leading(style), Y: data.Center().Y}, line)
	}
}

// grid draws lines at the labelled ticks.
type grid struct{ x, y bool }

// Plot implements plot.Plotter.
func (g grid) Plot(c draw.Canvas, p *plot.Plot) {
	style := draw.LineStyle{Color: pale, Width: 0.6}
	tx, ty := p.Transforms(&c)
	if g.x {
		for _, t := range p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max) {
			if x := tx(t.Value); !t.IsMinor() && c.ContainsX(x) {
				c.StrokeLine2(style, x, c.Min.Y, x, c.Max.Y)
			}
		}
	}
	if g.y {
		for _, t := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
			if y := ty(t.Value); !t.IsMinor() && c.ContainsY(y) {
				c.StrokeLine2(style, c.Min.X, y, c.Max.X, y)
			}
		}
	}
}
