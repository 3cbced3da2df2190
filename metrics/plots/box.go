package plots

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

func boxPlot() spec.Descriptor {
	return spec.Descriptor{
		Name:     "box",
		Synopsis: "how a metric is spread, one row per algorithm",
		Doc: "Over the cases in which all compared algorithms have a value, in whichever group. Each is a point; a box spans " +
			"the quartiles, with a bar at the median.",
		Params:   []spec.Param{columnParam("metric", "expanded", "what is shown"), summary.GroupParam("")},
		Citation: "McGill, Tukey and Larsen 1978, Variations of box plots, The American Statistician 32(1), doi 10.2307/2683468",
	}
}

func box(f *Figure, s *summary.Summary, a spec.Args) {
	col := columnOf(s, a, "metric")
	f.Title, f.Timed = prose.Sentence(what(col))+" by "+s.Compared(), col.Timed
	all := s.Sample(col)
	if len(all.Common) == 0 {
		f.Caption = noCommon(s, all.Comparison)
		return
	}
	rows, leftOver, parts := rowsOf(s, all.Compared, "", all), leftOut(s, all.Comparison), ""
	if a.Has("group") {
		by, err := s.GroupBy(a.String("group"))
		if err != nil {
			f.notApplicable(err.Error())
			return
		}
		f.Title += " and " + by.Column.Title()
		common := map[*summary.Case]bool{}
		for _, c := range all.Common {
			common[c] = true
		}
		rows, parts = nil, "; in parentheses, those of each group"
		for _, g := range by.List {
			name := g.Name
			if by.Column.Kind == summary.Number {
				name = by.Column.Title() + " " + name
			}
			sample := s.Part(slices.DeleteFunc(slices.Clone(g.Cases), func(c *summary.Case) bool { return !common[c] })).Sample(col)
			rows = append(rows, rowsOf(s, all.Compared, fmt.Sprintf("%s  (%d of %s)", name, len(sample.Common), cases(len(g.Cases))), sample)...)
		}
		leftOver += elsewhere(by.LeftOut, "of unknown "+by.Column.Title())
	}
	_, kind := mean(col, col.Shift, nil)
	f.Caption = fmt.Sprintf("Over the %d of %s in which all of them have a value%s. One point per case, jittered vertically; "+
		"box: quartiles; bar: median; mean: %s.%s", len(all.Common), cases(len(s.Cases)), parts, kind, leftOver)
	f.boxes(a, rows, axisOf(col), math.NaN())
}

// rowsOf makes a row of each algorithm in a group of cases, in which it may have no value.
func rowsOf(s *summary.Summary, algorithms []int, group string, of summary.Sample) []boxRow {
	write := valueOf(of.Column)
	var rows []boxRow
	for _, algorithm := range algorithms {
		r := boxRow{group: group, name: s.Label(s.Algorithms[algorithm]), style: seriesOf(algorithm), figures: "no value"}
		if at := slices.Index(of.Compared, algorithm); at >= 0 && len(of.Common) > 0 {
			r.values, r.cases = of.Values[at], of.Common
			m, _ := mean(of.Column, of.Column.Shift, r.values)
			r.figures = fmt.Sprintf("median %s, mean %s", write(prose.Rounded(stats.Median(r.values), 3)), write(prose.Rounded(m, 3)))
		}
		rows = append(rows, r)
	}
	return rows
}

// boxRow is one algorithm: name and figures on the left, values on the right. A group's first row has its name above.
type boxRow struct {
	group, name string
	figures     string
	style       series
	values      []float64
	cases       []*summary.Case // of the values

	head, label, small []string  // group, name and figures in lines
	above, text        vg.Length // heights of the heading, and of name and figures
	height             vg.Length // with what is above
}

