package plots

import (
	"fmt"
	"image/color"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/metrics/tables"
)

func costBoundPlot() spec.Descriptor {
	return spec.Descriptor{
		Name:     "cost-bound",
		Synopsis: "cost of plans over the best proved lower bound, one row per algorithm",
		Doc:      "Every commonly solved case is a point; a box spans the quartiles, with a bar at the median.",
	}
}

// logAbove is the ratio from which on the axis is logarithmic.
const logAbove = 6

// row is one algorithm of the plot.
type row struct {
	summary.QualityRow
	style   series
	name    []string
	figures string
	height  vg.Length
}

func costBound(s *summary.Summary) Figure {
	q := s.Quality
	f := Figure{Title: "Cost of plans over the best proved lower bound"}
	f.Caption = costBoundCaption(s)
	if len(q.Used) == 0 {
		return f
	}
	name, small := textStyle(labelSize, ink, false), textStyle(smallSize, grey, false)
	const room = (figureWidth - 2*margin) * 0.36
	var rows []row
	var left, total vg.Length
	most := 1.0
	for i, r := range q.Rows {
		w := row{
			QualityRow: r, style: seriesOf(q.Compared[i]), name: fit(name, tables.Clean(r.Algorithm), room),
			figures: fmt.Sprintf("mean %s, %d of %d at bound", tables.Fixed(r.GeoMean, 3).Text, r.AtBound, len(q.Used)),
		}
		left = max(left, widest(name, w.name), small.Width(w.figures))
		w.height = max(vg.Length(len(w.name))*leading(name)+leading(small)+14, 44)
		total += w.height
		rows = append(rows, w)
		most = max(most, r.Spread.Max)
	}

	p := newPlot()
	label := "cost / lower bound (ratio; 1 is proved optimal)"
	p.HideY()
	p.Y.Min, p.Y.Max = 0, float64(total)
	// Points at 1 need a little room on their left to be seen whole.
	if most > logAbove {
		label = "cost / lower bound (ratio, logarithmic; 1 is proved optimal)"
		p.X.Scale = plot.LogScale{}
		_, p.X.Max = logRange(1, most)
		p.X.Min = math.Pow(p.X.Max, -0.02)
		p.X.Tick.Marker = logTicks{number}
	} else {
		span := max((most-1)*1.02, 0.05)
		p.X.Min, p.X.Max = 1-0.02*span, 1+span
		p.X.Tick.Marker = linearTicks{most: 8}
	}
	p.Add(grid{x: true}, ratioRows{rows})
	f.bodyHeight = total + xLabelHeight + 24 // 24: the axis with its ticks
	f.body = func(c draw.Canvas) {
		plotC := draw.Crop(c, left+14, -8, 0, 0)
		data := p.DataCanvas(draw.Crop(plotC, 0, 0, xLabelHeight, 0))
		top := data.Max.Y
		for _, r := range rows {
			block := vg.Length(len(r.name))*leading(name) + leading(small)
			right, rightSmall := name, small
			right.XAlign, rightSmall.XAlign = text.XRight, text.XRight
			y := top - (r.height-block)/2
			y = drawLines(c, right, r.name, c.Min.X+left, y)
			drawLines(c, rightSmall, []string{r.figures}, c.Min.X+left, y)
			top -= r.height * (data.Max.Y - data.Min.Y) / total
		}
		drawWithXLabel(plotC, p, label)
	}
	return f
}

func costBoundCaption(s *summary.Summary) string {
	q := s.Quality
	switch {
	case len(q.Compared) == 0:
		return "No algorithm found a plan."
	case len(q.Common) == 0:
		return fmt.Sprintf("There is no case in which all %d compared algorithms found a plan.", len(q.Compared))
	case len(q.Used) == 0:
		return fmt.Sprintf("No lower bound to divide by is known for any of the %d commonly solved cases.", len(q.Common))
	}
	who := fmt.Sprintf("all %d compared algorithms", len(q.Compared))
	if len(q.Compared) == 1 {
		who = "the algorithm"
	}
	text := fmt.Sprintf("Only the commonly solved cases: the %d of %d in which %s found a plan, and a bound to divide by is known. "+
		"One point per case, spread upright to be seen; box: quartiles; bar: median; mean: geometric.",
		len(q.Used), len(s.Cases), who)
	if len(q.LeftOut) > 0 {
		text += " Without a plan, so not compared: " + strings.Join(s.Names(q.LeftOut), ", ") + "."
	}
	return text
}

// ratioRows draws points and boxes, one row per algorithm from the top.
type ratioRows struct{ rows []row }

// golden is the fractional part of the golden ratio: its multiples modulo 1 are
// spread evenly however many there are, so points spread without a random source.
const golden = 0.6180339887498949

// Plot implements plot.Plotter.
func (rr ratioRows) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	c.StrokeLine2(draw.LineStyle{Color: grey, Width: 0.7, Dashes: []vg.Length{1.5, 2}}, x(1), c.Min.Y, x(1), c.Max.Y)
	top := p.Y.Max
	for i, r := range rr.rows {
		middle := top - float64(r.height)/2
		top -= float64(r.height)
		if i > 0 {
			c.StrokeLine2(draw.LineStyle{Color: pale, Width: 0.6}, c.Min.X, y(top+float64(r.height)), c.Max.X, y(top+float64(r.height)))
		}
		half := min(float64(r.height)*0.3, 15)
		lo, hi := x(r.Spread.Q1), x(r.Spread.Q3)
		box := []vg.Point{{X: lo, Y: y(middle - half)}, {X: hi, Y: y(middle - half)}, {X: hi, Y: y(middle + half)}, {X: lo, Y: y(middle + half)}}
		c.FillPolygon(faded(r.style.color, 0.15), box)
		c.StrokeLines(draw.LineStyle{Color: faded(r.style.color, 0.7), Width: 0.8}, append(box, box[0]))

		// Below the points: where all are equal, the bar would hide them.
		median := x(r.Spread.Median)
		c.StrokeLine2(draw.LineStyle{Color: r.style.color, Width: 2.6}, median, y(middle-half-4), median, y(middle+half+4))

		for j, ratio := range r.Ratios {
			_, spread := math.Modf(float64(j+1) * golden)
			at := vg.Point{X: x(ratio), Y: y(middle + (2*spread-1)*half*0.85)}
			c.DrawGlyphNoClip(draw.GlyphStyle{Color: color.White, Radius: 2.9, Shape: draw.CircleGlyph{}}, at)
			c.DrawGlyphNoClip(draw.GlyphStyle{Color: faded(r.style.color, 0.75), Radius: 2.3, Shape: draw.CircleGlyph{}}, at)
		}
	}
}
