package plots

import (
	"fmt"
	"image/color"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

func scatterPlot() spec.Descriptor {
	return spec.Descriptor{
		Name:     "scatter",
		Synopsis: "two algorithms case by case in one metric, with those cases that only one solves",
		Doc: "Below the diagonal the algorithm on the vertical axis is the better one. Cases in which one algorithm has no value stand " +
			"beyond the other's axis. It applies where there are two algorithms.",
		Params: []spec.Param{
			columnParam("metric", "cost", "what is compared"),
			{Name: "x", Type: spec.String, Doc: "the algorithm on the horizontal axis; unless given, of those that solve most, the second"},
			{Name: "y", Type: spec.String, Doc: "the algorithm on the vertical axis; unless given, the one that solves most"},
		},
		Citation: "Brain, Davenport, Griggio, Benchmarking Solvers, SAT-style, SC² 2017, " +
			"http://ceur-ws.org/Vol-1974/RP3.pdf (scatter plots)",
	}
}

func scatter(f *Figure, s *summary.Summary, a spec.Args) {
	col := columnOf(s, a, "metric")
	f.Title, f.Timed = sentenceCase(what(col))+" of two algorithms, case by case", col.Timed
	i, j, err := s.TwoAlgorithms(a.String("x"), a.String("y"))
	if err != nil {
		f.notApplicable(err.Error())
		return
	}
	p := s.Pairs(col, i, j)
	both, nameX, nameY := len(p.Points), s.Label(p.X), s.Label(p.Y)
	f.Caption = fmt.Sprintf("Both have a value in %s: %s the smaller one in %d (below the diagonal), %s in %d, equal ones in %d. "+
		"Only %s has one in %d, only %s in %d (beyond the axes), neither in %d.",
		cases(both), nameY, p.Less, nameX, p.More, p.Same, nameY, len(p.OnlyY), nameX, len(p.OnlyX), p.Neither) +
		elsewhere(p.NotRun, "that not both were run on")
	pairs := slices.Concat(p.Points, p.OnlyX, p.OnlyY)
	if len(pairs) == 0 {
		return
	}
	var values []float64
	for _, q := range pairs {
		values = append(values, q.X, q.Y)
	}
	x, y := axisOf(col), axisOf(col)
	if len(pairs) > both {
		x.none, y.none = "none", "none"
	}
	x.label, y.label = x.label+", "+nameX, y.label+", "+nameY
	x, y = x.fit(a, "x", values), y.fit(a, "y", values)
	f.columns = []string{"instance", x.column + ", " + nameX, x.column + ", " + nameY}
	f.rows = func() (out [][]any) {
		for _, q := range pairs {
			out = append(out, []any{q.Instance, q.X, q.Y})
		}
		return out
	}

	points := dots{z: f.size, x: x, y: y}
	blue, vermilion := seriesOf(0), seriesOf(1)
	blue.points, vermilion.points = true, true
	blue.name, vermilion.name = "both have a value", "only one has"
	for i, q := range pairs {
		d := dot{x: q.X, y: q.Y, style: blue}
		if i >= both {
			d.style = vermilion
		}
		points.list = append(points.list, d)
	}
	if f.legend = []series{blue}; x.none != "" {
		f.legend = append(f.legend, vermilion)
	}
	f.Caption += " Dashed: a factor of 2 and of 10." + points.thinned()
	drawing := newAxes(f.size, x, y)
	drawing.Add(grid, diagonals(x, y), &points)
	f.bodyHeight = min(f.size.room(), 1.25*f.size.height+50)
	f.body = func(c draw.Canvas) {
		side := (c.Size().X - c.Size().Y) / 2 // a square
		drawing.draw(draw.Crop(c, side, -side, 0, 0))
	}
}

// sampled is a curve of n pieces, or one if it is straight.
func sampled(n int, straight bool, at func(share float64) vg.Point) []vg.Point {
	if straight {
		n = 1
	}
	line := make([]vg.Point, n+1)
	for i := range line {
		line[i] = at(float64(i) / float64(n))
	}
	return line
}

// diagonals draws where two values are equal, and where they differ by a factor.
func diagonals(ax, ay axis) marks {
	return func(c draw.Canvas, p *plot.Plot) {
		x, y := p.Transforms(&c)
		style := thinLine
		if ax.none != "" { // what is beyond is no number
			c.StrokeLine2(style, x(ax.hi), c.Min.Y, x(ax.hi), c.Max.Y)
			c.StrokeLine2(style, c.Min.X, y(ay.hi), c.Max.X, y(ay.hi))
		}
		for _, f := range []float64{1, 2, 0.5, 10, 0.1} {
			if lo, hi := max(ax.lo, ay.lo/f), min(ax.hi, ay.hi/f); lo < hi {
				c.StrokeLines(style, sampled(32, ax.log == ay.log, func(at float64) vg.Point {
					v := lo + (hi-lo)*at
					return vg.Point{X: x(v), Y: y(v * f)}
				}))
			}
			style.Dashes = []vg.Length{2, 2}
		}
	}
}

// mostDots is how many points a picture has before those that fall together are drawn once.
const mostDots = 2000

// dots draws points. Of very many, one is drawn in each small square, and larger the more there are.
type dots struct {
	z    size
	x, y axis
	list []dot
}

type dot struct {
	x, y  float64 // NaN: none, for which the axis has a place
	style series
	// least: the value is at least y, and an arrow points to where it may be.
	least bool
}

func (k *dots) thinned() string {
	if len(k.list) <= mostDots {
		return ""
	}
	return fmt.Sprintf(" Of the %d points, those that nearly coincide are drawn as one, which is larger for 10 or more, and for 100 or more.", len(k.list))
}

func (k *dots) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	place := func(d dot) vg.Point { return vg.Point{X: x(k.x.at(d.x)), Y: y(k.y.at(d.y))} }
	few := len(k.list) <= mostDots
	cell := 2 * k.z.marker
	type square struct {
		column, row int
		color       color.NRGBA // one per style
		least       bool
	}
	first, counts := map[square]int{}, make([]int, len(k.list))
	for i, d := range k.list {
		if point := place(d); c.Contains(point) {
			key := square{int((point.X - c.Min.X) / cell), int((point.Y - c.Min.Y) / cell), d.style.color, d.least}
			if _, seen := first[key]; !seen || few {
				first[key] = i
			}
			counts[first[key]]++
		}
	}
	for i, d := range k.list {
		if counts[i] > 0 {
			k.mark(c, place(d), d, counts[i])
		}
	}
}

func (k *dots) mark(c draw.Canvas, at vg.Point, d dot, n int) {
	radius := k.z.marker * 0.75
	for ; n >= 10 && radius < k.z.marker*1.3; n /= 10 {
		radius *= 1.3
	}
	if d.least {
		tip := vg.Point{X: at.X, Y: at.Y + radius + k.z.marker*1.8}
		wing := k.z.marker * 0.55
		style := draw.LineStyle{Color: d.style.color, Width: k.z.line * 0.5}
		c.StrokeLine2(style, at.X, at.Y, tip.X, tip.Y)
		c.StrokeLines(style, []vg.Point{{X: tip.X - wing, Y: tip.Y - wing}, tip, {X: tip.X + wing, Y: tip.Y - wing}})
	}
	drawDot(c, draw.GlyphStyle{Color: faded(d.style.color, 0.7), Radius: radius, Shape: d.style.glyph}, at, 0.5)
}
