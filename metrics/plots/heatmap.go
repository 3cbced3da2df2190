package plots

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

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
			{Name: "x", Type: spec.String, Doc: "parameter of the family, or feature of the instances, from left to right; chosen automatically unless given"},
			{Name: "y", Type: spec.String, Doc: "the same, from bottom to top"},
			heatMetrics(),
			{Name: "algorithm", Type: spec.String, Doc: "the algorithm shown; unless given, the one that settled most cases"},
		},
		Citation: "Cheeseman, Kanefsky and Taylor 1991, Where the really hard problems are, IJCAI, " +
			"https://www.ijcai.org/Proceedings/91-1/Papers/052.pdf",
	}
}

// heatMapArgs checks what parameters say together.
func heatMapArgs(a spec.Args) error {
	if (a.String("x") == "") != (a.String("y") == "") {
		return errors.New("x and y go together: give both or neither")
	}
	if len(a.Strings("metric")) == 0 {
		return errors.New("metric=[] leaves nothing to show")
	}
	return nil
}

func heatMap(s *summary.Summary, a spec.Args, z size) Figure {
	shown := a.Strings("metric")
	var metrics []summary.Metric
	for _, name := range shown {
		if m, ok := meansOf(name); ok {
			metrics = append(metrics, m)
		}
	}
	g, err := s.GridBy(a.String("x"), a.String("y"), a.String("algorithm"), metrics...)
	if err != nil {
		return Figure{Title: "Heat map", Caption: sentence(err.Error()), NotApplicable: true}
	}
	f := Figure{Title: "By " + g.X.Key + " and " + g.Y.Key + ": " + prose.Clean(g.Algorithm)}
	f.Timed = slices.ContainsFunc(metrics, func(m summary.Metric) bool { return m.Timed })
	f.Caption = heatCaption(g)
	if g.Instances == 0 {
		f.Caption = "No run counts. " + f.Caption
		return f
	}
	rows := len(g.Y.Bins)
	cells := max(vg.Length(rows)*cellHeight(rows), 8*z.label)
	title := textStyle(z.label, ink, true)
	var panels []panel
	for _, name := range shown {
		p := panelOf(s, g, name)
		p.heading = fit(title, p.title, z.room())
		p.height = vg.Length(len(p.heading))*leading(title) + cells + panelRoom
		f.bodyHeight += p.height
		panels = append(panels, p)
	}
	f.body = func(c draw.Canvas) {
		top := c.Max.Y
		for _, p := range panels {
			part := c
			part.Max.Y, part.Min.Y = top, top-p.height
			drawPanel(part, g, p, z)
			top -= p.height
		}
	}
	return f
}

// cellHeight leaves room for a number in each cell where there are not too many.
func cellHeight(rows int) vg.Length { return min(max(300/vg.Length(max(rows, 1)), 6), 26) }

// panelRoom is what a panel takes besides its heading and cells: ticks, label, a gap.
const panelRoom = vg.Length(48)

// short writes a number in at most four characters: 7, 120, 1k, 3.4k, 56k, 1.2M, 3e15.
func short(v float64) string {
	if v >= 999.5e9 {
		return strings.Replace(strconv.FormatFloat(v, 'e', 0, 64), "+", "", 1)
	}
	for _, u := range []struct {
		scale float64
		name  string
	}{{1e9, "G"}, {1e6, "M"}, {1e3, "k"}} {
		if x := v / u.scale; x >= 0.9995 {
			digits := 0
			if x < 9.95 {
				digits = 1
			}
			return strings.TrimSuffix(strconv.FormatFloat(x, 'f', digits, 64), ".0") + u.name
		}
	}
	return fmt.Sprintf("%.0f", v)
}

func heatCaption(g *summary.Grid) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Runs of %s on %d instances. ", g.Algorithm, g.Instances)
	for _, a := range []summary.Axis{g.X, g.Y} {
		if a.Doc != "" {
			fmt.Fprintf(&b, "%s: %s. ", a.Key, a.Doc)
		}
		if a.Classes {
			fmt.Fprintf(&b, "%s is put into %d classes of equal width, labelled at their middle. ", a.Key, len(a.Bins))
		}
	}
	b.WriteString("Settled: by a validated plan, or by a proof that there is no path. " +
		"Hatched: some runs were not settled within their limits; on white, there is none to take the share or the mean of.")
	if slices.ContainsFunc(g.Metrics, func(m summary.Metric) bool { return !m.Plan }) {
		b.WriteString(" Means of effort are geometric, over all runs; one that was not settled counts with what it had taken.")
	}
	if slices.ContainsFunc(g.Metrics, func(m summary.Metric) bool { return m.Plan }) {
		b.WriteString(" Means of plans are geometric, over the runs with a plan.")
	}
	if g.LeftOut > 0 {
		fmt.Fprintf(&b, " %d other cases do not belong to the grid.", g.LeftOut)
	}
	return b.String()
}

// drawPanel draws title, map and colour bar.
func drawPanel(c draw.Canvas, g *summary.Grid, p panel, z size) {
	y := drawLines(c, textStyle(z.label, ink, true), p.heading, c.Min.X, c.Max.Y)
	c.Max.Y = y - 2
	c.Min.Y += 8 // to the next panel
	drawing := axes{newPlot(z), z, axisLabel(g.X.Quantity), axisLabel(g.Y.Quantity)}
	drawing.X.Min, drawing.X.Max = -0.5, float64(len(g.X.Bins))-0.5
	drawing.Y.Min, drawing.Y.Max = -0.5, float64(len(g.Y.Bins))-0.5
	area := draw.Crop(c, 0, -colourBarRoom, 0, 0)
	ticks := binTicks{axis: g.Y, every: 1}
	drawing.Y.Tick.Marker = ticks
	ticks.every = everyHeight(drawing.Y.Tick.Label, drawing.data(area).Size().Y/vg.Length(len(g.Y.Bins)))
	drawing.Y.Tick.Marker = ticks
	x := binTicks{axis: g.X, every: 1}
	x.every = everyWidth(drawing.X.Tick.Label, x.labels(), drawing.data(area).Size().X/vg.Length(len(g.X.Bins)))
	drawing.X.Tick.Marker = x
	drawing.Add(heatCells{g, p, z})
	drawing.draw(area)
	data := drawing.data(area)
	p.bar.draw(c, data.Max.X+12, data.Min.Y, data.Max.Y, z)
}

// axisLabel is a quantity with its unit, where its name does not say it.
func axisLabel(q summary.Quantity) string {
	if q.Unit == "" || strings.EqualFold(q.Unit, q.Key) {
		return q.Key
	}
	return fmt.Sprintf("%s (%s)", q.Key, q.Unit)
}

// binTicks labels every so manieth bin.
type binTicks struct {
	axis  summary.Axis
	every int
}

// Ticks implements plot.Ticker.
func (t binTicks) Ticks(_, _ float64) []plot.Tick {
	labels := t.labels()
	out := make([]plot.Tick, len(labels))
	for i := range out {
		out[i].Value = float64(i)
		if i%t.every == 0 {
			out[i].Label = labels[i]
		}
	}
	return out
}

func (t binTicks) labels() []string {
	out := make([]string, len(t.axis.Bins))
	for i, b := range t.axis.Bins {
		out[i] = number(b.Lo)
		if t.axis.Classes {
			out[i] = fmt.Sprintf("%.4g", (b.Lo+b.Hi)/2+0) // + 0: never -0
		}
	}
	return out
}
