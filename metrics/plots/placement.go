package plots

import (
	"cmp"
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/occupancy"
	"github.com/cloudrearrange/rearrange/cloud/prose"
)

// mostHostRows is how many hosts have a row each; more are drawn as one profile.
const mostHostRows = 40

// Placement draws how VMs fill the hosts of an instance, before and, with a target, after, in one of its resources and one of
// [Sizes]: some hosts, each named once, or all where none are given. The rules, bound to the instance, say what the limits of
// hosts are. Up to 40 hosts have a bar each, made of their VMs. More are sorted by how full they are, in groups as narrow as
// can be seen, so that clouds of any size have a picture.
func Placement(in *cloud.Instance, bound []cloud.Rule, resource int, hosts []cloud.HostID, sizeName string) Figure {
	o := occupancy.Of(in, bound, resource, hosts)
	return fitted("placement", sizeNamed(sizeName), func(f *Figure) { f.placement(o) })
}

func (f *Figure) placement(o occupancy.Occupancy) {
	if f.Title = cmp.Or(o.Name, "Placement"); len(o.Sides[0]) == 0 {
		f.Caption = "There are no hosts."
		return
	}
	f.Caption = counts(o)
	unit := cmp.Or(o.Resources[o.Resource].Unit, o.Resources[o.Resource].Name)
	for fate := range occupancy.Fates {
		if o.Count[fate] > 0 {
			f.legend = append(f.legend, series{
				name: fmt.Sprintf("%s  (%s, %s %s)", fate, prose.Count(o.Count[fate], "VM"), sizeText(float64(o.Amount[fate])), unit),
				area: areaOf(fate),
			})
		}
	}
	if len(o.Sides[0]) <= mostHostRows {
		f.hostRows(o)
	} else {
		f.hostProfile(o)
	}
}

// counts says how much there is, how full the hosts are and how many are empty.
func counts(o occupancy.Occupancy) string {
	vms := 0
	for _, n := range o.Count {
		vms += n
	}
	both := func(of func(side int) string) string {
		if len(o.Sides) == 1 {
			return of(0)
		}
		return of(0) + " before, " + of(1) + " after"
	}
	text := prose.Count(len(o.Sides[0]), "host") + ", " + prose.Count(vms, "VM")
	if !math.IsNaN(o.Full(0)) {
		text += "; used of all limits: " + both(func(side int) string { return prose.Percent(o.Full(side)) })
	}
	return text + "; empty hosts: " + both(func(side int) string { return fmt.Sprint(o.Empty(side)) }) + ". "
}

var sideNames = [...]string{"initial placement", "target placement"}

func areaOf(f occupancy.Fate) *area {
	return &[]area{
		{color: color.NRGBA{0xBF, 0xCC, 0xD6, 0xFF}}, // no colour of Okabe and Ito: it is what does not matter
		{color: seriesOf(4).color, rising: true},
		{color: seriesOf(3).color, rising: true, falling: true},
		{color: seriesOf(5).color, falling: true},
	}[f]
}

// drawSides draws the sides next to each other, the first further to the left, and returns where the last one's data stand.
func drawSides(c draw.Canvas, o occupancy.Occupancy, z size, left vg.Length, of func(side int, width vg.Length) axes) draw.Canvas {
	const between = vg.Length(14)
	title := textStyle(z.label, ink, true)
	var data draw.Canvas
	n := vg.Length(len(o.Sides))
	width := (c.Size().X - (n-1)*between) / n
	for i := range o.Sides {
		from := c.Min.X + vg.Length(i)*(width+between)
		part := draw.Canvas{Canvas: c.Canvas, Rectangle: rect(from, c.Min.Y, from+width, c.Max.Y-leading(title))}
		if i == 0 {
			part.Min.X -= left
		}
		a := of(i, width)
		data = a.data(part)
		drawLines(c, title, []string{sideNames[i]}, data.Min.X, c.Max.Y)
		a.draw(part)
	}
	return data
}

// hostRows has a row for each host: its name, and on each side its VMs within its limit.
func (f *Figure) hostRows(o occupancy.Occupancy) {
	z := f.size
	f.Caption += "A frame is the limit of a host; a part of its bar is a VM."
	style := textStyle(min(z.tick, z.names), ink, false)
	foot := leading(textStyle(z.label, ink, true)) + z.label*4.2
	room := (f.room() - placeLegend(f.legend, z).height - foot) / vg.Length(len(o.Sides[0])) // of a row
	var names [][]string
	var heights []vg.Length
	var left, total vg.Length
	least := max(min(300/vg.Length(len(o.Sides[0])), z.label*1.9), style.Font.Size*1.15)
	for _, l := range o.Sides[0] {
		lines := fit(style, prose.Clean(o.Hosts[l.Host].Name), z.room()*0.25)
		if n := max(1, int((room-1)/leading(style))); len(lines) > n && z.names < 0.65*z.label {
			lines = append(lines[:n-1:n-1], lines[n-1]+"…")
		}
		h := max(vg.Length(len(lines))*leading(style)+1, least)
		names, heights = append(names, lines), append(heights, h)
		left, total = max(left, widest(style, lines)), total+h
	}
	most := int64(1)
	for _, l := range slices.Concat(o.Sides...) {
		most = max(most, l.Limit, l.Used())
	}
	f.bodyHeight = total + foot
	f.body = func(c draw.Canvas) {
		data := drawSides(draw.Crop(c, left+6, -z.tick, 0, 0), o, z, 0, func(i int, width vg.Length) axes {
			x := axis{label: withUnit(o.Resources[o.Resource].Name, o.Resources[o.Resource].Unit), format: sizeText, most: int(width / (4.5 * z.tick))}
			return newRows(z, x.over(0, -1, []float64{float64(most)}), total, hostBars(o, o.Sides[i], heights, z))
		})
		style.XAlign = text.XRight
		top := data.Max.Y
		for i, lines := range names {
			h := heights[i] * data.Size().Y / total
			drawLines(c, style, lines, c.Min.X+left, top-(h-vg.Length(len(lines))*leading(style))/2)
			top -= h
		}
	}
}