// boxes makes data and body of a figure out of rows, and says in the caption what is not drawn: values of rows with very
// many, and rows that a page has no room for. A dashed line stands at mark, unless that is NaN.
func (f *Figure) boxes(a spec.Args, rows []boxRow, x axis, mark float64) {
	var values [][]float64
	most := 0
	for _, r := range rows {
		values, most = append(values, r.values), max(most, len(r.values))
	}
	x = x.fit(a, "x", values...)
	f.columns, f.rows = []string{"group", "algorithm", "instance", x.column}, func() (out [][]any) {
		for _, r := range rows {
			for i, v := range r.values {
				out = append(out, []any{r.group, r.name, r.cases[i].Instance, v})
			}
		}
		return out
	}
	z := f.size
	name, small, head := textStyle(z.names, ink, false), textStyle(min(z.small, z.names), grey, false), textStyle(z.names, ink, true)
	foot := z.label * 5 // the axis with its ticks and label
	room, crowded := f.room()-foot-3*z.small, z.names < 0.65*z.label
	left, total := layRows(rows, z, name, small, head)
	if crowded && total > room { // a page has no room for figures
		for i := range rows {
			rows[i].figures = ""
		}
		left, total = layRows(rows, z, name, small, head)
	}
	shown := rows
	for n := len(rows) - 1; crowded && total > room && n > 0; n-- {
		total -= rows[n].height
		shown = rows[:n]
	}
	budget := pointBudget(len(rows))
	if most > budget {
		f.Caption += fmt.Sprintf(" Of the %d points of a row, %d are drawn, evenly by rank and with both ends; boxes and means are of all.", most, budget)
	}
	if n := len(rows) - len(shown); n > 0 {
		f.Caption += fmt.Sprintf(" A page has no room for the last %d of %d rows.", n, len(rows))
	}
	drawing := newRows(z, x, total, boxRows(shown, x, mark, budget, z))
	f.bodyHeight = total + foot
	f.body = func(c draw.Canvas) {
		area := draw.Crop(c, left+10, -z.tick, 0, 0)
		data := drawing.data(area)
		drawing.draw(area) // below the headings
		top, scale := data.Max.Y, data.Size().Y/total
		right, rightSmall := name, small
		right.XAlign, rightSmall.XAlign = text.XRight, text.XRight
		for _, r := range shown {
			drawLines(c, head, r.head, c.Min.X, top-gap/2)
			y := top - r.above*scale - ((r.height-r.above)*scale-r.text)/2
			y = drawLines(c, right, r.label, c.Min.X+left, y)
			drawLines(c, rightSmall, r.small, c.Min.X+left, y)
			top -= r.height * scale
		}
	}
}

// layRows breaks the texts of rows into lines; it returns their width and the height of all rows.
func layRows(rows []boxRow, z size, name, small, head text.Style) (left, total vg.Length) {
	wide, group := z.room()*0.36, ""
	for i := range rows {
		r := &rows[i]
		r.label, r.small = fit(name, prose.Clean(r.name), wide), fit(small, r.figures, wide)
		left = max(left, widest(name, r.label), widest(small, r.small))
		if r.group != group {
			group, r.head = r.group, fit(head, prose.Clean(r.group), z.room())
			r.above = vg.Length(len(r.head))*leading(head) + gap
		}
		r.text = vg.Length(len(r.label))*leading(name) + vg.Length(len(r.small))*leading(small)
		if r.height = r.above + max(r.text+z.names*1.4, z.names*4.4); z.names < z.label { // there are many
			r.height = r.above + r.text + z.names*0.6
		}
		total += r.height
	}
	return left, total
}

// pointBudget limits the points of a row, so that a picture of any number of records is a file of some hundred kilobytes.
func pointBudget(rows int) int { return min(max(3000/max(rows, 1), 60), 400) }

// thin takes at most so many values: evenly by rank, with the least and the greatest.
func thin(values []float64, most int) []float64 {
	if len(values) <= most {
		return values
	}
	sorted := slices.Sorted(slices.Values(values))
	out := make([]float64, most)
	for i := range out {
		out[i] = sorted[i*(len(sorted)-1)/(most-1)]
	}
	return out
}

