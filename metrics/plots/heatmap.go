package plots

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

func heatMapPlot() spec.Descriptor {
	return spec.Descriptor{
		Name:     "heat-map",
		Synopsis: "two parameters of instances against what one algorithm made of them",
		Doc: "Shows where instances are easy, where they turn hard and where they turn infeasible. It applies where two " +
			"parameters of a family make a grid, or where two are named. Cells with runs that were not settled, " +
			"neither by a plan nor by a proof that there is none, are hatched: what is shown of effort is a lower bound there.",
		Params: []spec.Param{
			{Name: "x", Type: spec.String, Doc: "parameter or feature of the instances, from left to right; chosen automatically unless given"},
			{Name: "y", Type: spec.String, Doc: "the same, from bottom to top"},
			{
				Name: "metric", Type: spec.String, List: true, Default: "[path, expanded]", Doc: "panels: path, share of settled runs with a path; " +
					"settled, share of runs that were settled; or a column of numbers, of which the mean is shown",
			},
			{Name: "algorithm", Type: spec.String, Doc: "the algorithm shown; unless given, the one that settled most cases"},
			labelParam("x"), labelParam("y"),
		},
		Citation: "Cheeseman, Kanefsky and Taylor 1991, Where the really hard problems are, IJCAI, " +
			"https://www.ijcai.org/Proceedings/91-1/Papers/052.pdf",
	}
}

// The panels that show shares and not a column, and how many panels a page has room for.
const (
	pathPanel    = "path"
	settledPanel = "settled"
	mostPanels   = 12
)

// heatMapArgs checks what parameters say together.
func heatMapArgs(a spec.Args) error {
	if (a.String("x") == "") != (a.String("y") == "") {
		return errors.New("x and y go together: give both or neither")
	}
	panels := a.Strings("metric")
	if len(panels) == 0 {
		return errors.New("metric=[] leaves nothing to show")
	}
	if len(panels) > mostPanels {
		return fmt.Errorf("metric: a page has room for %d panels, found %d", mostPanels, len(panels))
	}
	for _, name := range panels {
		if name == pathPanel || name == settledPanel {
			continue
		}
		sp, err := spec.Parse(name)
		if err != nil {
			return fmt.Errorf("metric: %w", err)
		}
		if c, _, err := spec.Build[summary.Column](a.Catalogue(), summary.ColumnKind, sp); err != nil {
			return fmt.Errorf("metric: neither %s nor %s, and %w", pathPanel, settledPanel, err)
		} else if c.Kind != summary.Number {
			return fmt.Errorf("metric=%s: the column is no number", c.Name)
		}
	}
	return nil
}

// panel is one map of a figure, over all cells.
type panel struct {
	title   string
	heading []string // the title in lines
	bar     axis
	write   func(float64) string
	values  [][]float64 // by x and y; NaN where there is none
}

func heatMap(f *Figure, s *summary.Summary, a spec.Args) {
	f.Title = "Heat map"
	g, err := gridOf(s, a.String("x"), a.String("y"), a.String("algorithm"))
	if err != nil {
		f.notApplicable(err.Error())
		return
	}
	name := s.Label(s.Algorithms[g.algorithm])
	f.Title = "By " + g.x.Title() + " and " + g.y.Title() + ": " + prose.Clean(name)
	f.Caption = g.caption(name)
	if g.cases == 0 {
		f.Caption = "No run counts. " + f.Caption
		return
	}
	f.Points.Columns = []string{"shown", withUnit(g.x.Name, g.x.Unit), withUnit(g.y.Name, g.y.Unit), "value", "cases", "unsettled"}
	var panels []panel
	efforts, plans := false, false
	for _, name := range a.Strings("metric") {
		p := g.sharePanel(name)
		if p.values == nil {
			var col summary.Column
			if col, err = s.Column(name); err != nil {
				f.notApplicable(err.Error())
				return
			}
			f.Timed = f.Timed || col.Timed
			efforts, plans = efforts || !col.Plan, plans || col.Plan
			p = g.meanPanel(col)
		}
		for i, column := range g.cells {
			for j, c := range column {
				if v := p.values[i][j]; len(c.cases) > 0 {
					var value any
					if !math.IsNaN(v) {
						value = v
					}
					f.point(p.title, g.x.middle(i), g.y.middle(j), value, float64(len(c.cases)), c.open())
				}
			}
		}
		panels = append(panels, p)
	}
	if efforts {
		f.Caption += " Means of effort are over all runs; one that was not settled counts with what it had taken."
	}
	if plans {
		f.Caption += " Means of plans are over the runs with a plan."
	}
	f.panels(panels, g, a.String("x-label"), a.String("y-label"))
}

