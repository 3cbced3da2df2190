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
			{
				Name: "alpha", Type: spec.Float, Default: "0.05", Bounds: spec.Between(1e-6, 0.5),
				Doc: "level of significance, for all pairs together",
			},
			{
				Name: "unit", Type: spec.Choice, Choices: []string{"case", "source"}, Default: "case",
				Doc: "what counts as one: each case, or all cases that were made out of one cloud, averaged",
			},
			algorithmsParam(),
		},
		Citation: "Demšar 2006, Statistical comparisons of classifiers over multiple data sets, JMLR 7, " +
			"https://jmlr.org/papers/v7/demsar06a.html",
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
	r := s.Ranking(col, alpha, a.String("unit") == "source")
	if len(r.Test.Ranks) == 0 {
		f.NotApplicable = true
		f.Caption = fmt.Sprintf("Ranks take two algorithms, and two cases on which all were run: here are %s and %s.",
			prose.Count(len(s.Algorithms), "algorithm"), cases(len(r.Cases))) + rankingLeftOut(r)
		return
	}
	f.Caption = rankingCaption(r, alpha)
	if a.String("unit") == "source" {
		f.Caption += " Cases that were made out of one cloud are averaged, and count as one."
	}
	if r.Without == len(r.Cases) {
		f.Caption = fmt.Sprintf("No run tells its %s in any of the %s on which all algorithms were run.", what(col), cases(len(r.Cases)))
		return
	}
	f.Points.Columns = []string{"algorithm", "mean rank"}
	var names []string
	for i, name := range s.Algorithms {
		names = append(names, s.Label(name))
		f.point(names[i], r.Test.Ranks[i])
	}
	d := newRankDiagram(names, r, f.size)
	f.bodyHeight, f.body = d.height, d.draw
}

func rankingCaption(r summary.Ranking, alpha float64) string {
	caption := fmt.Sprintf("Mean ranks over %s, in parentheses; 1 is the best. Bars join algorithms whose ranks differ by less than the critical "+
		"difference, %.3g, by the test of Nemenyi at α = %s. ", cases(len(r.Cases)), r.Critical, number(alpha))
	if r.Test.FP <= alpha {
		caption += fmt.Sprintf("Friedman's test finds that algorithms differ (p %s).", pValue(r.Test.FP))
	} else {
		caption += fmt.Sprintf("Friedman's test finds no difference (p %s), so none may be read off.", pValue(r.Test.FP))
	}
	if r.Without > 0 {
		caption += fmt.Sprintf(" In %d of the cases no algorithm has a value, and all rank alike.", r.Without)
	}
	return caption + rankingLeftOut(r)
}

func rankingLeftOut(r summary.Ranking) string {
	return elsewhere(r.NotRun, "that not all were run on") + elsewhere(r.Infeasible, "proved to have no plan")
}

// rankDiagram is a line of ranks with algorithms on both sides of it: the better half
// on the left, the best on top, the other half on the right, the worst on top, so that
// no line crosses another.
type rankDiagram struct {
	names    []string
	ranking  summary.Ranking
	z        size
	left     []rankLabel
	right    []rankLabel
	wide     [2]vg.Length // of the labels on the left and on the right
	lo, hi   float64      // ends of the line: whole ranks
	bars     [][]int      // cliques by level
	head     vg.Length    // above the line
	barsRoom vg.Length
	height   vg.Length
}

// rankLabel is an algorithm with its rank, in lines.
type rankLabel struct {
	algorithm int
	lines     []string
	height    vg.Length
}

const (
	rankBarGap  = vg.Length(6) // between cliques that overlap
	rankTick    = vg.Length(4)
	rankLeadGap = vg.Length(5) // between a label and its line
)

func newRankDiagram(names []string, r summary.Ranking, z size) rankDiagram {
	d := rankDiagram{names: names, ranking: r, z: z}
	order := make([]int, len(names))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(r.Test.Ranks[a], r.Test.Ranks[b]) })
	style := textStyle(z.names, ink, false)
	label := func(algorithm int) rankLabel {
		name := fmt.Sprintf("%s  (%.2f)", prose.Clean(names[algorithm]), r.Test.Ranks[algorithm])
		l := rankLabel{algorithm: algorithm, lines: fit(style, name, z.room()*0.34)}
		l.height = max(vg.Length(len(l.lines))*leading(style)+z.names*0.5, min(3*z.marker+2, z.names*1.2))
		return l
	}
	d.lo, d.hi = math.Floor(slices.Min(r.Test.Ranks)), math.Ceil(slices.Max(r.Test.Ranks))
	if d.lo == d.hi {
		d.lo, d.hi = 1, float64(len(names))
	}
	half := (len(order) + 1) / 2
	for _, a := range order[:half] {
		d.left = append(d.left, label(a))
	}
	for _, a := range slices.Backward(order[half:]) {
		d.right = append(d.right, label(a))
	}
	var sum [2]vg.Length
	for side, labels := range [][]rankLabel{d.left, d.right} {
		for _, l := range labels {
			d.wide[side] = max(d.wide[side], widest(style, l.lines))
			sum[side] += l.height
		}
	}
	d.bars = levels(r.Cliques, r.Test.Ranks)
	tick := textStyle(z.tick, grey, false)
	d.head = leading(style) + 10 + leading(tick) + rankTick + 4
	d.barsRoom = vg.Length(len(d.bars))*rankBarGap + 2*z.marker + 4
	d.height = d.head + d.barsRoom + max(sum[0], sum[1])
	return d
}

