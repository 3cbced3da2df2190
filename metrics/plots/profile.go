package plots

import (
	"fmt"

	"gonum.org/v1/plot"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

func profilePlot() spec.Descriptor {
	return spec.Descriptor{
		Name:     "performance-profile",
		Synopsis: "share of cases within a factor of the best algorithm, one curve per algorithm",
		Doc: "The height at factor 1 tells how often an algorithm is the best, or as good; the height at the right, how much it " +
			"solves. A case that an algorithm does not solve is within no factor. What a curve says of two algorithms depends on the " +
			"others: the best is the best of those shown.",
		Params: []spec.Param{
			summary.MetricParam("metric", "time", "what is compared", func(m summary.Metric) bool { return !isRatio(m) }),
			algorithmsParam(),
		},
		Citation:   "Dolan and Moré 2002, Benchmarking optimization software with performance profiles, doi 10.1007/s101070100263",
		Properties: []spec.Property{Timed},
	}
}

func profile(s *summary.Summary, a spec.Args, z size) Figure {
	m := metricOf(a, "metric")
	least := 0.0
	switch {
	case m.Timed:
		least = shortestS
	case !m.Plan && m.Unit == "states":
		least = 1
	}
	p := s.Profiles(m, least)
	f := Figure{Title: "Performance profile: " + m.Text, Timed: m.Timed, bodyHeight: z.height}
	f.Caption = fmt.Sprintf("A curve at height h above factor τ: in h of the %s the algorithm's %s is at most τ times that of the best of these "+
		"algorithms. In parentheses: the share of cases in which it has one.", cases(len(p.Cases)), m.Text)
	if p.Without > 0 {
		f.Caption += fmt.Sprintf(" In %d of them none has.", p.Without)
	}
	if least > 0 {
		f.Caption += fmt.Sprintf(" Less than %s counts as that.", metricValue(m)(least))
	}
	f.Caption += elsewhere(p.NotRun, "that not all were run on") + elsewhere(p.Infeasible, "proved to have no plan")
	if len(p.Cases) == 0 || p.Without == len(p.Cases) {
		f.Caption = "No case was solved on which all algorithms were run." + elsewhere(p.NotRun, "that not all were run on")
		return f
	}
	for i, name := range s.Algorithms {
		f.Legend = append(f.Legend, fmt.Sprintf("%s  (%s)", name, share(stats.Coverage(p.Values[i]))))
		f.styles = append(f.styles, seriesOf(i))
	}
	drawing := newPlot(z)
	_, hi := spanOf(p.Curves, 1)
	drawing.X.Scale = plot.LogScale{}
	drawing.X.Min = 1
	_, drawing.X.Max = logRange(1, hi*1.05)
	drawing.X.Tick.Marker = logTicks{label: plain}
	for i := range p.Curves { // what is there at factor 1 is there from the left on
		if steps := p.Curves[i].Steps; len(steps) > 0 && steps[0].X == 1 {
			p.Curves[i].Start = steps[0].Y
		}
	}
	shareAxis(&drawing.Y)
	drawing.Add(grid{true, true}, curves{list: p.Curves, styles: f.styles, z: z})
	f.body = axes{drawing, z, "factor τ of the best, " + m.Text + " (logarithmic)", "share of cases"}.draw
	return f
}

// shareAxis makes an axis one of shares, with room for markers at its ends.
func shareAxis(a *plot.Axis) {
	a.Min, a.Max = -0.02, 1.02
	a.Tick.Marker = percentTicks{}
}
