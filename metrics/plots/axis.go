package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// axis is one axis of a plot. On a logarithmic one, zeros have a place before the least value.
type axis struct {
	label  string
	column string               // in data, with the unit; the label if empty
	format func(float64) string // of numbers at ticks; number if nil
	log    bool                 // unless a parameter says otherwise
	floor  float64              // what values cannot be below; linear axes begin there
	step   float64              // that ticks of a linear axis are apart at least
	most   int                  // of labelled ticks on a linear axis; 0 is 7
	none   string               // label of a place beyond the greatest value, for what has none; empty without it
	fixed  []plot.Tick          // in place of all others

	lo, hi         float64 // the least and the greatest value that have their place
	zeroAt, noneAt float64 // places aside
	min, max       float64 // the ends
}

// aside is the share of an axis between its values and a place aside; half is beyond that.
const aside = 0.11

func axisParams(name string) []spec.Param {
	return []spec.Param{
		labelParam(name),
		{
			Name: name + "-min", Type: spec.Float, Bounds: spec.Between(0, math.Inf(1)),
			Doc: "where the axis begins, in the unit of its data; shares are numbers from 0 to 1",
		},
		{Name: name + "-max", Type: spec.Float, Bounds: spec.Between(0, math.Inf(1)), Doc: "where it ends, above 0"},
		{
			Name: name + "-scale", Type: spec.Choice, Choices: []string{"auto", "linear", "log"}, Default: "auto",
			Doc: "linear or logarithmic; auto leaves it to the plot",
		},
	}
}

func labelParam(axis string) spec.Param {
	return spec.Param{Name: axis + "-label", Type: spec.String, Doc: "label of the axis in place of the plot's own"}
}

func axisArgs(a spec.Args, name string) error {
	from, to := name+"-min", name+"-max"
	if a.Has(to) && a.Float(from) >= a.Float(to) {
		return fmt.Errorf("%s=%g leaves nothing below %s=%g", from, a.Float(from), to, a.Float(to))
	}
	if a.Has(from) && a.Float(from) == 0 && a.String(name+"-scale") == "log" {
		return fmt.Errorf("%s=0 has no place on a logarithmic axis", from)
	}
	return nil
}

// fit scales the axis for some values as the parameters of that name ask for.
func (x axis) fit(a spec.Args, name string, values ...[]float64) axis {
	limit := func(end string) float64 {
		if a.Has(name + end) {
			return min(a.Float(name+end), 1e300)
		}
		return -1
	}
	from, to, scale := limit("-min"), limit("-max"), a.String(name+"-scale")
	x.log = scale == "log" || x.log && scale != "linear" && from != 0
	x.column = cmp.Or(x.column, x.label)
	if x.log {
		x.label += ", log scale"
	}
	x.label = cmp.Or(a.String(name+"-label"), x.label)
	return x.over(from, to, values...)
}

// over scales the axis for values from 0 on, between limits; one below 0 is none.
func (x axis) over(from, to float64, values ...[]float64) axis {
	lo, hi, zero := math.Inf(1), 0.0, false // of what is above 0
	for _, v := range slices.Concat(values...) {
		if v > 0 {
			lo, hi = min(lo, v), max(hi, v)
		}
		zero = zero || v <= 0
	}
	x.lo, x.hi = x.floor, max(hi, x.floor)
	if x.log {
		x.lo, x.hi = logRange(min(lo, cmp.Or(hi, 1)), cmp.Or(hi, 1))
		x.lo = max(x.lo, x.floor)
	} else if x.hi-x.lo <= 0.05*x.floor {
		x.hi = x.lo + cmp.Or(0.05*x.floor, 1)
	}
	if from >= 0 {
		if x.lo = from; x.hi <= x.lo {
			x.hi = 10 * x.lo
		}
	}
	if to > 0 {
		if x.hi = max(to, 1e-300); x.hi <= x.lo {
			x.lo = x.hi / 10
		}
	}
	x.min, x.max = x.lo, x.hi
	if from < 0 && (!x.log || x.floor > 0) { // what stands at the end shows whole
		x.min = x.on(-0.02)
	}
	if to < 0 && !x.log {
		x.max = x.on(1.02)
	}
	if zero && x.log {
		x.zeroAt, x.min = x.on(-aside), x.on(-1.5*aside)
	}
	if x.none != "" {
		x.noneAt, x.max = x.on(1+aside), x.on(1+1.5*aside)
	}
	return x
}

// on is the value at a share of the way from the least to the greatest.
func (x axis) on(share float64) float64 {
	if x.log {
		return x.lo * math.Pow(x.hi/x.lo, share)
	}
	return x.lo + share*(x.hi-x.lo)
}

// share is the inverse of on; what is below the least value is like it.
func (x axis) share(v float64) float64 {
	v = max(v, x.lo)
	if x.log {
		return math.Log(v/x.lo) / math.Log(x.hi/x.lo)
	}
	return (v - x.lo) / (x.hi - x.lo)
}

// at is where a value stands; NaN is none.
func (x axis) at(v float64) float64 {
	switch {
	case math.IsNaN(v):
		return x.noneAt
	case x.log && v <= 0:
		return cmp.Or(x.zeroAt, x.min)
	}
	return v
}