// panels makes the body of a figure: panels one above the other, or, where a page has no
// room for them then, in two columns that share the labels of axes.
func (f *Figure) panels(panels []panel, g *heat, labelX, labelY string) {
	z, columns := f.size, 1
	x, y := g.x.axis(labelX), g.y.axis(labelY)
	rows := vg.Length(len(g.y.bins))
	wanted := max(rows*min(max(300/rows, 6), 26), 8*z.label) // room for a number in each cell where there are not too many
	heads, cells, style := f.panelHeights(panels, columns, z.label)
	shared := vg.Length(0) // of labels
	if cells < min(wanted, 70) && len(panels) > 1 {
		columns, shared = 2, leading(textStyle(z.label, ink, false))+labelGap
		heads, cells, style = f.panelHeights(panels, columns, z.tick)
		x.label, y.label = "", ""
	}
	height := heads + max(min(wanted, cells), 20)
	f.bodyHeight = height*vg.Length((len(panels)+columns-1)/columns) + shared
	f.body = func(c draw.Canvas) {
		if columns > 1 {
			both := axes{z: z, x: g.x.axis(labelX), y: g.y.axis(labelY)}
			both.labels(c, c)
			c.Min.X, c.Min.Y = c.Min.X+shared, c.Min.Y+shared
		}
		for i, p := range panels {
			part := c
			width := (c.Size().X + panelGap) / vg.Length(columns)
			part.Min.X += vg.Length(i%columns) * width
			part.Max.X = part.Min.X + width - panelGap
			part.Max.Y -= vg.Length(i/columns) * height
			part.Min.Y = part.Max.Y - height + 8
			part.Max.Y = drawLines(part, style, p.heading, part.Min.X, part.Max.Y) - 2
			drawing := newAxes(z, x, y)
			drawing.Add(heatCells{g, p, z})
			area := draw.Crop(part, 0, -colourBarRoom(p, z), 0, 0)
			drawing.draw(area)
			data := drawing.data(area)
			drawBar(c, p.bar, data.Max.X+8, data.Min.Y, data.Max.Y, z)
		}
	}
}

// panelGap is between panels next to each other.
const panelGap = vg.Length(10)

// panelHeights breaks the headings of panels in so many columns into lines, and says how high
// these are with ticks, label and a gap, and how high a page lets the cells be.
func (f *Figure) panelHeights(panels []panel, columns int, font vg.Length) (heads, cells vg.Length, style text.Style) {
	style = textStyle(font, ink, true)
	lines := 0
	for i := range panels {
		panels[i].heading = fit(style, panels[i].title, (f.size.room()-vg.Length(columns-1)*(panelGap+20))/vg.Length(columns))
		lines = max(lines, len(panels[i].heading))
	}
	heads = vg.Length(lines)*leading(style) + 24 + 2.4*f.size.label
	if columns > 1 {
		heads -= 1.4 * f.size.label
	}
	return heads, (f.room()-20)/vg.Length((len(panels)+columns-1)/columns) - heads, style
}

func (g *heat) caption(algorithm string) string {
	text := fmt.Sprintf("Runs of %s on %s. ", algorithm, cases(g.cases))
	for _, b := range []bins{g.x, g.y} {
		if b.width > 0 {
			text += fmt.Sprintf("%s is put into %d classes of equal width, labelled at their middle. ", b.Title(), len(b.bins))
		}
	}
	text += "Settled: by a validated plan, or by a proof that there is no path. " +
		"Hatched: some runs were not settled within their limits; on white, there is none to take the share or the mean of."
	if g.leftOut > 0 {
		text += fmt.Sprintf(" %s not belong to the grid.", map[bool]string{true: "One other case does", false: fmt.Sprintf("%d other cases do", g.leftOut)}[g.leftOut == 1])
	}
	return text
}

