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
		Params:   []spec.Param{columnParam("metric", "expanded", "what is shown"), summary.GroupParam(""), algorithmsParam()},
		Citation: "McGill, Tukey and Larsen 1978, Variations of box plots, The American Statistician 32(1), doi 10.2307/2683468",
	}
}

func box(f *Figure, s *summary.Summary, a spec.Args) {
	col := columnOf(s, a, "metric")
	f.Title, f.Timed = sentenceCase(what(col))+" by algorithm", col.Timed
	all := s.Sample(col)
	if len(all.Compared) == 0 {
		f.Caption = noCommon(s, all.Comparison)
		return
	}
	rows := rowsOf(s, all.Compared, "", all)
	common, leftOver := len(all.Common), leftOut(s, all.Comparison)
	over := fmt.Sprintf("Over the %d of %s in which all of them have a value. ", common, cases(len(s.Cases)))
	if a.Has("group") {
		by, err := s.GroupBy(a.String("group"))
		if err != nil {
			f.notApplicable(err.Error())
			return
		}
		f.Title += " and " + by.Column.Title()
		rows, common = nil, 0
		for _, g := range by.List {
			name := g.Name
			if by.Column.Kind == summary.Number {
				name = by.Column.Title() + " " + name
			}
			sample := s.Part(g.Cases).Sample(col)
			common += len(sample.Common)
			rows = append(rows, rowsOf(s, all.Compared, fmt.Sprintf("%s  (%d of %s)", name, len(sample.Common), cases(len(g.Cases))), sample)...)
		}
		over = "In parentheses: the cases of a group in which all algorithms have a value that have one in any of its cases. The rows are over these. "
		leftOver += elsewhere(by.LeftOut, "of unknown "+by.Column.Title())
	}
	if common == 0 {
		f.Caption = noCommon(s, all.Comparison)
		return
	}
	_, kind := mean(col, col.Shift, nil)
	f.Caption = over + "One point per case, jittered vertically; box: quartiles; bar: median; mean: " + kind + "." + leftOver
	var values [][]float64
	for _, r := range rows {
		values = append(values, r.values)
	}
	f.boxes(rows, axisOf(col).fit(a, "x", values...), math.NaN())
}

// rowsOf makes a row of each algorithm in a group of cases, in which it may have no value.
func rowsOf(s *summary.Summary, algorithms []int, group string, of summary.Sample) []boxRow {
	write := valueOf(of.Column)
	var rows []boxRow
	for i, algorithm := range algorithms {
		r := boxRow{group: group, name: s.Label(s.Algorithms[algorithm]), style: seriesOf(algorithm), figures: "no value"}
		if i == 0 {
			r.heading = group
		}
		if at := slices.Index(of.Compared, algorithm); at >= 0 && len(of.Common) > 0 {
			r.values = of.Values[at]
			m, _ := mean(of.Column, of.Column.Shift, r.values)
			r.figures = fmt.Sprintf("median %s, mean %s", write(rounded(stats.Median(r.values), 3)), write(rounded(m, 3)))
		}
		rows = append(rows, r)
	}
	return rows
}
