package plots

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

func ecdfPlot() spec.Descriptor {
	return spec.Descriptor{
		Name:     "ecdf",
		Synopsis: "share of quality targets reached against time, one curve per algorithm",
		Doc: "Each case has several targets: plans that cost at most so much more than the cheapest that any run found. A curve " +
			"tells which share of all pairs of case and target an algorithm has reached after a time, with the plans that it found on the way.",
		Params: []spec.Param{
			{
				Name: "targets", Type: spec.Float, List: true, Default: "[0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]", Bounds: spec.Between(0, 1e6),
				Doc: "how much more than the cheapest plan a plan may cost, as a fraction of it",
			},
			algorithmsParam(),
		},
		Citation: "Hansen, Auger, Brockhoff and Tušar 2022, Anytime performance assessment in blackbox optimization benchmarking, " +
			"doi 10.1109/TEVC.2022.3210897",
		Properties: []spec.Property{Timed},
	}
}

func ecdfArgs(a spec.Args) error {
	if len(a.Floats("targets")) == 0 {
		return errors.New("targets=[] leaves nothing to reach")
	}
	return nil
}

func ecdf(s *summary.Summary, a spec.Args, z size) Figure {
	targets := a.Floats("targets")
	t := s.TimesToTargets(targets)
	f := Figure{Title: "Quality targets reached against time"}
	f.Caption = fmt.Sprintf("Share of the %d pairs of a case and a target that are reached within a time each. There are %s and %s: a plan that "+
		"costs at most %s more than the cheapest that any run found. In parentheses: the share reached in the end.",
		t.Cases*len(targets), cases(t.Cases), prose.Count(len(targets), "target"), percentages(targets))
	f.anytime(s, t, z, "share of targets reached", func(c stats.Curve) string { return share(c.End()) })
	return f
}

// percentages lists fractions: 0, 1, 5 or 10 %.
func percentages(fractions []float64) string {
	list := prose.Texts(slices.Sorted(slices.Values(fractions)), func(t float64) string { return number(t * 100) })
	if n := len(list); n > 1 {
		return strings.Join(list[:n-1], ", ") + " or " + list[n-1] + " %"
	}
	return list[0] + " %"
}

// anytime makes the body of a figure of what is reached over time.
func (f *Figure) anytime(s *summary.Summary, t summary.Anytime, z size, label string, end func(stats.Curve) string) {
	f.Caption += elsewhere(t.NoPlan, "that no run found a plan for") + elsewhere(t.NotRun, "that not all were run on")
	lo, hi := spanOf(t.Curves, shortestS)
	if t.Cases == 0 || !slices.ContainsFunc(t.Curves, func(c stats.Curve) bool { return len(c.Steps) > 0 }) {
		f.Caption = "There is no case with a plan on which all algorithms were run." + elsewhere(t.NotRun, "that not all were run on")
		return
	}
	for i, name := range s.Algorithms {
		f.Legend = append(f.Legend, fmt.Sprintf("%s  (%s)", name, end(t.Curves[i])))
		f.styles = append(f.styles, seriesOf(i))
	}
	p := newPlot(z)
	logAxisOf(false, []float64{lo, hi}).set(&p.X, seconds, "")
	if slices.ContainsFunc(t.Curves, func(c stats.Curve) bool { return len(c.Steps) > 0 && c.Steps[0].X < shortestS }) {
		f.Caption += fmt.Sprintf(" What took less than %s is drawn at the left edge.", seconds(shortestS))
	}
	shareAxis(&p.Y)
	p.Add(grid{true, true}, curves{list: t.Curves, styles: f.styles, z: z})
	f.bodyHeight = z.height
	f.body = axes{p, z, "wall-clock time per case (logarithmic)", label}.draw
}
