package plots

import (
	"cmp"
	"errors"
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
		Citation: "Cheeseman, Kanefsky and Taylor 1991, Where the really hard problems are, IJCAI, https://www.ijcai.org/Proceedings/91-1/Papers/052.pdf",
	}
}

// The panels that show shares and not a column, and how many panels a page has room for.
const (
	pathPanel    = "path"
	settledPanel = "settled"
	mostPanels   = 12
)

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
	f.columns = []string{"shown", withUnit(g.x.Title(), g.x.Unit), withUnit(g.y.Title(), g.y.Unit), "value", "cases", "unsettled"}
	var rows [][]any
	var panels []panel
	for _, name := range a.Strings("metric") {
		p := g.sharePanel(name)
		if p.values == nil {
			var col summary.Column
			if col, err = s.Column(name); err != nil {
				f.notApplicable(err.Error())
				return
			}
			f.Timed = f.Timed || col.Timed
			p = g.meanPanel(col)
		}
		for i, column := range g.cells {
			for j, c := range column {
				if len(c.cases) > 0 {
					rows = append(rows, []any{p.title, g.x.middle(i), g.y.middle(j), p.values[i][j], float64(len(c.cases)), c.open()})
				}
			}
		}
		panels = append(panels, p)
	}
	f.rows = func() [][]any { return rows }
	f.panels(panels, g, a.String("x-label"), a.String("y-label"))
}

// panels draws panels one above the other or, where a page has no room for that, in two columns that share the labels of axes.
func (f *Figure) panels(panels []panel, g *heat, labelX, labelY string) {
	z, columns := f.size, 1
	x, y := g.x.axis(labelX), g.y.axis(labelY)
	both := axes{z: z, x: x, y: y}
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
			both.labels(c, c)
			c.Min.X, c.Min.Y = c.Min.X+shared, c.Min.Y+shared
		}
		for i, p := range panels {
			width := (c.Size().X + panelGap) / vg.Length(columns)
			left, top := c.Min.X+vg.Length(i%columns)*width, c.Max.Y-vg.Length(i/columns)*height
			part := draw.Canvas{Canvas: c.Canvas, Rectangle: rect(left, top-height+8, left+width-panelGap, top)}
			part.Max.Y = drawLines(c, style, p.heading, left, top) - 2
			drawing := newAxes(z, x, y)
			drawing.Add(g.draw(p, z))
			area := draw.Crop(part, 0, -colourBarRoom(p, z), 0, 0)
			drawing.draw(area)
			data := drawing.data(area)
			drawBar(c, p.bar, data.Max.X+8, data.Min.Y, data.Max.Y, z)
		}
	}
}

const panelGap = vg.Length(10)

// panelHeights breaks headings into lines, and says how high these are with ticks, label and a gap, and how high a page
// lets the cells be.
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
		"Hatched: some runs were not settled within their limits; on white, there is none to take the share or the mean of. " +
		"A mean of effort is over all runs, with what those had taken that were not settled; one of plans is over the runs with a plan."
	return text + elsewhere(g.leftOut, "outside the grid")
}

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
	p := panel{bar: shareAxis("").over(-1, -1, []float64{1}), write: func(v float64) string { return fmt.Sprintf("%.0f", 100*v) }}
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

func (g *heat) meanPanel(col summary.Column) panel {
	// The runs of a cell are alike, and the shift of counts that makes the means of a suite
	// robust would make all easy cells equal.
	shift := col.Shift
	if col.Unit == "states" {
		shift = 1
	}
	none, digits := true, 3
	if col.Unit == "s" {
		digits = 2
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
		none = false
		m, _ := mean(col, shift, list)
		return m
	})
	p := panel{bar: axisFor(col, values...).over(-1, -1, values...), values: values, write: func(v float64) string { return valueOf(col)(prose.Rounded(v, digits)) }}
	_, kind := mean(col, 0, nil)
	p.title = prose.Sentence(label(col)) + ", " + kind + " mean"
	if p.bar.log {
		p.title += ", log scale"
	}
	switch {
	case none:
		p.title += "; no run tells it"
	case !col.Plan:
		p.title += "; hatched: lower bound"
	}
	return p
}

