package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

func criticalDifferencePlot() spec.Descriptor {
	return spec.Descriptor{
		Name:     "critical-difference",
		Synopsis: "mean ranks of algorithms on a line, with bars that join those that are not told apart",
		Doc: "In each case the algorithms are ranked by the metric, 1 for the best; what has no value ranks last, and equal ones share " +
			"their rank. Algorithms whose mean ranks differ by less than the critical difference of Nemenyi's test are joined. " +
			"It applies where two algorithms or more were run on two cases or more.",
		Params: []spec.Param{
			columnParam("metric", "cost", "what algorithms are ranked by"),
			{Name: "alpha", Type: spec.Float, Default: "0.05", Bounds: spec.Between(1e-6, 0.5), Doc: "level of significance, for all pairs together"},
			{
				Name: "unit", Type: spec.Choice, Choices: []string{"case", "source"}, Default: "case",
				Doc: "what counts as one: each case, or all cases that were made out of one cloud, averaged",
			},
		},
		Citation: "Demšar 2006, Statistical comparisons of classifiers over multiple data sets, JMLR 7, https://jmlr.org/papers/v7/demsar06a.html",
	}
}

func criticalDifferenceArgs(a spec.Args) error {
	if c := spec.Built[summary.Column](a, "metric"); c.Better == summary.Neither {
		return fmt.Errorf("metric=%s: neither less of it nor more is better", c.Name)
	}
	return nil
}

func criticalDifference(f *Figure, s *summary.Summary, a spec.Args) {
	col, alpha := columnOf(s, a, "metric"), a.Float("alpha")
	f.Title, f.Timed = "Ranks by "+what(col), col.Timed
	if err := s.OneCase(); err != nil {
		f.notApplicable(err.Error())
		return
	}
	r := s.Ranking(col, alpha, a.String("unit") == "source")
	if len(r.Test.Ranks) == 0 {
		f.notApplicable(fmt.Sprintf("ranks take two algorithms, and two cases on which all were run: here are %s and %s",
			prose.Count(len(s.Algorithms), "algorithm"), cases(len(r.Cases))))
		f.Caption += rankingLeftOut(r)
		return
	}
	if r.Without == len(r.Cases) {
		f.Caption = fmt.Sprintf("No run tells its %s in any of the %s on which all algorithms were run.", what(col), cases(len(r.Cases)))
		return
	}
	f.Caption = rankingCaption(r, alpha, a.String("unit"))
	var rows [][]any
	var names []string
	for i, name := range s.Algorithms {
		names = append(names, s.Label(name))
		rows = append(rows, []any{names[i], r.Test.Ranks[i]})
	}
	f.columns, f.rows = []string{"algorithm", "mean rank"}, func() [][]any { return rows }
	f.rankDiagram(names, r)
}

func rankingCaption(r summary.Ranking, alpha float64, unit string) string {
	caption := fmt.Sprintf("Mean ranks over %s, in parentheses; 1 is the best. Bars join algorithms whose ranks differ by less than the critical "+
		"difference, %.3g, by the test of Nemenyi at α = %s. ", cases(len(r.Cases)), r.Critical, prose.Number(alpha))
	verdict := "Friedman's test finds no difference (p %s), so none may be read off."
	if r.Test.FP <= alpha {
		verdict = "Friedman's test finds that algorithms differ (p %s)."
	}
	caption += fmt.Sprintf(verdict, pValue(r.Test.FP))
	if r.Without > 0 {
		caption += fmt.Sprintf(" In %d of the cases no algorithm has a value, and all rank alike.", r.Without)
	}
	if unit == "source" {
		caption += " Cases that were made out of one cloud are averaged, and count as one."
	}
	return caption + rankingLeftOut(r)
}

func rankingLeftOut(r summary.Ranking) string {
	return elsewhere(r.NotRun, "that not all were run on") + elsewhere(r.Infeasible, "proved to have no plan")
}

const (
	rankBarGap  = vg.Length(6) // between cliques that overlap
	rankTick    = vg.Length(4)
	rankLeadGap = vg.Length(5) // between a label and its line
)

