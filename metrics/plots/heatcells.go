package plots

import (
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// heatCells draws the cells of a grid at whole numbers.
type heatCells struct {
	*heat
	panel panel
	z     size
}

// Plot implements plot.Plotter.
func (h heatCells) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	style := h.numbers(tx(1)-tx(0), ty(1)-ty(0))
	for i, column := range h.cells {
		for j, cell := range column {
			if len(cell.cases) == 0 {
				continue
			}
			box := vg.Rectangle{
				Min: vg.Point{X: tx(float64(i) - 0.5), Y: ty(float64(j) - 0.5)},
				Max: vg.Point{X: tx(float64(i) + 0.5), Y: ty(float64(j) + 0.5)},
			}
			value := h.panel.values[i][j]
			ok := !math.IsNaN(value)
			fill := color.NRGBA{0xFF, 0xFF, 0xFF, 0xFF}
			if ok {
				fill = viridis(h.panel.bar.share(value))
			}
			c.FillPolygon(fill, corners(box))
			if cell.open() {
				hatch(c, box, faded(inkOn(fill), 0.55), false)
			}
			c.StrokeLines(draw.LineStyle{Color: color.White, Width: 0.5}, append(corners(box), box.Min))
			if !ok {
				inner := box
				inner.Min.X, inner.Min.Y, inner.Max.X, inner.Max.Y = box.Min.X+0.5, box.Min.Y+0.5, box.Max.X-0.5, box.Max.Y-0.5
				c.StrokeLines(draw.LineStyle{Color: grey, Width: 0.5}, append(corners(inner), inner.Min))
			}
			if ok && style != nil {
				h.write(c, *style, h.panel.write(value), box, fill, cell.open())
			}
		}
	}
}

// write puts a number into a cell, on a plate where lines would cross it.
func (h heatCells) write(c draw.Canvas, style text.Style, label string, box vg.Rectangle, fill color.NRGBA, hatched bool) {
	middle := vg.Point{X: (box.Min.X + box.Max.X) / 2, Y: (box.Min.Y + box.Max.Y) / 2}
	if hatched {
		w, t := style.Width(label)/2+1.5, style.Font.Size*0.5
		c.FillPolygon(fill, corners(vg.Rectangle{
			Min: vg.Point{X: middle.X - w, Y: middle.Y - t}, Max: vg.Point{X: middle.X + w, Y: middle.Y + t},
		}))
	}
	style.Color = inkOn(fill)
	c.FillText(style, middle, label)
}

// numbers is the style of the numbers in the cells, as large as all of them fit; nil
// where they would be too small to read.
func (h heatCells) numbers(width, height vg.Length) *text.Style {
	for size := h.z.small; size >= 5.5; size -= 0.5 {
		style := textStyle(size, ink, false)
		style.XAlign, style.YAlign = text.XCenter, text.YCenter
		var widest vg.Length
		for _, v := range slices.Concat(h.panel.values...) {
			if !math.IsNaN(v) {
				widest = max(widest, style.Width(h.panel.write(v)))
			}
		}
		if widest+3 <= width && size*1.2 <= height {
			return &style
		}
	}
	return nil
}

const colourBarWidth = vg.Length(9)

// colourBarRoom is the width of a colour bar with its labels, and of the gap before it.
func colourBarRoom(p panel, z size) vg.Length {
	var labels []string
	for _, t := range p.bar.ticks(1) {
		labels = append(labels, t.Label)
	}
	return 8 + colourBarWidth + 7 + widest(textStyle(z.tick, grey, false), labels)
}

// drawBar draws the legend of colours.
func drawBar(c draw.Canvas, x axis, left, bottom, top vg.Length, z size) {
	const strips = 64
	for i := range strips {
		from := bottom + (top-bottom)*vg.Length(i)/strips
		to := bottom + (top-bottom)*vg.Length(i+1)/strips
		// A little overlap, or seams show between the strips.
		c.FillPolygon(viridis((float64(i)+0.5)/strips), corners(vg.Rectangle{
			Min: vg.Point{X: left, Y: from}, Max: vg.Point{X: left + colourBarWidth, Y: min(to+0.3, top)},
		}))
	}
	line := draw.LineStyle{Color: grey, Width: 0.7}
	label := textStyle(z.tick, grey, false)
	label.YAlign = text.YCenter
	last := bottom - leading(label)
	for _, t := range x.ticks(1) {
		y := bottom + vg.Length(x.share(t.Value))*(top-bottom)
		if t.Label == "" || y < last+leading(label) {
			continue
		}
		last = y
		c.StrokeLine2(line, left+colourBarWidth, y, left+colourBarWidth+3, y)
		c.FillText(label, vg.Point{X: left + colourBarWidth + 5, Y: y}, t.Label)
	}
}
