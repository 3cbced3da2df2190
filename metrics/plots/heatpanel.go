package plots

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

// panel is one map of a figure.
type panel struct {
	title   string
	heading []string // the title in lines
	height  vg.Length
	bar     colourBar
	cell    func(summary.GridCell) (value float64, text string, ok bool)
}

// The panels that show shares and not a metric.
const (
	pathPanel    = "path"
	settledPanel = "settled"
)

// heatMetrics is the parameter that chooses the panels.
func heatMetrics() spec.Param {
	p := summary.MetricParam("metric", "[path, expanded]", "panels: path, share of settled runs with a path; settled, share of runs that were settled; "+
		"or the mean of a metric", nil)
	p.List = true
	p.Choices = append([]string{pathPanel, settledPanel}, p.Choices...)
	return p
}

// meansOf is the metric that a panel shows means of; none where it shows shares.
func meansOf(name string) (summary.Metric, bool) {
	if name == pathPanel || name == settledPanel {
		return summary.Metric{}, false
	}
	return summary.MetricNamed(name), true
}

func panelOf(s *summary.Summary, g *summary.Grid, name string) panel {
	percent := func(n, of int) (float64, string, bool) {
		if of == 0 {
			return 0, "", false
		}
		share := float64(n) / float64(of)
		return share, fmt.Sprintf("%.0f", 100*share), true
	}
	switch name {
	case pathPanel:
		return panel{title: "Share of settled runs with a path (%); the others proved that there is none", bar: shareBar(), cell: func(c summary.GridCell) (float64, string, bool) {
			return percent(c.Paths, c.Settled())
		}}
	case settledPanel:
		return panel{title: "Share of runs that were settled (%)", bar: shareBar(), cell: func(c summary.GridCell) (float64, string, bool) {
			return percent(c.Settled(), c.Runs)
		}}
	}
	i := slices.IndexFunc(g.Metrics, func(m summary.Metric) bool { return m.Name == name })
	return meanPanel(s, g, i)
}

// meanPanel shows the i-th metric of a grid.
func meanPanel(s *summary.Summary, g *summary.Grid, i int) panel {
	m := g.Metrics[i]
	lo, hi, none := math.Inf(1), 0.0, true // of values above 0
	for _, column := range g.Cells {
		for _, c := range column {
			v := c.Means[i]
			none = none && math.IsNaN(v)
			if v > 0 {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
	}
	if hi == 0 {
		lo, hi = 1, 1
	}
	p := panel{title: sentenceCase(metricText(s, m)) + ", mean (logarithmic)", bar: logBar(lo, hi, metricValue(m))}
	switch {
	case m.Unit == "states": // a fraction of a state is none
		p.bar = logBar(max(lo, 1), max(hi, 10), metricValue(m))
	case isRatio(m): // to the best: 1 or more
		p.bar.lo = max(p.bar.lo, 1)
	}
	switch {
	case none:
		p.title += "; no run tells it"
	case !m.Plan:
		p.title += "; hatched: lower bound"
	}
	write := cellText(m)
	p.cell = func(c summary.GridCell) (float64, string, bool) {
		v := c.Means[i]
		return v, write(v), !math.IsNaN(v)
	}
	return p
}

// cellText writes a value so that it fits into a cell: with two digits or three.
func cellText(m summary.Metric) func(float64) string {
	return func(v float64) string {
		switch {
		case v == 0 || math.IsNaN(v):
			return "0"
		case m.Timed:
			unit := math.Pow(10, math.Floor(math.Log10(v))-1)
			return seconds(math.Round(v/unit) * unit)
		case isRatio(m) && v < 100:
			return number(math.Round(v*100) / 100)
		}
		return short(v)
	}
}
