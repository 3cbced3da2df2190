package plots

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
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
	x, y axis
}

// newAxes is an empty plot in our style.
func newAxes(z size, x, y axis) axes {
	p := plot.New()
	p.BackgroundColor = nil
	for a, of := range map[*plot.Axis]axis{&p.X: x, &p.Y: y} {
		a.Min, a.Max, a.Padding = of.min, of.max, 0
		if of.log {
			a.Scale = plot.LogScale{}
		}
		a.LineStyle = thinLine
		a.Tick.LineStyle, a.Tick.Length = thinLine, 4
		style := textStyle(z.tick, grey, false)
		a.Tick.Label.Color, a.Tick.Label.Font, a.Tick.Label.Handler = style.Color, style.Font, style.Handler
		if of.min < of.max {
			a.Tick.Marker = plot.ConstantTicks(of.ticks(1))
		}
	}
	return axes{p, z, x, y}
}

// labelGap is the distance between a label and the numbers at the ticks, and at least
// that between those.
const labelGap = vg.Length(4)

// lines are the labels of both axes on a canvas, in lines.
func (a axes) lines(c draw.Canvas) (style text.Style, x, y []string) {
	style = textStyle(a.z.label, ink, false)
	x = fit(style, a.x.label, c.Size().X*0.85)
	return style, x, fit(style, a.y.label, c.Size().Y-vg.Length(len(x))*leading(style)-a.z.tick*2)
}

// within is what labels leave of a canvas for the plot.
func (a axes) within(c draw.Canvas) draw.Canvas {
	style, x, y := a.lines(c)
	if len(x) > 0 {
		c.Min.Y += vg.Length(len(x))*leading(style) + labelGap
	}
	if len(y) > 0 {
		c.Min.X += vg.Length(len(y))*leading(style) + labelGap
	}
	// Numbers at the axes are left out until none touches the next.
	tall := func(string) vg.Length { return a.z.tick * 1.1 }
	keepApart(&a.Y, a.y, 0, tall, a.DataCanvas(c).Size().Y)
	keepApart(&a.X, a.x, labelGap, a.X.Tick.Label.Width, a.DataCanvas(c).Size().X)
	return c
}

// keepApart labels each tick of an axis, or each second, and so on, so that labels of those
// extents keep apart on that length.
func keepApart(p *plot.Axis, x axis, gap vg.Length, extent func(string) vg.Length, length vg.Length) {
	touch := func(ticks []plot.Tick) bool {
		end := vg.Length(math.Inf(-1))
		for _, t := range ticks {
			if t.Label == "" {
				continue
			}
			middle, half := vg.Length(p.Norm(t.Value))*length, extent(t.Label)/2
			if middle-half < end+gap {
				return true
			}
			end = middle + half
		}
		return false
	}
	for every := 1; every < 100 && x.min < x.max; every++ {
		ticks := x.ticks(every)
		if p.Tick.Marker = plot.ConstantTicks(ticks); !touch(ticks) {
			return
		}
	}
}

// data is where the data stand on a canvas.
func (a axes) data(c draw.Canvas) draw.Canvas { return a.DataCanvas(a.within(c)) }

// draw draws plot and labels.
func (a axes) draw(c draw.Canvas) {
	rest := a.within(c)
	a.Draw(rest)
	a.labels(c, a.DataCanvas(rest))
}

// labels draws the labels at the edges of a canvas, at the middle of the data.
func (a axes) labels(c, data draw.Canvas) {
	style, x, y := a.lines(c)
	style.XAlign = text.XCenter
	drawLines(c, style, x, data.Center().X, c.Min.Y+vg.Length(len(x))*leading(style))
	style.Rotation = math.Pi / 2
	style.YAlign = text.YTop
	for i, line := range y {
		c.FillText(style, vg.Point{X: c.Min.X + vg.Length(i)*leading(style), Y: data.Center().Y}, line)
	}
}

// marks is what a function draws on a plot.
type marks func(c draw.Canvas, p *plot.Plot)

// Plot implements plot.Plotter.
func (m marks) Plot(c draw.Canvas, p *plot.Plot) { m(c, p) }

// The lines of grids, at the labelled ticks.
var (
	gridLine = draw.LineStyle{Color: pale, Width: 0.6}
	grid     = &plotter.Grid{Vertical: gridLine, Horizontal: gridLine}
)