// boxRows draws points and boxes, from the top, with so many points in a row at most.
func boxRows(rows []boxRow, axis axis, mark float64, most int, z size) marks {
	return func(c draw.Canvas, p *plot.Plot) {
		x, y := p.Transforms(&c)
		at := func(v float64) vg.Length { return x(min(max(axis.at(v), p.X.Min), p.X.Max)) }
		if mark >= p.X.Min && mark <= p.X.Max {
			c.StrokeLine2(dotted, x(mark), c.Min.Y, x(mark), c.Max.Y)
		}
		top := p.Y.Max
		for i, r := range rows {
			height := float64(r.height - r.above)
			middle := top - float64(r.height+r.above)/2
			if i > 0 {
				c.StrokeLine2(gridLine, c.Min.X, y(top), c.Max.X, y(top))
			}
			if r.above > 0 { // the heading stands on white
				fill(c, color.White, rect(c.Min.X, y(top-float64(r.above))+1, c.Max.X+1, y(top)+1))
			}
			if top -= float64(r.height); len(r.values) == 0 {
				continue
			}
			half := min(height*0.3, 15)
			spread := stats.Summarise(r.values)
			box := rect(at(spread.Q1), y(middle-half), at(spread.Q3), y(middle+half))
			fill(c, faded(r.style.color, 0.15), box)
			outline(c, draw.LineStyle{Color: faded(r.style.color, 0.7), Width: 0.8}, box)

			// Below the points: where all are equal, the bar would hide them.
			reach := min(half+4, height*0.45)
			c.StrokeLine2(draw.LineStyle{Color: r.style.color, Width: 2.6}, at(spread.Median), y(middle-reach), at(spread.Median), y(middle+reach))

			dot := draw.GlyphStyle{Color: faded(r.style.color, 0.75), Radius: z.marker * 0.77, Shape: draw.CircleGlyph{}}
			for j, v := range thin(r.values, most) {
				if v = axis.at(v); v < p.X.Min || v > p.X.Max {
					continue
				}
				_, spread := math.Modf(float64(j+1) * golden)
				drawDot(c, dot, vg.Point{X: x(v), Y: y(middle + (2*spread-1)*half*0.85)}, 0.6)
			}
		}
	}
}

func costBoundPlot() spec.Descriptor {
	return spec.Descriptor{
		Name:     "cost-bound",
		Synopsis: "cost of plans over the best proved lower bound, one row per algorithm",
		Citation: "own work",
		Doc:      "Every commonly solved case is a point; a box spans the quartiles, with a bar at the median.",
	}
}

func costBound(f *Figure, s *summary.Summary, a spec.Args) {
	f.Title = "Cost of plans over the best proved lower bound"
	col, err := s.Column("bound-ratio")
	if err != nil {
		f.notApplicable(err.Error())
		return
	}
	all := s.Sample(col)
	switch {
	case len(all.Compared) == 0:
		f.Caption = "No algorithm has a plan and a lower bound to divide its cost by."
		return
	case len(all.Common) == 0:
		f.Caption = noCommon(s, all.Comparison)
		return
	}
	who := "the algorithm"
	if len(all.Compared) > 1 {
		who = fmt.Sprintf("all %d compared algorithms", len(all.Compared))
	}
	f.Caption = fmt.Sprintf("Only the commonly solved cases: the %d of %d in which %s found a plan, and a bound to divide by is known. "+
		"One point per case, jittered vertically; box: quartiles; bar: median; mean: geometric.%s",
		len(all.Common), len(s.Cases), who, leftOut(s, all.Comparison))
	x := axisFor(col, all.Values...)
	x.label = "cost / lower bound (1 is proved optimal)"
	rows := rowsOf(s, all.Compared, "", all)
	for i := range rows {
		atBound := 0
		for _, v := range rows[i].values {
			if v == 1 {
				atBound++
			}
		}
		rows[i].figures = fmt.Sprintf("mean %.3f, %d of %d at bound", stats.GeoMean(rows[i].values), atBound, len(all.Common))
	}
	f.boxes(a, rows, x, 1)
}
