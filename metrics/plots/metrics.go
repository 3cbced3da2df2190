package plots

import (
	"fmt"
	"math"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

// algorithmsName is a parameter that the registry itself answers to: a plot with it is
// drawn of the summary of those algorithms.
const algorithmsName = "algorithms"

func algorithmsParam() spec.Param {
	return spec.Param{
		Name: algorithmsName, Type: spec.String, List: true,
		Doc: "the algorithms shown, as records name them; all unless given",
	}
}

func isEffort(m summary.Metric) bool { return !m.Plan }

func metricOf(a spec.Args, name string) summary.Metric { return summary.MetricNamed(a.String(name)) }

// isRatio tells of metrics that are ratios to the best, and so never below 1.
func isRatio(m summary.Metric) bool { return m.Plan && m.Unit == "" && m.Name != "cost" }

// metricText is a metric with its unit.
func metricText(s *summary.Summary, m summary.Metric) string {
	unit := m.Unit
	if m.Name == "cost" {
		unit = s.CostUnit()
	}
	if m.Timed { // the ticks tell it
		unit = ""
	}
	if unit == "" || strings.HasPrefix(m.Text, unit) {
		return m.Text
	}
	return fmt.Sprintf("%s (%s)", m.Text, unit)
}

// metricValue writes a value of a metric.
func metricValue(m summary.Metric) func(float64) string {
	return func(v float64) string {
		switch {
		case v == 0:
			return "0"
		case m.Timed:
			return seconds(v)
		case v < 1000:
			return number(v)
		}
		return short(v)
	}
}

// leftOut says which algorithms are not compared.
func leftOut(s *summary.Summary, c summary.Comparison) string {
	if len(c.LeftOut) == 0 {
		return ""
	}
	return " In no case a value, so not compared: " + strings.Join(s.Names(c.LeftOut), ", ") + "."
}

// cases counts them.
func cases(n int) string { return prose.Count(n, "case") }

// shiftText is the shift of a metric's geometric means, with its unit.
func shiftText(m summary.Metric) string {
	if m.Timed {
		return seconds(m.Shift)
	}
	return number(m.Shift) + " " + m.Unit
}

// share writes a share in percent.
func share(v float64) string {
	if math.IsNaN(v) {
		return "–"
	}
	return fmt.Sprintf("%.3g %%", 100*v)
}

// elsewhere counts cases that a picture is not about.
func elsewhere(n int, why string) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" Left out: %s %s.", cases(n), why)
}
