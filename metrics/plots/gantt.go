package plots

import (
	"cmp"
	"fmt"
	"image/color"
	"maps"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/cloudrearrange/rearrange/cloud/prose"
)

// Chart is what a Gantt chart is drawn from. Times are in its unit, "ms" or "step", from 0.
type Chart struct {
	Title, Caption string
	Unit           string
	End, Bound     int64   // the makespan and a lower bound on it, 0 for none
	Noun           string  // for a lane
	Lanes          []Lane  // the most important first: the last ones are left out where there is no room
	Strips         []Strip // below the lanes
}

// Lane is a place, such as a host or a link.
type Lane struct {
	Name    string
	Out, In []Bar // what leaves it and what comes to it, or only the former
}

// Bar is a step.
type Bar struct {
	Name       string
	Start, End int64
	Kind       BarKind
	Critical   int // position in the critical path, from 1; 0 for none
}

// BarKind is what kind of step a bar is.
type BarKind uint8

// The kinds of bars.
const (
	Direct BarKind = iota
	Bypassing
	Pausing    // a suspend or a resume
	OutsideBar // a shutdown or a provision
	barKinds
)

// Strip is how much of something is in use over time, as a share.
type Strip struct {
	Name   string
	Levels []Level
}

// Level holds from an instant until the next level.
type Level struct {
	At    int64
	Share float64
}

func (k BarKind) String() string {
	return [...]string{"migration", "bypass", "suspend, resume", "shutdown, provision"}[k]
}

func (k BarKind) area(critical bool) area {
	a := area{color: seriesOf([...]int{5, 5, 3, 2}[k]).color, rising: k == Bypassing}
	if critical {
		a.color = seriesOf(1).color
	}
	return a
}

const mostLanes = 60

// Gantt draws a schedule in one of [Sizes]: lanes with a bar for each step, at most 60 and as many as a page has room for, in natural
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
	if c.Bound > 0 {
		f.Caption += " Dotted line: no schedule ends earlier."
	}
	title := func(shown int) string {
		return fmt.Sprintf("%s; %d of %s", c.Title, shown, prose.Count(len(c.Lanes), c.Noun))
	}
	f.Title = title(mostLanes) // takes room
	names := textStyle(min(z.tick, z.names)*0.95, ink, false)
	tall, foot, strip := names.Font.Size*1.1, z.label*4.2, names.Font.Size*2
	room := f.room() - placeLegend(f.legend, z).height - foot - vg.Length(len(c.Strips))*strip
	var lanes []lane
	for row := z.label * 1.3; ; row *= 0.9 {
		var sum vg.Length
		lanes = lanes[:0]
		for i := range c.Lanes[:min(mostLanes, len(c.Lanes))] {
			l := layLane(&c.Lanes[i], row, tall, room/3)
			if sum += l.height; sum > room {
				break
			}
			lanes = append(lanes, l)
		}
		if row < 2.5 || len(lanes) == min(mostLanes, len(c.Lanes)) {
			break
		}
	}
	if f.Title = c.Title; len(lanes) < len(c.Lanes) {
		f.Title = title(len(lanes))
	}
	slices.SortStableFunc(lanes, func(a, b lane) int { return prose.Natural(a.Name, b.Name) })
	for _, s := range c.Strips {
		lanes = append(lanes, lane{Lane: &Lane{Name: s.Name}, height: strip, levels: s.Levels})
	}
	var left, total vg.Length
	for i := range lanes {
		l := &lanes[i]
		l.name = cut(names, prose.Clean(l.Name), z.room()*0.3)
		left, total = max(left, names.Width(l.name)), total+l.height
	}
	x, scale := timeAxis(c.End, c.Unit)
	f.bodyHeight = total + foot
	f.body = func(canvas draw.Canvas) {
		a := newAxes(z, x.over(0, -1, []float64{float64(c.End) / scale}), axis{})
		a.HideY()
		a.Y.Min, a.Y.Max = 0, float64(total)
		a.Add(&plotter.Grid{Vertical: gridLine}, marks(func(data draw.Canvas, p *plot.Plot) {
			toX, _ := p.Transforms(&data)
			at := func(t int64) vg.Length { return toX(float64(t) / scale) }
			drawLanes(data, lanes, z, at)
			if c.Bound > 0 {
				data.StrokeLine2(dotted, at(c.Bound), data.Min.Y, at(c.Bound), data.Max.Y)
			}
			names.XAlign, names.YAlign = text.XRight, text.YCenter
			top := data.Max.Y
			for _, l := range lanes {
				data.FillText(names, vg.Point{X: data.Min.X - 5, Y: top - l.height/2}, l.name)
				top -= l.height
			}
		}))
		a.draw(draw.Crop(canvas, left+6, -z.tick, 0, 0))
	}
}

func (f *Figure) ganttLegend(c Chart) {
	var kinds [barKinds]bool
	arrives, critical := false, false
	for _, l := range c.Lanes {
		for _, b := range slices.Concat(l.Out, l.In) {
			kinds[b.Kind], critical = true, critical || b.Critical > 0
		}
		arrives = arrives || len(l.In) > 0
	}
	for k, there := range kinds {
		if a := BarKind(k).area(false); there {
			f.legend = append(f.legend, series{name: BarKind(k).String(), area: &a})
		}
	}
	if critical {
		a := Direct.area(true)
		f.legend = append(f.legend, series{name: "on the critical path", area: &a})
	}
	if arrives {
		f.Caption += " Of each host, what leaves it stands above what comes to it, which is paler."
	}
}

