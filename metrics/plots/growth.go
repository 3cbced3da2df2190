package plots

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

func growthPlot() spec.Descriptor {
	return spec.Descriptor{
		Name:     "growth",
		Synopsis: "effort against the size of instances, with power laws fitted to what was solved",
		Doc: "Both axes are logarithmic, so that a power law is a line and its exponent the slope. Runs that did not solve their case are drawn " +
			"at what they had taken when they ended, with an arrow, and take no part in the fit. It applies where instances have the size.",
		Params: []spec.Param{
			{Name: "by", Type: spec.String, Default: "vms", Doc: "parameter of the family, or feature of the instances, on the horizontal axis"},
			summary.MetricParam("metric", "expanded", "what grows", isEffort),
			algorithmsParam(),
		},
		Citation: "McGeoch 2012, A Guide to Experimental Algorithmics, chapter 7, doi 10.1017/CBO9780511843747",
	}
}

func growth(s *summary.Summary, a spec.Args, z size) Figure {
	m := metricOf(a, "metric")
	f := Figure{Title: sentenceCase(m.Text) + " against " + a.String("by"), Timed: m.Timed, bodyHeight: z.height * 1.15}
	g, err := s.Growth(m, a.String("by"))
	if err != nil {
		f.NotApplicable, f.Caption = true, sentence(err.Error())
		return f
	}
	f.Caption = fmt.Sprintf("%s. Line: the power law that fits the solved cases best, over the sizes of these; exponent with its %.0f %% interval. "+
		"Arrow: not solved, and so at least what the run had taken when it ended; these take no part in the fit, so that an algorithm that leaves the hard cases "+
		"unsolved seems to grow too little.", cases(g.Cases), 100*summary.GrowthConfidence) + elsewhere(g.LeftOut, "of unknown size")
	if g.Size.Doc != "" {
		f.Caption += fmt.Sprintf(" %s: %s.", g.Size.Key, g.Size.Doc)
	}
	var sizes, values [][]float64
	for _, r := range g.Rows {
		sizes, values = append(sizes, r.Sizes, r.OpenSizes), append(values, r.Values, r.OpenValues)
	}
	if len(slices.Concat(values...)) == 0 {
		f.Caption = fmt.Sprintf("No run tells its %s.", m.Text)
		return f
	}
	x, y := logAxisOf(false, sizes...), logAxisOf(false, values...)
	p := newPlot(z)
	x.set(&p.X, plain, "")
	y.set(&p.Y, metricValue(m), "")
	if slices.ContainsFunc(g.Rows, func(r summary.GrowthRow) bool { return len(r.OpenSizes) > 0 }) {
		p.Y.Max *= math.Pow(y.hi/y.lo, 0.05) // room for arrows
	}
	points := dots{z: z}
	var fits []powerLaw
	for _, r := range g.Rows {
		style := seriesOf(r.Algorithm)
		for i, size := range r.OpenSizes {
			points.list = append(points.list, dot{x.at(size), y.at(r.OpenValues[i]), style, true})
		}
		for i, size := range r.Sizes {
			points.list = append(points.list, dot{x.at(size), y.at(r.Values[i]), style, false})
		}
		if fitted := positive(r.Sizes); !math.IsNaN(r.Fit.Exponent) && len(fitted) > 0 {
			fits = append(fits, powerLaw{r.Fit, slices.Min(fitted), slices.Max(fitted), style})
		}
		f.Legend = append(f.Legend, fmt.Sprintf("%s  (%s)", s.Algorithms[r.Algorithm], growthText(r)))
		f.styles = append(f.styles, style)
	}
	f.Caption += points.thinned()
	p.Add(grid{true, true}, &points, fitLines{fits, z})
	f.body = axes{p, z, axisLabel(g.Size) + ", logarithmic", metricText(s, m) + ", logarithmic"}.draw
	return f
}

// growthText is what a fit says.
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

// plain writes sizes: in full up to five digits.
func plain(v float64) string {
	if v < 1e5 {
		return number(v)
	}
	return short(v)
}

func positive(values []float64) []float64 {
	return slices.DeleteFunc(slices.Clone(values), func(v float64) bool { return !(v > 0) })
}

// powerLaw is a power law between two sizes.
type powerLaw struct {
	law    stats.Growth
	lo, hi float64
	style  series
}

// fitLines draws power laws, within the values that the axis has.
type fitLines struct {
	laws []powerLaw
	z    size
}

// Plot implements plot.Plotter.
func (l fitLines) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for _, k := range l.laws {
		var line []vg.Point
		for _, at := range []float64{k.lo, k.hi} {
			v := k.law.Factor * math.Pow(at, k.law.Exponent)
			if v > 0 && !math.IsInf(v, 0) {
				line = append(line, vg.Point{X: x(at), Y: y(v)})
			}
		}
		if len(line) == 2 {
			c.StrokeLines(k.style.line(l.z), c.ClipLinesXY(line)...)
		}
	}
}
