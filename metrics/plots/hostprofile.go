package plots

import (
	"fmt"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

// hostProfile makes the body of a figure out of hosts sorted by how full they are.
func (f *Figure) hostProfile(o summary.Occupancy, z size) {
	loads, headings := sides(o)
	const narrowest = vg.Length(1.6) // of a group of hosts
	groups := int(z.room() * 0.8 / vg.Length(len(loads)) / narrowest)
	var profiles [][]summary.Fullest
	most, leftOut := 1.0, 0
	for _, side := range loads {
		var p []summary.Fullest
		p, leftOut = summary.ByFullness(side, groups)
		for _, g := range p {
			sum := 0.0
			for _, s := range g.Share {
				sum += s
			}
			most = max(most, sum)
		}
		profiles = append(profiles, p)
	}
	if len(profiles[0]) == 0 {
		f.Caption += "No host may be used at all."
		f.Legend, f.styles = nil, nil
		return
	}
	bar := "a host"
	if n := profiles[0][0].Hosts; n > 1 {
		bar = fmt.Sprintf("the mean of %d hosts", n)
	}
	f.Caption += fmt.Sprintf("Hosts are sorted by how full they are, the fullest first, on each side anew; a bar is %s.", bar)
	if leftOut > 0 {
		f.Caption += fmt.Sprintf(" Left out: %s that may not be used at all.", prose.Count(leftOut, "host"))
	}
	title := textStyle(z.label, ink, true)
	f.bodyHeight = z.height*0.9 + leading(title)
	f.body = func(c draw.Canvas) {
		labelled := leading(textStyle(z.label, ink, false)) + labelGap // the first side has the label
		for i, part := range split(draw.Crop(c, labelled, -z.tick, 0, 0), len(loads)) {
			p := newPlot(z)
			p.X.Min, p.X.Max = 0, float64(len(o.Before)-leftOut)
			p.X.Tick.Marker = linearTicks{most: int(part.Size().X / (5 * z.tick)), least: 1, label: plain}
			p.Y.Min, p.Y.Max = 0, most*1.03
			p.Y.Tick.Marker = linearTicks{most: 6, label: func(v float64) string { return fmt.Sprintf("%.0f %%", 100*v) }}
			p.Add(hostSteps{profiles[i]}, grid{y: true})
			label := ""
			if i == 0 {
				label = "used of the limit, " + o.Instance.Resources[o.Resource].Name
				part.Min.X -= labelled
			}
			a := axes{p, z, "hosts, fullest first", label}
			part.Max.Y -= leading(title)
			drawLines(c, title, []string{headings[i]}, a.data(part).Min.X, c.Max.Y)
			a.draw(part)
		}
	}
}

// hostSteps draws groups of hosts as bars, what stays below and what changes on it.
type hostSteps struct{ groups []summary.Fullest }

// Plot implements plot.Plotter.
func (s hostSteps) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	from := make([]float64, len(s.groups)) // where the next fate begins
	for fate := range summary.Fates {
		// One outline for all bars, or seams would show between them.
		var bars []vg.Rectangle
		var upper, lower []vg.Point
		hosts := 0
		for i, g := range s.groups {
			bar := vg.Rectangle{
				Min: vg.Point{X: x(float64(hosts)), Y: y(from[i])},
				Max: vg.Point{X: x(float64(hosts + g.Hosts)), Y: y(from[i] + g.Share[fate])},
			}
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