// lane is a [Lane], or a strip, with its place in the picture.
type lane struct {
	*Lane
	name        string
	out, in     [][]Bar // rows of bars that keep apart
	row, height vg.Length
	levels      []Level
}

// layLane puts the bars of a lane into rows of a height, less where there are many.
func layLane(l *Lane, row, tall, most vg.Length) lane {
	out := lane{Lane: l, out: intoRows(l.Out), in: intoRows(l.In)}
	n := vg.Length(len(out.out) + len(out.in))
	out.row = min(row, most/n)
	out.height = max(n*out.row+2, tall)
	return out
}

// intoRows puts bars into as few rows as keep them apart: each, in the order of starts, into the first that is free.
func intoRows(bars []Bar) (rows [][]Bar) {
	bars = slices.Clone(bars)
	slices.SortStableFunc(bars, func(a, b Bar) int { return cmp.Compare(a.Start, b.Start) })
	for _, b := range bars {
		i := slices.IndexFunc(rows, func(row []Bar) bool { return row[len(row)-1].End <= b.Start })
		if i < 0 {
			i, rows = len(rows), append(rows, nil)
		}
		rows[i] = append(rows[i], b)
	}
	return rows
}

// cut is a text no wider than room: names often differ at one end only, so it loses its middle.
func cut(style text.Style, s string, room vg.Length) string {
	runes := []rune(s)
	for n := len(runes) - 1; style.Width(s) > room && n > 1; n-- {
		s = string(runes[:n/2]) + "…" + string(runes[len(runes)-(n-n/2):])
	}
	return s
}

// timeAxis is an axis for times up to an end, and how many of its units one of people's is.
func timeAxis(end int64, unit string) (axis, float64) {
	if unit == "step" {
		return axis{label: "step", step: 1}, 1
	}
	of, scale := "ms", 1.0
	for _, u := range []struct {
		name  string
		least int64 // the shortest time that is told in it
		ms    float64
	}{{"s", 3e3, 1e3}, {"min", 180e3, 60e3}, {"h", 3 * 3600e3, 3600e3}, {"d", 3 * 86400e3, 86400e3}} {
		if end >= u.least {
			of, scale = u.name, u.ms
		}
	}
	return axis{label: withUnit("time", of)}, scale
}

// drawLanes draws lanes from the top. What joins the bars of the critical path goes behind all bars.
func drawLanes(c draw.Canvas, lanes []lane, z size, at func(int64) vg.Length) {
	var drawn []drawnBar
	chain := map[int]vg.Rectangle{}
	top := c.Max.Y
	for _, l := range lanes {
		c.StrokeLine2(gridLine, c.Min.X, top, c.Max.X, top)
		y := top - (l.height-vg.Length(len(l.out)+len(l.in))*l.row)/2
		for i, row := range slices.Concat(l.out, l.in) {
			for _, b := range row {
				r := rect(at(b.Start), y-0.92*l.row, max(at(b.End), at(b.Start)+0.4), y-0.04*l.row)
				drawn = append(drawn, drawnBar{b, r, i >= len(l.out)})
				if _, twice := chain[b.Critical]; !twice {
					chain[b.Critical] = r
				}
			}
			y -= l.row
		}
		l.draw(c, top, at)
		top -= l.height
	}
	delete(chain, 0)
	for _, k := range slices.Sorted(maps.Keys(chain)) {
		if next, ok := chain[k+1]; ok {
			join := draw.LineStyle{Color: seriesOf(1).color, Width: 0.8}
			c.StrokeLine2(join, next.Min.X, chain[k].Max.Y, next.Min.X, next.Max.Y)
		}
	}
	for _, b := range drawn {
		a := b.Kind.area(b.Critical > 0)
		if b.arrives {
			a.color = paler(a.color)
		}
		a.fill(c, b.Rectangle)
		edge := draw.LineStyle{Color: color.White, Width: min(0.8, 0.15*b.Size().X)} // or many narrow bars look white
		c.StrokeLine2(edge, b.Max.X, b.Min.Y, b.Max.X, b.Max.Y)
		drawName(c, prose.Clean(b.Name), &a, b.Rectangle, z)
	}
}

type drawnBar struct {
	Bar
	vg.Rectangle
	arrives bool
}

// draw draws a strip: the share in use, up to a line where all is.
func (l *lane) draw(c draw.Canvas, top vg.Length, at func(int64) vg.Length) {
	if l.levels == nil {
		return
	}
	bottom, full := top-l.height, l.height*0.8
	points := []vg.Point{{X: at(l.levels[0].At), Y: bottom}}
	for i, level := range l.levels {
		y := bottom + full*vg.Length(min(level.Share, 1))
		points = append(points, vg.Point{X: at(level.At), Y: points[len(points)-1].Y}, vg.Point{X: at(level.At), Y: y})
		if i+1 == len(l.levels) {
			points = append(points, vg.Point{X: at(level.At), Y: bottom})
		}
	}
	c.FillPolygon(color.NRGBA{0xBF, 0xCC, 0xD6, 0xFF}, points)
	c.StrokeLine2(dotted, c.Min.X, bottom+full, c.Max.X, bottom+full)
}

// paler is a colour half way to white.
func paler(c color.NRGBA) color.NRGBA {
	half := func(v uint8) uint8 { return 0xFF - (0xFF-v)/2 }
	return color.NRGBA{half(c.R), half(c.G), half(c.B), 0xFF}
}
