package plots

import (
	"fmt"
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
			lo, hi := max(ax.lo, ay.lo/f), min(ax.hi, ay.hi/f)
			var line []vg.Point // a curve where one axis is logarithmic and the other is not
			for i := 0; i <= 32 && lo < hi; i++ {
				v := lo + (hi-lo)*float64(i)/32
				line = append(line, vg.Point{X: x(v), Y: y(v * f)})
			}
			if ax.log == ay.log && line != nil {
				line = []vg.Point{line[0], line[32]}
			}
			c.StrokeLines(style, line)
			style.Dashes = []vg.Length{2, 2}
		}
	}
}
