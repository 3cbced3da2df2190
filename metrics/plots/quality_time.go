package plots

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

func qualityTimePlot() spec.Descriptor {
	return spec.Descriptor{
		Name:     "quality-over-time",
		Synopsis: "mean primal gap of the plans found so far against time, one curve per algorithm",
		Doc: "The primal gap is 1 where there is no plan yet, 0 where the plan is the cheapest that any run found, and " +
			"(cost - cheapest) / cost between. The area below a curve is the primal integral.",
		Params:     []spec.Param{algorithmsParam()},
		Citation:   "Berthold 2013, Measuring the impact of primal heuristics, doi 10.1016/j.orl.2013.08.007",
		Properties: []spec.Property{Timed},
	}
}

func qualityTime(s *summary.Summary, _ spec.Args, z size) Figure {
	t := s.QualityOverTime()
	f := Figure{Title: "Quality of plans over time"}
	f.Caption = fmt.Sprintf("Mean over %s of the primal gap: 1 (100 %%) without a plan, 0 with the cheapest plan that any run found, "+
		"(cost - cheapest) / cost between. In parentheses: the gap in the end.", cases(t.Cases))
	f.anytime(s, t, z, "mean primal gap", func(c stats.Curve) string { return share(c.End()) })
	return f
}