// values makes a panel's values out of cells.
func (g *heat) values(of func(heatCell) float64) [][]float64 {
	out := make([][]float64, len(g.cells))
	for i, column := range g.cells {
		for _, c := range column {
			out[i] = append(out[i], of(c))
		}
	}
	return out
}

// sharePanel shows a share of runs; it has no values if the name is that of a column.
func (g *heat) sharePanel(name string) panel {
	p := panel{bar: shareAxis(""), write: func(v float64) string { return fmt.Sprintf("%.0f", 100*v) }}
	p.bar.hi, p.bar.max = 1, 1
	switch name {
	case pathPanel:
		p.title = "Share of settled runs with a path (%); the others proved that there is none"
		p.values = g.values(func(c heatCell) float64 { return c.paths / c.settled })
	case settledPanel:
		p.title = "Share of runs that were settled (%)"
		p.values = g.values(func(c heatCell) float64 { return c.settled / float64(len(c.cases)) })
	}
	return p
}

// meanPanel shows means of a column.
func (g *heat) meanPanel(col summary.Column) panel {
	// The runs of a cell are alike, and the shift of counts that makes the means of a suite
	// robust would make all easy cells equal.
	shift := col.Shift
	if col.Unit == "states" {
		shift = 1
	}
	values := g.values(func(c heatCell) float64 {
		var list []float64
		for _, k := range c.cases {
			// Note: a mean of efforts over settled runs only would call the hardest cells easy, in
			// which nothing is settled but what a glance can settle.
			if v, ok := col.Of(k, g.algorithm).Spent(); ok {
				list = append(list, v)
			}
		}
		if len(list) == 0 {
			return math.NaN()
		}
		m, _ := mean(col, shift, list)
		return m
	})
	lo, hi := math.Inf(1), 0.0 // of values above 0
	none := true
	for _, v := range slices.Concat(values...) {
		none = none && math.IsNaN(v)
		if v > 0 {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	if hi == 0 {
		lo, hi = 1, 1
	}
	if col.Unit == "states" { // a fraction of a state is none
		lo, hi = max(lo, 1), max(hi, 10)
	}
	bar := axisOf(col)
	if bar.lo, bar.hi = logRange(lo, hi); isRatio(col) {
		bar.lo = max(bar.lo, 1)
	}
	bar.min, bar.max = bar.lo, bar.hi
	_, kind := mean(col, 0, nil)
	title := fmt.Sprintf("%s, %s mean (log scale", sentenceCase(label(col)), kind)
	switch {
	case none:
		title += "; no run tells it"
	case !col.Plan:
		title += "; hatched: lower bound"
	}
	return panel{title: title + ")", bar: bar, write: cellText(col), values: values}
}

// cellText writes a value so that it fits into a cell: with two digits or three.
func cellText(c summary.Column) func(float64) string {
	return func(v float64) string {
		switch {
		case v == 0 || math.IsNaN(v):
			return "0"
		case c.Unit == "s":
			return seconds(rounded(v, 2))
		case v < 10 && c.Unit != "states", isRatio(c) && v < 100:
			return number(math.Round(v*100) / 100)
		}
		return short(v)
	}
}

// axis is that of cells at whole numbers.
func (b bins) axis(label string) axis {
	x := axis{label: withUnit(b.Title(), b.Unit), min: -0.5, max: float64(len(b.bins)) - 0.5}
	if label != "" {
		x.label = label
	}
	for i := range b.bins {
		text := number(b.middle(i))
		if b.width > 0 {
			text = fmt.Sprintf("%.4g", b.middle(i)+0) // + 0: never -0
		}
		x.fixed = append(x.fixed, plot.Tick{Value: float64(i), Label: text})
	}
	return x
}