// levels puts cliques, given from the best rank to the worst, on as few levels as will
// do without two that overlap or touch on one of them. It returns, by level, indices.
func levels(cliques [][]int, ranks []float64) [][]int {
	var out [][]int
	for i, c := range cliques {
		at := slices.IndexFunc(out, func(level []int) bool {
			last := cliques[level[len(level)-1]]
			return ranks[last[len(last)-1]] < ranks[c[0]]
		})
		if at < 0 {
			out = append(out, nil)
			at = len(out) - 1
		}
		out[at] = append(out[at], i)
	}
	return out
}

func (d rankDiagram) draw(c draw.Canvas) {
	left, right := c.Min.X+d.wide[0]+3*rankLeadGap, c.Max.X-d.wide[1]-3*rankLeadGap
	x := func(rank float64) vg.Length {
		return left + (right-left)*vg.Length((rank-d.lo)/(d.hi-d.lo))
	}
	line := c.Max.Y - d.head
	d.drawScale(c, x, line)
	d.drawSide(c, x, line, d.left, -1)
	d.drawSide(c, x, line, d.right, 1)
	bar := draw.LineStyle{Color: ink, Width: 2 * d.z.line}
	for level, cliques := range d.bars {
		y := line - d.z.marker - 4 - vg.Length(level)*rankBarGap
		for _, i := range cliques {
			clique := d.ranking.Cliques[i]
			from, to := d.ranking.Test.Ranks[clique[0]], d.ranking.Test.Ranks[clique[len(clique)-1]]
			c.StrokeLine2(bar, x(from)-2, y, x(to)+2, y)
		}
	}
	for a, rank := range d.ranking.Test.Ranks { // last, so that no line crosses them
		drawMarker(c, seriesOf(a), vg.Point{X: x(rank), Y: line}, d.z)
	}
}

// drawScale draws the line of ranks, and the critical difference above it.
func (d rankDiagram) drawScale(c draw.Canvas, x func(float64) vg.Length, line vg.Length) {
	style := draw.LineStyle{Color: grey, Width: 0.7}
	left, right := x(d.lo), x(d.hi)
	c.StrokeLine2(style, left, line, right, line)
	tick := textStyle(d.z.tick, grey, false)
	tick.XAlign, tick.YAlign = text.XCenter, text.YBottom
	most := max(1, int((right-left)/(tick.Width("00")+2*labelGap)))
	for rank := d.lo; rank <= d.hi; rank += linearStep(d.hi-d.lo, most, 1) {
		c.StrokeLine2(style, x(rank), line, x(rank), line+rankTick)
		c.FillText(tick, vg.Point{X: x(rank), Y: line + rankTick + 1.5}, number(rank))
	}
	top := c.Max.Y - leading(textStyle(d.z.label, ink, false)) - 5
	measure, end := draw.LineStyle{Color: ink, Width: 1}, x(d.lo+d.ranking.Critical)
	c.StrokeLine2(measure, left, top, min(end, right), top)
	c.StrokeLine2(measure, left, top-3, left, top+3)
	if end <= right { // else it is longer than the line, and has no end here
		c.StrokeLine2(measure, end, top-3, end, top+3)
	}
	label := textStyle(d.z.label, ink, false)
	what := fmt.Sprintf("critical difference %.3g", d.ranking.Critical)
	drawLines(c, label, []string{what}, min(left, c.Max.X-label.Width(what)), c.Max.Y)
}

// drawSide draws the algorithms on one side, -1 for the left, and the lines to them.
func (d rankDiagram) drawSide(c draw.Canvas, x func(float64) vg.Length, line vg.Length, labels []rankLabel, side vg.Length) {
	style := textStyle(d.z.names, ink, false)
	edge := c.Min.X + d.wide[0]
	style.XAlign = text.XRight
	if side > 0 {
		edge, style.XAlign = c.Max.X-d.wide[1], text.XLeft
	}
	top := line - d.barsRoom
	for _, l := range labels {
		middle := top - l.height/2
		at := x(d.ranking.Test.Ranks[l.algorithm])
		c.StrokeLines(draw.LineStyle{Color: seriesOf(l.algorithm).color, Width: d.z.line * 0.6},
			[]vg.Point{{X: at, Y: line}, {X: at, Y: middle}, {X: edge - side*rankLeadGap, Y: middle}})
		block := vg.Length(len(l.lines)) * leading(style)
		drawLines(c, style, l.lines, edge, middle+block/2)
		top -= l.height
	}
}
