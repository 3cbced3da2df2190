package plots

import (
	"fmt"
	"math"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

func boxPlot() spec.Descriptor {
	return spec.Descriptor{
		Name:     "box",
		Synopsis: "how a metric is spread, one row per algorithm",
		Doc: "Over the cases in which all compared algorithms have a value. Each is a point; a box spans the quartiles, " +
			"with a bar at the median.",
		Params: []spec.Param{
			summary.MetricParam("metric", "expanded", "what is shown", nil),
			algorithmsParam(),
		},
		Citation: "McGill, Tukey and Larsen 1978, Variations of box plots, The American Statistician 32(1), doi 10.2307/2683468",
	}
}

func box(s *summary.Summary, a spec.Args, z size) Figure {
	m := metricOf(a, "metric")
	sample := s.Sample(m)
	f := Figure{Title: sentenceCase(m.Text) + " by algorithm", Timed: m.Timed}
	if len(sample.Common) == 0 {
		f.Caption = noCommon(s, sample.Comparison)
		return f
	}
	f.Caption = fmt.Sprintf("Over the %d of %s in which all of them have a value. One point per case, spread upright to be seen; "+
		"box: quartiles; bar: median; mean: geometric", len(sample.Common), cases(len(s.Cases)))
	if m.Shift > 0 {
		f.Caption += ", shifted by " + shiftText(m)
	}
	f.Caption += "." + leftOut(s, sample.Comparison)
	axis := logAxisOf(false, sample.Values...)
	write := metricValue(m)
	var rows []boxRow
	for i, algorithm := range sample.Compared {
		values := sample.Values[i]
		mean := stats.ShiftedGeoMean(values, m.Shift)
		r := boxRow{
			name: s.Algorithms[algorithm], style: seriesOf(algorithm), spread: stats.Summarise(values),
			figures: fmt.Sprintf("median %s, mean %s", three(write, stats.Median(values)), three(write, mean)),
		}
		// What is 0 stands at the axis's place for it, and so do the quartiles that are.
		for _, v := range []*float64{&r.spread.Min, &r.spread.Q1, &r.spread.Median, &r.spread.Q3, &r.spread.Max} {
			*v = max(axis.at(*v), axis.zero)
		}
		for _, v := range values {
			r.values = append(r.values, axis.at(v))
		}
		rows = append(rows, r)
	}
	p := newPlot(z)
	axis.set(&p.X, write, "")
	f.boxes(rows, axes{p, z, metricText(s, m) + ", logarithmic", ""}, math.NaN())
	return f
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
