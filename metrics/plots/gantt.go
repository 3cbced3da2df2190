package plots

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/cloudrearrange/rearrange/cloud/occupancy"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/metrics/stats"
)

// Chart is what a Gantt chart is drawn from. Times are in its unit, "ms" or "step", from 0.
type Chart struct {
	Title, Caption string
	Unit, Noun     string // of times, and for a lane
	End, Bound     int64  // the makespan and a lower bound on it, 0 for none
	Lanes          []Lane // the most important first: the last ones are left out where there is no room
	Strips         []Lane // below them
}

// Lane is a place, such as a host or a link, and what leaves it and comes to it; or a strip with a share that is in use.
type Lane struct {
	Name    string
	Out, In []Bar
	Use     stats.Curve

	rows        [][]Bar   // those of Out first
	row, height vg.Length // of a row, and of all with their margin
}

// Bar is a step.
type Bar struct {
	Name       string
	Start, End int64
	Kind       BarKind
	Critical   int // position in the critical path, from 1; 0 for none

	at      vg.Rectangle
	arrives bool
}

// BarKind is what kind of step a bar is.
type BarKind uint8

// The kinds of bars.
const (
	Direct BarKind = iota
	BypassStep
	PauseStep   // a suspend or a resume
	OutsideStep // a shutdown or a provision
	criticalStep
)

// area is how bars of a kind are drawn, and what the legend says of them.
func (k BarKind) area() (area, string) {
	a := area{color: seriesOf([...]int{5, 5, 3, 2, 1}[k]).color, rising: k == BypassStep}
	return a, [...]string{"migration", "bypass", "suspend, resume", "shutdown, provision", "on the critical path"}[k]
}

const mostLanes = 60

// Gantt draws a schedule in one of [Sizes]: lanes with a bar for each step, 60 at most and as many as a page has room for, in natural
// order. Bars of the critical path are joined.
func Gantt(c Chart, sizeName string) Figure {
	f := Figure{Name: "gantt", Title: c.Title, Caption: c.Caption, size: sizeNamed(sizeName)}
	if len(c.Lanes) > 0 && c.End > 0 {
		f.gantt(c)
	}
	return f
}

func (f *Figure) gantt(c Chart) {
	z := f.size
	f.ganttLegend(c)
	names := textStyle(min(z.tick, z.names)*0.95, ink, false)
	tall, foot, most := names.Font.Size*1.1, z.label*4.2, min(mostLanes, len(c.Lanes))
	title := func(shown int) string {
		return fmt.Sprintf("%s; %d of %s", c.Title, shown, prose.Count(len(c.Lanes), c.Noun))
	}
	f.Title = title(mostLanes) // takes room
	room := f.room() - placeLegend(f.legend, z).height - foot - vg.Length(len(c.Strips))*2*tall
	all, lanes := slices.Clone(c.Lanes[:most]), []Lane(nil)
	for i, l := range all {
		all[i].rows = slices.Concat(barRows(l.Out, false), barRows(l.In, true))
	}
	for row := z.label * 1.3; len(lanes) < most && row > 2.5; row *= 0.9 {
		lanes = lanes[:0]
		var sum vg.Length
		for _, l := range all {
			l.row = min(row, room/3/vg.Length(len(l.rows)))
			l.height = max(vg.Length(len(l.rows))*l.row+2, tall)
			if sum += l.height; sum > room {
				break
			}
			lanes = append(lanes, l)
		}
	}
	if f.Title = c.Title; len(lanes) < len(c.Lanes) {
		f.Title = title(len(lanes))
	}
	slices.SortStableFunc(lanes, func(a, b Lane) int { return prose.Natural(a.Name, b.Name) })
	for _, l := range c.Strips {
		l.height = 2 * tall
		lanes = append(lanes, l)
	}
	var left, total vg.Length
	for i := range lanes {
		l := &lanes[i]
		l.Name = cut(names, prose.Clean(l.Name), z.room()*0.3)
		left, total = max(left, names.Width(l.Name)), total+l.height
	}
	x, scale := timeAxis(c.End, c.Unit)
	drawing := newRows(z, x.over(0, -1, []float64{float64(c.End) / scale}), total, func(data draw.Canvas, p *plot.Plot) {
		tx, _ := p.Transforms(&data)
		at := func(t float64) vg.Length { return tx(t / scale) }
		drawLanes(data, lanes, names, z, at)
		if c.Bound > 0 {
			data.StrokeLine2(dotted, at(float64(c.Bound)), data.Min.Y, at(float64(c.Bound)), data.Max.Y)
		}
	})
	f.bodyHeight = total + foot
	f.body = func(c draw.Canvas) { drawing.draw(draw.Crop(c, left+6, -z.tick, 0, 0)) }
}

