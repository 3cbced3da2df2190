package plots

import (
	"fmt"

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
		Params:     []spec.Param{columnParam("metric", "time", "what is compared")},
		Citation:   "Dolan and Moré 2002, Benchmarking optimization software with performance profiles, doi 10.1007/s101070100263",
		Properties: []spec.Property{Timed},
	}
}

func profile(f *Figure, s *summary.Summary, a spec.Args) {
	col := columnOf(s, a, "metric")
	f.Title, f.Timed = "Performance profile: "+what(col), col.Timed
	// Less counts as that much: a clock does not tell apart what is shorter, and a ratio to 0
	// would be infinite.
	least := map[string]float64{"s": 1e-6, "states": 1}[col.Unit]
	m := s.Matrix(col)
	f.Caption = fmt.Sprintf("A curve at height h above factor τ: in h of the %s the algorithm's %s is at most τ times that of the best of these "+
		"algorithms. In parentheses: the share of cases in which it has one.", cases(len(m.Cases)), what(col))
	if m.Without > 0 {
		f.Caption += fmt.Sprintf(" In %d of them none has.", m.Without)
	}
	if least > 0 {
		f.Caption += fmt.Sprintf(" Less than %s counts as that.", valueOf(col)(least))
	}
	f.Caption += elsewhere(m.NotRun, "that not all were run on") + elsewhere(m.Infeasible, "proved to have no plan")
	if len(m.Cases) == 0 || m.Without == len(m.Cases) {
		f.Caption = "No case was solved on which all algorithms were run." + elsewhere(m.NotRun, "that not all were run on")
		return
	}
	for i, name := range s.Algorithms {
		f.add(i, s.Label(name), share(stats.Coverage(m.Values[i])))
		for c := range m.Values[i] {
			m.Values[i][c] = max(m.Values[i][c], least)
		}
	}
	k := curves{list: stats.PerformanceProfiles(m.Values), y: shareAxis("share of cases")}
	k.x = axis{label: "factor τ of the best, " + col.Title(), column: "factor of the best", format: sizeText, log: true, floor: 1}
	for i := range k.list { // what is there at factor 1 is there from the left on
		if steps := k.list[i].Steps; len(steps) > 0 && steps[0].X == 1 {
			k.list[i].Start, k.list[i].Steps = steps[0].Y, steps[1:]
		}
	}
	f.curves(a, k)
}
