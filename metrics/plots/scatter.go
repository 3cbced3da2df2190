package plots

import (
	"fmt"

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
			summary.MetricParam("metric", "cost", "what is compared", nil),
			{Name: "x", Type: spec.String, Doc: "the algorithm on the horizontal axis; unless given, of those that solve most, the second"},
			{Name: "y", Type: spec.String, Doc: "the algorithm on the vertical axis; unless given, the one that solves most"},
		},
		Citation: "Brain, Davenport, Griggio, Benchmarking Solvers, SAT-style, SC² 2017, " +
			"http://ceur-ws.org/Vol-1974/RP3.pdf (scatter plots)",
	}
}

func scatter(s *summary.Summary, a spec.Args, z size) Figure {
	m := metricOf(a, "metric")
	f := Figure{Title: sentenceCase(m.Text) + " of two algorithms, case by case", Timed: m.Timed}
	x, y, err := s.TwoAlgorithms(a.String("x"), a.String("y"))
	if err != nil {
		f.NotApplicable, f.Caption = true, sentence(err.Error())
		return f
	}
	p := s.Pairs(m, x, y)
	both := len(p.Points)
	f.Caption = fmt.Sprintf("Both have a value in %s: %s the smaller one in %d (below the diagonal), %s in %d, equal ones in %d. "+
		"Only %s has one in %d, only %s in %d (beyond the axes), neither in %d.",
		cases(both), p.Y, p.Less, p.X, p.More, p.Same, p.Y, len(p.OnlyY), p.X, len(p.OnlyX), p.Neither) +
		elsewhere(p.NotRun, "that not both were run on")
	if both+len(p.OnlyX)+len(p.OnlyY) == 0 {
		return f
	}
	f.Caption += " Dashed: a factor of 2 and of 10."

	values := [][]float64{p.OnlyX, p.OnlyY, make([]float64, 0, 2*both)}
	for _, q := range p.Points {
		values[2] = append(values[2], q.X, q.Y)
	}
	axis := logAxisOf(len(p.OnlyX)+len(p.OnlyY) > 0, values...)
	drawing := newPlot(z)
	axis.set(&drawing.X, metricValue(m), "none")
	axis.set(&drawing.Y, metricValue(m), "none")

	points := dots{z: z}
	blue, vermilion := seriesOf(0), seriesOf(1)
	for _, q := range p.Points {
		points.list = append(points.list, dot{x: axis.at(q.X), y: axis.at(q.Y), style: blue})
	}
	for _, v := range p.OnlyX {
		points.list = append(points.list, dot{x: axis.at(v), y: axis.none, style: vermilion})
	}
	for _, v := range p.OnlyY {
		points.list = append(points.list, dot{x: axis.none, y: axis.at(v), style: vermilion})
	}
	drawing.Add(grid{true, true}, diagonals{axis}, &points)
	blue.points, vermilion.points = true, true
	f.Legend, f.styles = []string{"both have a value"}, []series{blue}
	if axis.none > 0 {
		f.Legend, f.styles = append(f.Legend, "only one has"), append(f.styles, vermilion)
	}
	f.Caption += points.thinned()

	square := min(z.room(), 1.25*z.height+50)
	f.bodyHeight = square
	f.body = func(c draw.Canvas) {
		side := (c.Size().X - square) / 2
		axes{drawing, z, metricText(s, m) + ", " + p.X, metricText(s, m) + ", " + p.Y}.draw(draw.Crop(c, side, -side, 0, 0))
	}
	return f
}

// diagonals draws where two values are equal, and where they differ by a factor.
type diagonals struct{ axis logAxis }

// Plot implements plot.Plotter.
func (d diagonals) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for _, factor := range []float64{1, 2, 10} {
		style := draw.LineStyle{Color: grey, Width: 0.7}
		if factor > 1 {
			style.Dashes = []vg.Length{2, 2}
		}
		for _, f := range []float64{factor, 1 / factor} {
			lo, hi := max(d.axis.lo, d.axis.lo/f), min(d.axis.hi, d.axis.hi/f)
			if lo < hi {
				c.StrokeLine2(style, x(lo), y(lo*f), x(hi), y(hi*f))
			}
		}
	}
	frame := draw.LineStyle{Color: grey, Width: 0.7}
	if d.axis.none > 0 { // what is beyond is no number
		c.StrokeLine2(frame, x(d.axis.hi), c.Min.Y, x(d.axis.hi), c.Max.Y)
		c.StrokeLine2(frame, c.Min.X, y(d.axis.hi), c.Max.X, y(d.axis.hi))
	}
}