func (f *Figure) ganttLegend(c Chart) {
	there := map[BarKind]bool{}
	for _, l := range c.Lanes {
		for _, b := range slices.Concat(l.Out, l.In) {
			there[b.Kind] = true
			there[criticalStep] = there[criticalStep] || b.Critical > 0
		}
	}
	for k := range criticalStep + 1 {
		if a, name := k.area(); there[k] {
			f.legend = append(f.legend, series{name: name, area: &a})
		}
	}
	if slices.ContainsFunc(c.Lanes, func(l Lane) bool { return len(l.In) > 0 }) {
		f.Caption += " Departures are drawn above arrivals, which are paler."
	}
	if c.Bound > 0 {
		f.Caption += " Dotted line: no schedule ends earlier."
	}
}

// barRows puts bars into rows that keep them apart.
func barRows(bars []Bar, arrive bool) [][]Bar {
	bars = slices.Clone(bars)
	for i := range bars {
		bars[i].arrives = arrive
	}
	slices.SortStableFunc(bars, func(a, b Bar) int { return cmp.Compare(a.Start, b.Start) })
	return inRows(bars, func(b, next Bar) bool { return b.End <= next.Start })
}

// cut is a text no wider than room: names often differ at one end only, so it loses its middle.
func cut(style text.Style, s string, room vg.Length) string {
	runes := []rune(s)
	for n := len(runes) - 1; style.Width(s) > room && n > 1; n-- {
		s = string(runes[:n/2]) + "…" + string(runes[len(runes)-(n-n/2):])
	}
	return s
}

// timeAxis is an axis for times up to an end, in a unit of which there are three at least, and how long that is.
func timeAxis(end int64, unit string) (axis, float64) {
	if unit == "step" {
		return axis{label: unit, step: 1}, 1
	}
	scale := 1.0
	for _, u := range []struct {
		name string
		ms   float64
	}{{"s", 1e3}, {"min", 60e3}, {"h", 3600e3}, {"d", 86400e3}} {
		if float64(end) >= 3*u.ms {
			unit, scale = u.name, u.ms
		}
	}
	return axis{label: withUnit("time", unit)}, scale
}

// drawLanes draws lanes from the top, what joins the bars of the critical path behind all bars.
func drawLanes(c draw.Canvas, lanes []Lane, names text.Style, z size, at func(float64) vg.Length) {
	names.XAlign, names.YAlign = text.XRight, text.YCenter
	var bars []Bar
	chain := map[int]vg.Rectangle{}
	top := c.Max.Y
	for _, l := range lanes {
		c.StrokeLine2(gridLine, c.Min.X, top, c.Max.X, top)
		c.FillText(names, vg.Point{X: c.Min.X - 5, Y: top - l.height/2}, l.Name)
		y := top - (l.height-vg.Length(len(l.rows))*l.row)/2
		for _, row := range l.rows {
			for _, b := range row {
				from := at(float64(b.Start))
				b.at = rect(from, y-0.92*l.row, max(at(float64(b.End)), from+0.4), y-0.04*l.row)
				bars = append(bars, b)
				if _, twice := chain[b.Critical]; b.Critical > 0 && !twice {
					chain[b.Critical] = b.at
				}
			}
			y -= l.row
		}
		if top -= l.height; len(l.Use.Steps) > 0 {
			points := []vg.Point{{X: at(l.Use.Steps[0].X), Y: top}}
			for _, s := range l.Use.Steps {
				points = append(points, vg.Point{X: at(s.X), Y: top + l.height*0.8*vg.Length(min(s.Y, 1))})
			}
			c.FillPolygon(areaOf(occupancy.Stays).color, stairs(points))
			c.StrokeLine2(dotted, c.Min.X, top+l.height*0.8, c.Max.X, top+l.height*0.8)
		}
	}
	for _, k := range slices.Sorted(maps.Keys(chain)) {
		if next, ok := chain[k+1]; ok {
			join := draw.LineStyle{Color: seriesOf(1).color, Width: 0.8}
			c.StrokeLine2(join, next.Min.X, chain[k].Max.Y, next.Min.X, next.Max.Y)
		}
	}
	for _, b := range bars {
		a, _ := b.Kind.area()
		if b.Critical > 0 {
			critical, _ := criticalStep.area()
			a.color = critical.color
		}
		if b.arrives {
			for _, v := range []*uint8{&a.color.R, &a.color.G, &a.color.B} {
				*v = 0xFF - (0xFF-*v)/2
			}
		}
		drawPart(c, b.Name, &a, b.at, z)
	}
}
