package plots

import (
	"cmp"
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/cloudrearrange/rearrange/cloud/prose"
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
		Citation: "Brain, Davenport, Griggio, Benchmarking Solvers, SAT-style, SC² 2017, http://ceur-ws.org/Vol-1974/RP3.pdf (scatter plots)",
	}
}

func scatter(f *Figure, s *summary.Summary, a spec.Args) {
	col := columnOf(s, a, "metric")
	f.Title, f.Timed = prose.Sentence(what(col))+" of two algorithms, case by case", col.Timed
	i, j, err := s.TwoAlgorithms(a.String("x"), a.String("y"))
	if err != nil {
		f.notApplicable(err.Error())
		return
	}
	p := s.Pairs(col, i, j)
	both, nameX, nameY := len(p.Points), s.Label(p.X), s.Label(p.Y)
	f.Caption = fmt.Sprintf("Both have a value in %s: %s is smaller in %d (below the diagonal), %s in %d, and they are equal in %d. "+
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
			out = append(out, []any{q.Case.Instance, q.X, q.Y})
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
	hidden := func(factor float64) bool { lo, hi := diagonal(x, y, factor); return lo >= hi }
	factors := slices.DeleteFunc([]float64{2, 10}, func(v float64) bool { return hidden(v) && hidden(1/v) })
	if len(factors) > 0 {
		f.Caption += " Dashed: a factor of " + strings.Join(prose.Texts(factors, prose.Number), " and of ") + "."
	}
	f.Caption += points.thinned()
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

// diagonal is where on the horizontal axis the values begin and end whose product with a factor is on the vertical one.
func diagonal(x, y axis, factor float64) (lo, hi float64) {
	return max(x.lo, y.lo/factor), min(x.hi, y.hi/factor)
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
			if lo, hi := diagonal(ax, ay, f); lo < hi {
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
	least    bool
	instance string
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
		drawArrow(c, d.style.color, vg.Point{X: at.X, Y: at.Y + radius - k.z.marker*0.75}, k.z)
	}
	drawDot(c, draw.GlyphStyle{Color: faded(d.style.color, 0.7), Radius: radius, Shape: d.style.glyph}, at, 0.5)
}

// drawArrow points upwards from a marker, to where its value may be.
func drawArrow(c draw.Canvas, color color.NRGBA, at vg.Point, z size) {
	tip, wing := vg.Point{X: at.X, Y: at.Y + z.marker*2.55}, z.marker*0.55
	style := draw.LineStyle{Color: color, Width: z.line * 0.5}
	c.StrokeLine2(style, at.X, at.Y, tip.X, tip.Y)
	c.StrokeLines(style, []vg.Point{{X: tip.X - wing, Y: tip.Y - wing}, tip, {X: tip.X + wing, Y: tip.Y - wing}})
}

func growthPlot() spec.Descriptor {
	return spec.Descriptor{
		Name:     "growth",
		Synopsis: "effort against the size of instances, with power laws fitted to what was solved",
		Doc: "Both axes are logarithmic, so that a power law is a line and its exponent the slope. Runs that did not solve their case are " +
			"drawn at what they had taken when they ended, with an arrow, and take no part in the fit. It applies where instances have the size.",
		Params: []spec.Param{
			{Name: "by", Type: spec.String, Default: "feature.vms", Doc: "the size on the horizontal axis: a parameter or feature of the instances"},
			columnParam("metric", "expanded", "what grows"),
		},
		Citation: "McGeoch 2012, A Guide to Experimental Algorithmics, chapter 7, doi 10.1017/CBO9780511843747",
	}
}

func growth(f *Figure, s *summary.Summary, a spec.Args) {
	col := columnOf(s, a, "metric")
	g, err := s.Growth(col, a.String("by"))
	f.Title, f.Timed = prose.Sentence(what(col))+" against "+label(g.Size), col.Timed
	if err != nil {
		f.notApplicable(err.Error())
		return
	}
	f.Caption = fmt.Sprintf("%s. Line: the power law that fits the solved cases best, over the sizes of these; exponent with its %.0f %% interval. "+
		"Arrow: not solved, and so at least what the run had taken when it ended; these take no part in the fit, so that an algorithm that "+
		"leaves the hard cases unsolved seems to grow too little.", cases(g.Cases), 100*summary.GrowthConfidence) + elsewhere(g.LeftOut, "of unknown size")
	var sizes, values [][]float64
	arrows := false
	for _, r := range g.Rows {
		sizes, values = append(sizes, r.Sizes, r.OpenSizes), append(values, r.Values, r.OpenValues)
		arrows = arrows || len(r.OpenSizes) > 0
	}
	if len(slices.Concat(values...)) == 0 {
		f.Caption = fmt.Sprintf("No run tells its %s.", what(col))
		return
	}
	x, y := axisOf(g.Size), axisOf(col)
	x.format = sizeText
	x, y = x.fit(a, "x", sizes...), y.fit(a, "y", values...)
	if arrows && y.max == y.hi && !a.Has("y-max") {
		y.max = y.on(1.05)
	}
	f.columns = []string{"algorithm", "instance", x.column, y.column, "at least"}
	points := dots{z: f.size, x: x, y: y}
	for i, r := range g.Rows {
		f.add(r.Algorithm, s.Label(s.Algorithms[r.Algorithm]), growthText(r))
		for k, c := range r.OpenCases {
			points.list = append(points.list, dot{r.OpenSizes[k], r.OpenValues[k], f.legend[i], true, c.Instance})
		}
		for k, c := range r.Cases {
			points.list = append(points.list, dot{r.Sizes[k], r.Values[k], f.legend[i], false, c.Instance})
		}
	}
	f.rows = func() (out [][]any) {
		for _, d := range points.list {
			out = append(out, []any{d.style.plain, d.instance, d.x, d.y, d.least})
		}
		return out
	}
	f.Caption += points.thinned()
	drawing := newAxes(f.size, x, y)
	drawing.Add(grid, &points, powerLaws(g.Rows, f.legend, x.log && y.log, f.size))
	f.bodyHeight, f.body = f.size.height*1.15, drawing.draw
}

func growthText(r summary.GrowthRow) string {
	solved := fmt.Sprintf("%d of %d solved", len(r.Sizes), len(r.Sizes)+r.Unsolved)
	switch e := r.Fit; {
	case math.IsNaN(e.Exponent):
		return solved + ", no fit"
	case math.IsNaN(e.Lo):
		return fmt.Sprintf("%s, exponent %.2f", solved, e.Exponent)
	default:
		return fmt.Sprintf("%s, exponent %.2f, %.2f to %.2f", solved, e.Exponent, e.Lo, e.Hi)
	}
}

// powerLaws draws power laws between the least and the greatest size of what they fit.
func powerLaws(rows []summary.GrowthRow, styles []series, straight bool, z size) marks {
	return func(c draw.Canvas, p *plot.Plot) {
		x, y := p.Transforms(&c)
		for i, r := range rows {
			sizes := slices.DeleteFunc(slices.Clone(r.Sizes), func(v float64) bool { return !(v > 0) })
			if math.IsNaN(r.Fit.Exponent) || len(sizes) == 0 {
				continue
			}
			from, to := slices.Min(sizes), slices.Max(sizes)
			line := sampled(64, straight, func(at float64) vg.Point {
				size := from * math.Pow(to/from, at)
				value := r.Fit.Factor * math.Pow(size, r.Fit.Exponent)
				return vg.Point{X: x(size), Y: y(min(max(value, 1e-300), 1e300))}
			})
			c.StrokeLines(styles[i].line(z), c.ClipLinesXY(line)...)
		}
	}
}

func paretoPlot() spec.Descriptor {
	return spec.Descriptor{
		Name:     "pareto",
		Synopsis: "quality of plans against effort, one point per algorithm, with the front of those that no other beats in both",
		Citation: "own work",
		Doc: "Each algorithm stands at its means over the cases in which all compared ones have both values. Cases that an algorithm " +
			"did not solve do not show there: its coverage stands beside its name.",
		Params: []spec.Param{
			columnParam("effort", "time", "the horizontal axis"), columnParam("quality", "best-ratio", "the vertical axis"),
		},
		Properties: []spec.Property{Timed},
	}
}

func makespanCostPlot() spec.Descriptor {
	d := paretoPlot()
	d.Name, d.Synopsis = "makespan-cost", "makespan of schedules against the cost of their steps, one point per algorithm and scheduler, with the front"
	d.Params = []spec.Param{columnParam("effort", "schedule-cost", "the horizontal axis"), columnParam("quality", "makespan", "the vertical axis"), summary.CompareParam("[algorithm, scheduler]")}
	d.Properties = nil
	return d
}

func pareto(f *Figure, s *summary.Summary, a spec.Args) {
	effort, quality := columnOf(s, a, "effort"), columnOf(s, a, "quality")
	f.Title, f.Timed = prose.Sentence(what(quality))+" against "+what(effort), effort.Timed || quality.Timed
	t := s.Compare(func(c *summary.Case, a int) bool { return effort.Exact(c, a) && quality.Exact(c, a) })
	if len(t.Common) == 0 {
		f.Caption = noCommon(s, t)
		return
	}
	means := func(col summary.Column) (out []float64, kind string) {
		for _, a := range t.Compared {
			values := make([]float64, len(t.Common))
			for i, c := range t.Common {
				values[i], _ = col.Of(c, a).Exact()
			}
			var m float64
			m, kind = mean(col, col.Shift, values)
			out = append(out, m)
		}
		return out, kind
	}
	xs, kindX := means(effort)
	ys, kindY := means(quality)
	f.Caption = fmt.Sprintf("Means over the %d of %s in which all of them have both values; of %s: %s; of %s: %s. "+
		"Dashed: the front; nothing to its lower left is reached. In parentheses: the share of its runs that an algorithm solves.%s",
		len(t.Common), cases(len(s.Cases)), effort.Title(), kindX, quality.Title(), kindY, leftOut(s, t))
	var list []dot
	for i, algorithm := range t.Compared {
		f.add(algorithm, s.Label(s.Algorithms[algorithm]), prose.Percent(coverage(s, algorithm)))
		list = append(list, dot{x: xs[i], y: ys[i]})
	}
	f.front(a, "algorithm", axisOf(effort), axisFor(quality, ys), list)
}

// front makes data and body of a figure out of a point for each entry of the legend, with a line along those that no other beats:
// that is better in one of both and as good in the other. What is only a bound beats none.
func (f *Figure) front(a spec.Args, of string, x, y axis, list []dot) {
	var xs, ys []float64
	for _, d := range list {
		xs, ys = append(xs, d.x), append(ys, d.y)
	}
	x, y = x.fit(a, "x", xs), y.fit(a, "y", ys)
	var rows [][]any
	var front []dot
	for i, d := range list {
		best := !d.least && !slices.ContainsFunc(list, func(o dot) bool {
			return !o.least && o.x <= d.x && o.y <= d.y && (o.x < d.x || o.y < d.y)
		})
		if best {
			front = append(front, d)
		}
		f.legend[i].points = true
		rows = append(rows, []any{f.legend[i].plain, d.x, d.y, best})
	}
	slices.SortStableFunc(front, func(d, e dot) int { return cmp.Or(cmp.Compare(d.x, e.x), cmp.Compare(e.y, d.y)) })
	f.columns, f.rows = []string{of, x.column, y.column, "on the front"}, func() [][]any { return rows }
	drawing, z := newAxes(f.size, x, y), f.size
	z.marker *= 1.4
	drawing.Add(grid, marks(func(c draw.Canvas, p *plot.Plot) {
		tx, ty := p.Transforms(&c)
		place := func(d dot) vg.Point { return vg.Point{X: tx(x.at(d.x)), Y: ty(y.at(d.y))} }
		if len(front) > 0 {
			corners := []vg.Point{{X: place(front[0]).X, Y: c.Max.Y}}
			for _, d := range front {
				corners = append(corners, place(d))
			}
			corners = append(corners, vg.Point{X: c.Max.X, Y: corners[len(corners)-1].Y})
			c.StrokeLines(draw.LineStyle{Color: grey, Width: 0.9, Dashes: []vg.Length{3, 2}}, c.ClipLinesXY(stairs(corners))...)
		}
		for i, d := range list {
			if !c.Contains(place(d)) {
				continue
			}
			if d.least {
				drawArrow(c, f.legend[i].color, place(d), z)
			}
			drawMarker(c, f.legend[i], place(d), z)
		}
	}))
	f.bodyHeight, f.body = f.size.height, drawing.draw
}