// rankDiagram draws a line of ranks with the better half of the algorithms on its left, the best on top, and the other half
// on its right, the worst on top, so that no line crosses another.
func (f *Figure) rankDiagram(names []string, r summary.Ranking) {
	z, ranks := f.size, r.Test.Ranks
	order := make([]int, len(names))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(ranks[a], ranks[b]) })
	half := (len(order) + 1) / 2
	slices.Reverse(order[half:])
	sides := [2][]int{order[:half], order[half:]}
	style := textStyle(z.names, ink, false)
	lines, heights := make([][]string, len(names)), make([]vg.Length, len(names))
	var wide, high [2]vg.Length
	for side, list := range sides {
		for _, a := range list {
			lines[a] = fit(style, fmt.Sprintf("%s  (%.2f)", prose.Clean(names[a]), ranks[a]), z.room()*0.34)
			heights[a] = vg.Length(len(lines[a]))*leading(style) + z.names*0.5
			wide[side] = max(wide[side], widest(style, lines[a]))
			high[side] += heights[a]
		}
	}
	lo, hi := math.Floor(slices.Min(ranks)), math.Ceil(slices.Max(ranks))
	if lo == hi || lo+r.Critical > hi {
		lo, hi = 1, float64(len(names))
	}
	critical, open := fmt.Sprintf("critical difference %.3g", r.Critical), lo+r.Critical > hi
	if open {
		critical += ", beyond the axis"
	}
	label, tick := textStyle(z.label, ink, false), textStyle(z.tick, grey, false)
	tick.XAlign, tick.YAlign = text.XCenter, text.YBottom
	bars := levels(r.Cliques, ranks)
	head := leading(label) + 10 + leading(tick) + rankTick + 4 // above the line
	room := vg.Length(len(bars))*rankBarGap + 2*z.marker + 4   // of bars
	f.bodyHeight = head + room + max(high[0], high[1])
	if f.bodyHeight > f.room() && z.names < 0.65*z.label {
		f.notApplicable(fmt.Sprintf("a page has no room for %d algorithms: choose some of them", len(names)))
		return
	}
	f.body = func(c draw.Canvas) {
		left, right := c.Min.X+wide[0]+3*rankLeadGap, c.Max.X-wide[1]-3*rankLeadGap
		line := c.Max.Y - head
		x := func(rank float64) vg.Length { return left + (right-left)*vg.Length((rank-lo)/(hi-lo)) }

		c.StrokeLine2(thinLine, left, line, right, line)
		most := max(1, int((right-left)/(tick.Width("00")+2*labelGap)))
		for rank := lo; rank <= hi; rank += linearStep(hi-lo, most, 1) {
			c.StrokeLine2(thinLine, x(rank), line, x(rank), line+rankTick)
			c.FillText(tick, vg.Point{X: x(rank), Y: line + rankTick + 1.5}, prose.Number(rank))
		}
		top := c.Max.Y - leading(label) - 5
		measure, end := draw.LineStyle{Color: ink, Width: 1}, x(min(lo+r.Critical, hi))
		c.StrokeLine2(measure, left, top, end, top)
		c.StrokeLine2(measure, left, top-3, left, top+3)
		if !open {
			c.StrokeLine2(measure, end, top-3, end, top+3)
		}
		drawLines(c, label, []string{critical}, min(left, c.Max.X-label.Width(critical)), c.Max.Y)

		for side, list := range sides {
			style, edge, lead := style, c.Min.X+wide[0], rankLeadGap
			if style.XAlign = text.XRight; side > 0 {
				style.XAlign, edge, lead = text.XLeft, c.Max.X-wide[1], -rankLeadGap
			}
			top := line - room
			for _, a := range list {
				middle := top - heights[a]/2
				c.StrokeLines(draw.LineStyle{Color: seriesOf(a).color, Width: z.line * 0.6},
					[]vg.Point{{X: x(ranks[a]), Y: line}, {X: x(ranks[a]), Y: middle}, {X: edge + lead, Y: middle}})
				drawLines(c, style, lines[a], edge, middle+vg.Length(len(lines[a]))*leading(style)/2)
				top -= heights[a]
			}
		}
		for level, cliques := range bars {
			y := line - z.marker - 4 - vg.Length(level)*rankBarGap
			for _, i := range cliques {
				clique := r.Cliques[i]
				c.StrokeLine2(draw.LineStyle{Color: ink, Width: 2 * z.line}, x(ranks[clique[0]])-2, y, x(ranks[clique[len(clique)-1]])+2, y)
			}
		}
		for a, rank := range ranks { // last, so that no line crosses them
			drawMarker(c, seriesOf(a), vg.Point{X: x(rank), Y: line}, z)
		}
	}
}

// levels puts cliques, given from the best rank to the worst, on as few levels as will
// do without two that overlap or touch on one of them. It returns, by level, indices.
func levels(cliques [][]int, ranks []float64) [][]int {
	all := make([]int, len(cliques))
	for i := range all {
		all[i] = i
	}
	return inRows(all, func(i, next int) bool { return ranks[cliques[i][len(cliques[i])-1]] < ranks[cliques[next][0]] })
}