// axis is that of cells at whole numbers.
func (b bins) axis(label string) axis {
	x := axis{label: cmp.Or(label, withUnit(b.Title(), b.Unit)), min: -0.5, max: float64(len(b.bins)) - 0.5}
	for i := range b.bins {
		text := prose.Number(b.middle(i))
		if b.width > 0 {
			text = fmt.Sprintf("%.4g", b.middle(i)+0) // + 0: never -0
		}
		x.fixed = append(x.fixed, plot.Tick{Value: float64(i), Label: text})
	}
	return x
}

func (g *heat) draw(panel panel, z size) marks {
	return func(c draw.Canvas, p *plot.Plot) {
		tx, ty := p.Transforms(&c)
		style := panel.numbers(tx(1)-tx(0), ty(1)-ty(0), z)
		for i, column := range g.cells {
			for j, cell := range column {
				if len(cell.cases) == 0 {
					continue
				}
				left, bottom, right, top := tx(float64(i)-0.5), ty(float64(j)-0.5), tx(float64(i)+0.5), ty(float64(j)+0.5)
				box, value, ground := rect(left, bottom, right, top), panel.values[i][j], white
				none := math.IsNaN(value)
				if !none {
					ground = viridis(panel.bar.share(value))
				}
				fill(c, ground, box)
				if cell.open() {
					hatch(c, box, faded(inkOn(ground), 0.55), false)
				}
				outline(c, draw.LineStyle{Color: color.White, Width: 0.5}, box)
				switch {
				case none:
					outline(c, draw.LineStyle{Color: grey, Width: 0.5}, rect(left+0.5, bottom+0.5, right-0.5, top-0.5))
				case style != nil:
					style.Color = inkOn(ground)
					drawLabel(c, *style, panel.write(value), box, ground, cell.open())
				}
			}
		}
	}
}

// numbers is the style of the numbers in cells, as large as all fit; nil if that is too small to read.
func (p panel) numbers(width, height vg.Length, z size) *text.Style {
	var labels []string
	for _, v := range slices.Concat(p.values...) {
		if !math.IsNaN(v) {
			labels = append(labels, p.write(v))
		}
	}
	for size := z.small; size >= 5.5; size -= 0.5 {
		style := centred(size, ink)
		if widest(style, labels)+3 <= width && size*1.2 <= height {
			return &style
		}
	}
	return nil
}

const colourBarWidth = vg.Length(9)

// colourBarRoom is the width of a colour bar with its labels, and of the gap before it.
func colourBarRoom(p panel, z size) vg.Length {
	var labels []string
	for _, t := range p.bar.ticks(1) {
		labels = append(labels, t.Label)
	}
	return 8 + colourBarWidth + 7 + widest(textStyle(z.tick, grey, false), labels)
}

func drawBar(c draw.Canvas, x axis, left, bottom, top vg.Length, z size) {
	const strips = 64
	for i := range strips {
		from := bottom + (top-bottom)*vg.Length(i)/strips
		to := bottom + (top-bottom)*vg.Length(i+1)/strips
		// A little overlap, or seams show between the strips.
		fill(c, viridis((float64(i)+0.5)/strips), rect(left, from, left+colourBarWidth, min(to+0.3, top)))
	}
	label := textStyle(z.tick, grey, false)
	label.YAlign = text.YCenter
	last := bottom - leading(label)
	for _, t := range x.ticks(1) {
		y := bottom + vg.Length(x.share(t.Value))*(top-bottom)
		if t.Label == "" || y < last+leading(label) {
			continue
		}
		last = y
		c.StrokeLine2(thinLine, left+colourBarWidth, y, left+colourBarWidth+3, y)
		c.FillText(label, vg.Point{X: left + colourBarWidth + 5, Y: y}, t.Label)
	}
}