// thinnest is the least width that a VM is drawn with as a part of its own.
const thinnest = vg.Length(2)

func hostBars(o occupancy.Occupancy, loads []occupancy.Load, heights []vg.Length, z size) marks {
	return func(c draw.Canvas, p *plot.Plot) {
		x, y := p.Transforms(&c)
		top := p.Y.Max
		for i, l := range loads {
			h := float64(heights[i])
			bottom, above := y(top-0.86*h), y(top-0.14*h)
			top -= h
			sum, from := int64(0), x(0)
			for k, v := range l.VMs {
				sum += v.Demand
				to := x(float64(sum))
				last := k+1 == len(l.VMs) || l.VMs[k+1].Fate != v.Fate
				if to-from < thinnest && !last {
					continue // together with the next
				}
				part := rect(from, bottom, to, above)
				drawPart(c, o.VMs[v.VM].Name, areaOf(v.Fate), part, z)
				from = to
			}
			outline(c, thinLine, rect(x(0), bottom, x(float64(l.Limit)), above))
		}
	}
}

// drawPart draws a part of a bar, with its name if it has room for that.
func drawPart(c draw.Canvas, name string, a *area, part vg.Rectangle, z size) {
	a.fill(c, part)
	edge := draw.LineStyle{Color: color.White, Width: min(1, 0.15*part.Size().X)} // or many narrow parts look white
	c.StrokeLine2(edge, part.Max.X, part.Min.Y, part.Max.X, part.Max.Y)
	name = prose.Clean(name)
	style := centred(z.small*0.9, ink)
	if style.Width(name)+3 <= part.Size().X && style.Font.Size*1.1 <= part.Size().Y {
		drawLabel(c, style, name, part, a.color, a.rising || a.falling)
	}
}

func (f *Figure) hostProfile(o occupancy.Occupancy) {
	z := f.size
	const narrowest = vg.Length(1.6) // of a group of hosts
	groups := int(z.room() * 0.8 / vg.Length(len(o.Sides)) / narrowest)
	var profiles [][]occupancy.Group
	most, usable := 1.0, 0
	for _, side := range o.Sides {
		profile := occupancy.ByFullness(side, groups)
		profiles, usable = append(profiles, profile), 0
		for _, g := range profile {
			usable += g.Hosts
			most = max(most, g.Full())
		}
	}
	if usable == 0 {
		f.Caption += "No host may be used at all."
		f.legend = nil
		return
	}
	bar := "a host"
	if n := profiles[0][0].Hosts; n > 1 {
		bar = fmt.Sprintf("the mean of %d hosts", n)
	}
	f.Caption += fmt.Sprintf("Hosts are sorted by how full they are, the fullest first, on each side anew; a bar is %s.", bar)
	if n := len(o.Sides[0]) - usable; n > 0 {
		f.Caption += fmt.Sprintf(" Left out: %s that may not be used at all.", prose.Count(n, "host"))
	}
	f.bodyHeight = z.height*0.9 + leading(textStyle(z.label, ink, true))
	f.body = func(c draw.Canvas) {
		labelled := leading(textStyle(z.label, ink, false)) + labelGap // the first side has the label
		drawSides(draw.Crop(c, labelled, -z.tick, 0, 0), o, z, labelled, func(i int, width vg.Length) axes {
			x := axis{label: "hosts, fullest first", format: sizeText, step: 1, most: int(width / (5 * z.tick))}
			y := shareAxis("")
			if i == 0 {
				y.label = "used of the limit, " + o.Resources[o.Resource].Name
			}
			a := newAxes(z, x.over(0, float64(usable)), y.over(0, -1, []float64{most}))
			a.Add(hostSteps(profiles[i]), &plotter.Grid{Horizontal: gridLine})
			return a
		})
	}
}

// hostSteps draws groups of hosts as bars, what stays below and what changes on it.
func hostSteps(groups []occupancy.Group) marks {
	return func(c draw.Canvas, p *plot.Plot) {
		x, y := p.Transforms(&c)
		from := make([]float64, len(groups)) // where the next fate begins
		for fate := range occupancy.Fates {
			// One outline for all bars, or seams would show between them.
			var bars []vg.Rectangle
			var upper, lower []vg.Point
			hosts := 0
			for i, g := range groups {
				bar := rect(x(float64(hosts)), y(from[i]), x(float64(hosts+g.Hosts)), y(from[i]+g.Share[fate]))
				upper = append(upper, vg.Point{X: bar.Min.X, Y: bar.Max.Y}, bar.Max)
				lower = append(lower, bar.Min, vg.Point{X: bar.Max.X, Y: bar.Min.Y})
				bars = append(bars, bar)
				from[i] += g.Share[fate]
				hosts += g.Hosts
			}
			slices.Reverse(lower)
			a := areaOf(fate)
			c.FillPolygon(a.color, append(upper, lower...))
			for _, bar := range bars {
				a.lines(c, bar)
			}
		}
	}
}
