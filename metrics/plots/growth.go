package plots

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

func growthPlot() spec.Descriptor {
	return spec.Descriptor{
		Name:     "growth",
		Synopsis: "effort against the size of instances, with power laws fitted to what was solved",
		Doc: "Both axes are logarithmic, so that a power law is a line and its exponent the slope. Runs that did not solve their case are drawn " +
			"at what they had taken when they ended, with an arrow, and take no part in the fit. It applies where instances have the size.",
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
	f.Title, f.Timed = sentenceCase(what(col))+" against "+g.Size.Title(), col.Timed
	if err != nil {
		f.notApplicable(err.Error())
		return
	}
	f.Caption = fmt.Sprintf("%s. Line: the power law that fits the solved cases best, over the sizes of these; exponent with its %.0f %% interval. "+
		"Arrow: not solved, and so at least what the run had taken when it ended; these take no part in the fit, so that an algorithm that leaves the hard cases "+
		"unsolved seems to grow too little.", cases(g.Cases), 100*summary.GrowthConfidence) + elsewhere(g.LeftOut, "of unknown size")
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
	f.columns = []string{"algorithm", x.column, y.column, "at least"}
	points := dots{z: f.size, x: x, y: y}
	for i, r := range g.Rows {
		f.add(r.Algorithm, s.Label(s.Algorithms[r.Algorithm]), growthText(r))
		put := func(sizes, values []float64, least bool) {
			for k, size := range sizes {
				points.list = append(points.list, dot{size, values[k], f.legend[i], least})
			}
		}
		put(r.OpenSizes, r.OpenValues, true)
		put(r.Sizes, r.Values, false)
	}
	f.rows = func() (out [][]any) {
		for _, d := range points.list {
			out = append(out, []any{d.style.plain, d.x, d.y, d.least})
		}
		return out
	}
	f.Caption += points.thinned()
	drawing := newAxes(f.size, x, y)
	drawing.Add(grid, &points, powerLaws(g.Rows, f.legend, x.log && y.log, f.size))
	f.bodyHeight, f.body = f.size.height*1.15, drawing.draw
}

func growthText(r summary.GrowthRow) string {
	solved := fmt.Sprintf("%d of %d solved", len(r.Sizes), len(r.Sizes)+len(r.OpenSizes))
	switch e := r.Fit; {
	case math.IsNaN(e.Exponent):
		return solved + ", no fit"
	case math.IsNaN(e.Interval.Lo):
		return fmt.Sprintf("%s, exponent %.2f", solved, e.Exponent)
	default:
		return fmt.Sprintf("%s, exponent %.2f, %.2f to %.2f", solved, e.Exponent, e.Interval.Lo, e.Interval.Hi)
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
