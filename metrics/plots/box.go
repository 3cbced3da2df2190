package plots

import (
	"fmt"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

func boxPlot() spec.Descriptor {
	return spec.Descriptor{
		Name:     "box",
		Synopsis: "how a metric is spread, one row per algorithm",
		Doc: "Over the cases in which all compared algorithms have a value, in each group by itself. Each is a point; a box spans " +
			"the quartiles, with a bar at the median.",
		Params: []spec.Param{
			summary.MetricParam("metric", "expanded", "what is shown", nil),
			summary.GroupParam(""),
			algorithmsParam(),
		},
		Citation: "McGill, Tukey and Larsen 1978, Variations of box plots, The American Statistician 32(1), doi 10.2307/2683468",
	}
}

// sampleGroup is a group of cases with a metric's values in them.
type sampleGroup struct {
	name string // empty: all cases
	summary.Sample
	cases int
}

func box(s *summary.Summary, a spec.Args, z size) Figure {
	m := metricOf(a, "metric")
	f := Figure{Title: sentenceCase(m.Text) + " by algorithm", Timed: m.Timed}
	all := s.Sample(m)
	if len(all.Compared) == 0 {
		f.Caption = noCommon(s, all.Comparison)
		return f
	}
	groups := []sampleGroup{{Sample: all, cases: len(s.Cases)}}
	leftOver := leftOut(s, all.Comparison)
	over := fmt.Sprintf("Over the %d of %s in which all of them have a value. ", len(all.Common), cases(len(s.Cases)))
	if a.Has(summary.GroupParamName) {
		by, err := s.GroupBy(a.String(summary.GroupParamName))
		if err != nil {
			f.NotApplicable, f.Caption = true, sentence(err.Error())
			return f
		}
		f.Title += " and " + by.Key
		groups = nil
		for _, g := range by.List {
			name := g.Name
			if by.Key != summary.ByClass {
				name = by.Key + " " + name
			}
			groups = append(groups, sampleGroup{name, s.Part(g).Sample(m), len(g.Cases)})
		}
		over = "In parentheses: the cases of a group in which all algorithms have a value that have one in any of its cases. The rows are over these. "
		leftOver += elsewhere(by.LeftOut, "of unknown "+by.Key)
	}
	var values [][]float64
	common := 0
	for _, g := range groups {
		values, common = append(values, g.Values...), common+len(g.Common)
	}
	if common == 0 {
		f.Caption = noCommon(s, all.Comparison)
		return f
	}
	f.Caption = over + "One point per case, jittered vertically; box: quartiles; bar: median; mean: geometric"
	if m.Shift > 0 {
		f.Caption += ", shifted by " + shiftText(m)
	}
	f.Caption += "." + leftOver
	axis := logAxisOf(false, values...)
	p := newPlot(z)
	axis.set(&p.X, metricValue(m), "")
	f.boxes(boxRowsOf(s, all.Compared, groups, axis), axes{p, z, metricText(s, m) + ", logarithmic", ""}, math.NaN())
	return f
}

// boxRowsOf makes a row of each algorithm in each group, in which it may have no value.
func boxRowsOf(s *summary.Summary, algorithms []int, groups []sampleGroup, axis logAxis) []boxRow {
	var rows []boxRow
	for _, g := range groups {
		for i, algorithm := range algorithms {
			r := boxRow{name: s.Algorithms[algorithm], style: seriesOf(algorithm), figures: "no value"}
			if i == 0 && g.name != "" {
				r.heading = fmt.Sprintf("%s  (%d of %s)", g.name, len(g.Common), cases(g.cases))
			}
			if at := slices.Index(g.Compared, algorithm); at >= 0 && len(g.Common) > 0 {
				r.fill(g.Metric, g.Values[at], axis)
			}
			rows = append(rows, r)
		}
	}
	return rows
}

// fill gives a row the values of a metric.
func (r *boxRow) fill(m summary.Metric, values []float64, axis logAxis) {
	write := metricValue(m)
	r.spread = stats.Summarise(values)
	r.figures = fmt.Sprintf("median %s, mean %s", three(write, stats.Median(values)), three(write, stats.ShiftedGeoMean(values, m.Shift)))
	// What is 0 stands at the axis's place for it, and so do the quartiles that are.
	for _, v := range []*float64{&r.spread.Min, &r.spread.Q1, &r.spread.Median, &r.spread.Q3, &r.spread.Max} {
		*v = max(*v, axis.zero)
	}
	for _, v := range values {
		r.values = append(r.values, axis.at(v))
	}
}

// three writes a value with three significant digits.
func three(write func(float64) string, v float64) string {
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return write(v)
	}
	unit := math.Pow(10, math.Floor(math.Log10(math.Abs(v)))-2)
	return write(math.Round(v/unit) * unit)
}

// noCommon says why there is nothing to compare over.
func noCommon(s *summary.Summary, c summary.Comparison) string {
	if len(c.Compared) == 0 {
		return fmt.Sprintf("No run of the %s has a value.", cases(len(s.Cases)))
	}
	return fmt.Sprintf("There is no case in which all %d compared algorithms have a value.", len(c.Compared)) + leftOut(s, c)
}
