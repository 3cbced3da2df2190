package plots

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
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
	z := f.size
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
	f.panels(panels, g, a.String("x-label"), a.String("y-label"), z)
}

// panels makes the body of a figure: panels one above the other, in two columns where a page
// has no room for them else.
func (f *Figure) panels(panels []panel, g *heat, labelX, labelY string, z size) {
	title := textStyle(z.label, ink, true)
	const between = vg.Length(16)
	rows := len(g.y.bins)
	wanted := max(vg.Length(rows)*min(max(300/vg.Length(rows), 6), 26), 8*z.label) // room for a number in each cell where there are not too many
	const least = vg.Length(70)
	columns := 1
	layout := func() (heads, cells vg.Length) {
		lines := 0
		for i := range panels {
			panels[i].heading = fit(title, panels[i].title, (z.room()-vg.Length(columns-1)*between)/vg.Length(columns))
			lines = max(lines, len(panels[i].heading))
		}
		n := vg.Length((len(panels) + columns - 1) / columns)
		heads = vg.Length(lines)*leading(title) + panelRoom
		return heads, min(wanted, f.room()/n-heads)
	}
	heads, cells := layout()
	if cells < min(wanted, least) {
		columns = 2
		heads, cells = layout()
	}
	height := heads + max(cells, 30)
	f.bodyHeight = height * vg.Length((len(panels)+columns-1)/columns)
	f.body = func(c draw.Canvas) {
		width := (c.Size().X - vg.Length(columns-1)*between) / vg.Length(columns)
		for i, p := range panels {
			part := c
			part.Min.X += vg.Length(i%columns) * (width + between)
			part.Max.X = part.Min.X + width
			part.Max.Y -= vg.Length(i/columns) * height
			part.Min.Y = part.Max.Y - height
			g.drawPanel(part, p, labelX, labelY, z)
		}
	}
}

// panelRoom is what a panel takes besides its heading and cells: ticks, label, a gap.
const panelRoom = vg.Length(48)

// drawPanel draws title, map and colour bar.
func (g *heat) drawPanel(c draw.Canvas, p panel, labelX, labelY string, z size) {
	y := drawLines(c, textStyle(z.label, ink, true), p.heading, c.Min.X, c.Max.Y)
	c.Max.Y = y - 2
	c.Min.Y += 8 // to the next panel
	drawing := newAxes(z, g.x.axis(labelX), g.y.axis(labelY))
	area := draw.Crop(c, 0, -colourBarRoom(p, z), 0, 0)
	drawing.Add(heatCells{g, p, z})
	drawing.draw(area)
	data := drawing.data(area)
	drawBar(c, p.bar, data.Max.X+12, data.Min.Y, data.Max.Y, z)
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