// ticks are the ticks of the axis; of the labels between places aside, each every-th is there.
func (x axis) ticks(every int) []plot.Tick {
	label := x.format
	if label == nil {
		label = prose.Number
	}
	values := slices.Clone(x.fixed)
	switch {
	case x.fixed != nil:
	case x.log:
		values = logTicks(x.lo, x.hi, label)
	default:
		values = linearTicks(x.lo, x.hi, cmp.Or(x.most, 7), x.step, label)
	}
	labels := 0
	for i := range values {
		if values[i].Label != "" {
			if labels%every > 0 {
				values[i].Label = ""
			}
			labels++
		}
	}
	if x.zeroAt > 0 {
		values = append([]plot.Tick{{Value: x.zeroAt, Label: "0"}}, values...)
	}
	if x.none != "" {
		values = append(values, plot.Tick{Value: x.noneAt, Label: x.none})
	}
	return values
}

// Note: gonum's LogTicks rounds towards 1 below 1, so it misses or overshoots
// decades, and labels nothing in a range within one decade. These do neither.

// logRange widens positive values to bounds at 1, 2 or 5 times a power of ten, far enough apart for labels.
func logRange(lo, hi float64) (float64, float64) {
	lo, hi = math.Max(lo, 1e-300), math.Min(math.Max(hi, lo), 1e300)
	nice := func(v float64, up bool) (bound float64) {
		power := math.Pow(10, math.Floor(math.Log10(v)))
		for _, s := range []float64{1, 2, 5, 10} {
			if below := bound < v*(1-1e-9); up && below || !up && s*power <= v*(1+1e-9) {
				bound = s * power
			}
		}
		return bound
	}
	a, b := nice(lo, false), nice(hi, true)
	if b < 5*a {
		a, b = nice(a/2, false), nice(b*2, true)
	}
	return a, b
}

// logTicks labels powers of ten, with 2 and 5 times those where there are few. Less than a decade has linear ticks.
func logTicks(lo, hi float64, label func(float64) string) []plot.Tick {
	if hi < 4.9*lo {
		return linearTicks(lo, hi, 5, 0, label)
	}
	first, last := int(math.Floor(math.Log10(lo)+1e-9)), int(math.Ceil(math.Log10(hi)-1e-9))
	decades := math.Log10(hi) - math.Log10(lo)
	every := max(1, int(math.Ceil(decades/8)))
	var ticks []plot.Tick
	for k := first; k <= last; k++ {
		for digit := 1.0; digit < 10; digit++ {
			v := digit * math.Pow(10, float64(k))
			if v < lo*(1-1e-9) || v > hi*(1+1e-9) || every > 1 && digit > 1 {
				continue
			}
			tick := plot.Tick{Value: v}
			if digit == 1 && k%every == 0 || decades <= 2.2 && (digit == 2 || digit == 5) {
				tick.Label = label(v)
			}
			ticks = append(ticks, tick)
		}
	}
	return ticks
}

// linearTicks labels multiples of 1, 2 or 5 times a power of ten, no closer than least.
func linearTicks(lo, hi float64, most int, least float64, label func(float64) string) []plot.Tick {
	step := linearStep(hi-lo, most, least)
	var ticks []plot.Tick
	for i := math.Ceil(lo/step-1e-9) + 0; i*step <= hi+step*1e-9; i++ { // + 0: never -0
		ticks = append(ticks, plot.Tick{Value: i * step, Label: label(i * step)})
	}
	return ticks
}

func linearStep(span float64, most int, least float64) float64 {
	if !(span > 0) {
		span = 1
	}
	base := math.Pow(10, math.Floor(math.Log10(span/float64(most))))
	for _, s := range []float64{1, 2, 5, 10} {
		if step := s * base; step >= least && span/step <= float64(most) {
			return step
		}
	}
	return math.Max(10*base, least)
}

// axes is a plot with the labels of its axes, which may take several lines.
//
// Note: gonum's own label of a logarithmic axis reserves its room in the wrong place,
// and so shrinks the plot; and a label longer than its axis is cut.
type axes struct {
	*plot.Plot
	z    size
	x, y axis
}

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

// newRows are axes for rows of a height in all, from the top.
func newRows(z size, x axis, height vg.Length, rows marks) axes {
	a := newAxes(z, x, axis{})
	a.HideY()
	a.Y.Min, a.Y.Max = 0, float64(height)
	a.Add(&plotter.Grid{Vertical: gridLine}, rows)
	return a
}

// inRows puts things, in the order in which they begin, into as few rows as keep them apart: each into the first that is free
// after the last one there.
func inRows[T any](things []T, free func(last, next T) bool) (rows [][]T) {
	for _, x := range things {
		i := slices.IndexFunc(rows, func(row []T) bool { return free(row[len(row)-1], x) })
		if i < 0 {
			i, rows = len(rows), append(rows, nil)
		}
		rows[i] = append(rows[i], x)
	}
	return rows
}

// labelGap is between a label and the numbers at the ticks, and between those.
const labelGap = vg.Length(4)

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

// keepApart labels each tick of an axis, or each second, and so on, so that labels keep apart.
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

type marks func(c draw.Canvas, p *plot.Plot)

func (m marks) Plot(c draw.Canvas, p *plot.Plot) { m(c, p) }

// The lines of grids, at the labelled ticks.
var (
	gridLine = draw.LineStyle{Color: pale, Width: 0.6}
	grid     = &plotter.Grid{Vertical: gridLine, Horizontal: gridLine}
)
