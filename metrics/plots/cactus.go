package plots

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

func cactusPlot() spec.Descriptor {
	return spec.Descriptor{
		Name:     "cactus",
		Synopsis: "cases solved against time, one line per algorithm",
		Doc: "A point (t, n) on a line says that the algorithm solves n cases within t seconds each. " +
			"A case is solved by a validated plan, or by a proof that there is none.",
		Params: []spec.Param{algorithmsParam()},
		Citation: "Brain, Davenport, Griggio, Benchmarking Solvers, SAT-style, SC² 2017, " +
			"http://ceur-ws.org/Vol-1974/RP3.pdf (cactus plots and how to read them)",
		Properties: []spec.Property{Timed},
	}
}

// shortestS stands in for a time of zero, which a logarithmic axis cannot show.
const shortestS = 1e-6

// times are the solving times of one algorithm, sorted.
type times struct {
	style   series
	seconds []float64
}

func cactus(s *summary.Summary, _ spec.Args, z size) Figure {
	f := Figure{Title: "Cases solved against time", bodyHeight: z.height}
	var lines []times
	lo, hi, clamped := math.Inf(1), 0.0, false
	for a, name := range s.Algorithms {
		l := times{style: seriesOf(a)}
		for _, c := range s.Cases {
			r := c.Runs[a]
			if r == nil || !r.Outcome.Solved() {
				continue
			}
			clamped = clamped || r.WallS < shortestS
			l.seconds = append(l.seconds, max(r.WallS, shortestS))
		}
		slices.Sort(l.seconds)
		lines = append(lines, l)
		f.Legend = append(f.Legend, fmt.Sprintf("%s  (%d)", name, len(l.seconds)))
		f.styles = append(f.styles, l.style)
		if n := len(l.seconds); n > 0 {
			lo, hi = min(lo, l.seconds[0]), max(hi, l.seconds[n-1])
		}
	}
	if hi == 0 {
		f.Caption = "No run solved its case."
		return f
	}
	f.Caption = fmt.Sprintf("A line at height n above time t: the algorithm solves n of the %d cases (instance, cost function, seed) "+
		"within t each, by a validated plan or by a proof that there is none. In parentheses: how many it solves in all.", len(s.Cases))
	if clamped {
		f.Caption += fmt.Sprintf(" What took less than %s is drawn at the left edge.", seconds(shortestS))
	}
	p := newPlot(z)
	logAxisOf(false, []float64{lo, hi}).set(&p.X, seconds, "")
	p.Y.Min, p.Y.Max = 0, float64(len(s.Cases))*1.03
	p.Y.Tick.Marker = linearTicks{most: 7, least: 1}
	p.Add(grid{true, true}, steps{lines, float64(len(s.Cases)), z})
	f.body = axes{p, z, "wall-clock time per case (logarithmic)", fmt.Sprintf("cases solved (of %d)", len(s.Cases))}.draw
	return f
}

// steps draws the lines of a cactus plot and the height that none can pass.
type steps struct {
	lines []times
	all   float64
	z     size
}

// Plot implements plot.Plotter.
func (s steps) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	c.StrokeLine2(draw.LineStyle{Color: grey, Width: 0.7, Dashes: []vg.Length{1.5, 2}}, c.Min.X, y(s.all), c.Max.X, y(s.all))
	for _, l := range s.lines {
		if len(l.seconds) == 0 {
			continue
		}
		points := []vg.Point{{X: x(l.seconds[0]), Y: y(0)}}
		for i, t := range l.seconds {
			points = append(points, vg.Point{X: x(t), Y: y(float64(i + 1))})
		}
		points = append(points, vg.Point{X: c.Max.X, Y: points[len(points)-1].Y})
		c.StrokeLines(l.style.line(s.z), stairs(points))
	}
	// Markers last, so that no line crosses them: some twelve a line and the last
	// case, at other places on each line, so that lines that coincide show.
	for k, l := range s.lines {
		n := len(l.seconds)
		every := max(1, int(math.Ceil(float64(n)/12)))
		for i, t := range l.seconds {
			if i == n-1 || (i+k*every/3)%every == 0 {
				drawMarker(c, l.style, vg.Point{X: x(t), Y: y(float64(i + 1))}, s.z)
			}
		}
	}
}
