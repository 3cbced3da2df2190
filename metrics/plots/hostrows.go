package plots

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

// hostRows makes the body of a figure with a row for each host: its name, and on each
// side its VMs within its limit.
func (f *Figure) hostRows(o summary.Occupancy, z size) {
	loads, headings := sides(o)
	f.Caption += "A frame is the limit of a host; a part of its bar is a VM."
	style := textStyle(z.tick, ink, false)
	var names [][]string
	var heights []vg.Length
	var left, total vg.Length
	least := max(min(300/vg.Length(len(o.Before)), z.label*1.9), z.tick*1.15)
	for _, l := range o.Before {
		lines := fit(style, prose.Clean(o.Instance.Hosts[l.Host].Name), z.room()*0.25)
		h := max(vg.Length(len(lines))*leading(style)+1, least)
		names, heights = append(names, lines), append(heights, h)
		left, total = max(left, widest(style, lines)), total+h
	}
	most := int64(1)
	for _, side := range loads {
		for _, l := range side {
			most = max(most, l.Limit, l.Used())
		}
	}
	title := textStyle(z.label, ink, true)
	f.bodyHeight = leading(title) + total + z.label*4.2
	f.body = func(c draw.Canvas) {
		var data draw.Canvas
		for i, part := range split(draw.Crop(c, left+6, -z.tick, 0, 0), len(loads)) {
			p := newPlot(z)
			p.HideY()
			p.Y.Min, p.Y.Max = 0, float64(total)
			p.X.Min, p.X.Max = 0, float64(most)*1.01
			p.X.Tick.Marker = linearTicks{most: int(part.Size().X / (4.5 * z.tick)), label: plain}
			p.Add(grid{x: true}, hostBars{o, loads[i], heights, z})
			a := axes{p, z, resourceLabel(o), ""}
			part.Max.Y -= leading(title)
			data = a.data(part)
			drawLines(c, title, []string{headings[i]}, data.Min.X, c.Max.Y)
			a.draw(part)
		}
		style.XAlign = text.XRight
		top := data.Max.Y
		for i, lines := range names {
			h := heights[i] * data.Size().Y / total
			drawLines(c, style, lines, c.Min.X+left, top-(h-vg.Length(len(lines))*leading(style))/2)
			top -= h
		}
	}
}

// hostBars draws a bar of VMs for each host, from the top.
type hostBars struct {
	of      summary.Occupancy
	loads   []summary.Load
	heights []vg.Length
	z       size
}

// thinnest is the least width that a VM is drawn with as a part of its own.
const thinnest = vg.Length(2)

// Plot implements plot.Plotter.
func (b hostBars) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	top := p.Y.Max
	for i, l := range b.loads {
		h := float64(b.heights[i])
		bar := vg.Rectangle{Min: vg.Point{Y: y(top - 0.86*h)}, Max: vg.Point{Y: y(top - 0.14*h)}}
		top -= h
		sum, from := int64(0), x(0)
		for k, v := range l.VMs {
			sum += v.Demand
			to := x(float64(sum))
			last := k+1 == len(l.VMs) || l.VMs[k+1].Fate != v.Fate
			if to-from < thinnest && !last {
				continue // together with the next
			}
			part := bar
			part.Min.X, part.Max.X = from, to
			areaOf(v.Fate).fill(c, part)
			edge := draw.LineStyle{Color: color.White, Width: min(1, 0.15*(to-from))} // or many narrow parts look white
			c.StrokeLine2(edge, to, part.Min.Y, to, part.Max.Y)
			b.name(c, v, part)
			from = to
		}
		frame := bar
		frame.Min.X, frame.Max.X = x(0), x(float64(l.Limit))
		c.StrokeLines(draw.LineStyle{Color: grey, Width: 0.7}, append(corners(frame), frame.Min))
	}
}

// name writes a VM's name into its part where there is room.
func (b hostBars) name(c draw.Canvas, v summary.Occupant, part vg.Rectangle) {
	style := textStyle(b.z.small*0.9, ink, false)
	style.XAlign, style.YAlign = text.XCenter, text.YCenter
	name := prose.Clean(b.of.Instance.VMs[v.VM].Name)
	width := style.Width(name)
	if width+3 > part.Size().X || style.Font.Size*1.1 > part.Size().Y {
		return
	}
	middle := vg.Point{X: (part.Min.X + part.Max.X) / 2, Y: (part.Min.Y + part.Max.Y) / 2}
	a := areaOf(v.Fate)
	if a.rising || a.falling { // on a plate, or lines would cross it
		w, h := width/2+1, style.Font.Size*0.52
		c.FillPolygon(a.color, corners(vg.Rectangle{Min: vg.Point{X: middle.X - w, Y: middle.Y - h}, Max: vg.Point{X: middle.X + w, Y: middle.Y + h}}))
	}
	c.FillText(style, middle, name)
}
