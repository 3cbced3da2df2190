package plots

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/cloudrearrange/rearrange/metrics/summary"
)

// heatCells draws the cells of a grid at whole numbers.
type heatCells struct {
	grid  *summary.Grid
	panel panel
	z     size
}

// Plot implements plot.Plotter.
func (h heatCells) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	style := h.numbers(tx(1)-tx(0), ty(1)-ty(0))
	for i, column := range h.grid.Cells {
		for j, cell := range column {
			if cell.Runs == 0 {
				continue
			}
			box := vg.Rectangle{
				Min: vg.Point{X: tx(float64(i) - 0.5), Y: ty(float64(j) - 0.5)},
				Max: vg.Point{X: tx(float64(i) + 0.5), Y: ty(float64(j) + 0.5)},
			}
			value, label, ok := h.panel.cell(cell)
			fill := color.NRGBA{0xFF, 0xFF, 0xFF, 0xFF}
			if ok {
				fill = viridis(h.panel.bar.share(value))
			}
			c.FillPolygon(fill, corners(box))
			if cell.Settled() < cell.Runs {
				hatch(c, box, faded(inkOn(fill), 0.55), false)
			}
			c.StrokeLines(draw.LineStyle{Color: color.White, Width: 0.5}, append(corners(box), box.Min))
			if !ok {
				inner := box
				inner.Min.X, inner.Min.Y, inner.Max.X, inner.Max.Y = box.Min.X+0.5, box.Min.Y+0.5, box.Max.X-0.5, box.Max.Y-0.5
				c.StrokeLines(draw.LineStyle{Color: grey, Width: 0.5}, append(corners(inner), inner.Min))
			}
			if ok && style != nil {
				h.write(c, *style, label, box, fill, cell.Settled() < cell.Runs)
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
		for _, column := range h.grid.Cells {
			for _, cell := range column {
				if _, label, ok := h.panel.cell(cell); ok {
					widest = max(widest, style.Width(label))
				}
			}
		}
		if widest+3 <= width && size*1.2 <= height {
			return &style
		}
	}
	return nil
}

// everyWidth is which labels to draw so that none comes near the next: each, each
// second, and so on.
func everyWidth(style text.Style, labels []string, room vg.Length) int {
	every := 1
	for widest(style, labels)+4 > room*vg.Length(every) && every < len(labels) {
		every++
	}
	return every
}

// everyHeight is [everyWidth] for labels one above the other.
func everyHeight(style text.Style, room vg.Length) int {
	return max(1, int(math.Ceil(float64(style.Font.Size*1.1/room))))
}

// colourBar is the legend of colours, and the scale behind them.
type colourBar struct {
	lo, hi float64
	log    bool
	ticks  plot.Ticker
}

const (
	colourBarRoom  = vg.Length(58)
	colourBarWidth = vg.Length(11)
)

func shareBar() colourBar { return colourBar{lo: 0, hi: 1, ticks: percentTicks{}} }

// logBar is a logarithmic scale; what is below it is like its least value.
func logBar(lo, hi float64, label func(float64) string) colourBar {
	lo, hi = logRange(lo, hi)
	return colourBar{lo: lo, hi: hi, log: true, ticks: logTicks{label: label}}
}

// share is where on the scale a value is, from 0 to 1.
func (b colourBar) share(v float64) float64 {
	if b.log {
		return math.Log(max(v, b.lo)/b.lo) / math.Log(b.hi/b.lo)
	}
	return (v - b.lo) / (b.hi - b.lo)
}

func (b colourBar) draw(c draw.Canvas, left, bottom, top vg.Length, z size) {
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
	for _, t := range b.ticks.Ticks(b.lo, b.hi) {
		y := bottom + vg.Length(b.share(t.Value))*(top-bottom)
		if t.Label == "" || y < last+leading(label) {
			continue
		}
		last = y
		c.StrokeLine2(line, left+colourBarWidth, y, left+colourBarWidth+3, y)
		c.FillText(label, vg.Point{X: left + colourBarWidth + 5, Y: y}, t.Label)
	}
}

// percentTicks labels a scale from 0 to 1.
type percentTicks struct{}

// Ticks implements plot.Ticker.
func (percentTicks) Ticks(_, _ float64) []plot.Tick {
	return []plot.Tick{
		{Value: 0, Label: "0 %"},
		{Value: 0.25, Label: "25 %"},
		{Value: 0.5, Label: "50 %"},
		{Value: 0.75, Label: "75 %"},
		{Value: 1, Label: "100 %"},
	}
}
