package plots

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/stats"
)

// curves are step functions, each with markers that the others have elsewhere.
type curves struct {
	list    []stats.Curve
	styles  []series
	ends    []float64   // where each curve ends; all at the right edge where there are none
	crosses [][]float64 // by curve: marks on it, no place twice
	all     float64     // a height that none can pass; 0 without one
	x, y    axis
	z       size
}

func shareAxis(label string) axis {
	return axis{label: label, format: func(v float64) string { return number(100*v) + " %" }}
}

// curves makes legend, data and body of a figure out of curves, on axes for them.
func (f *Figure) curves(a spec.Args, k curves) {
	xs, ys := []float64(nil), []float64{cmp.Or(k.all, 1)}
	for i, c := range k.list {
		ys = append(ys, c.Start)
		for _, s := range c.Steps {
			xs, ys = append(xs, s.X), append(ys, s.Y)
		}
		if k.crosses != nil {
			xs = append(xs, k.crosses[i]...)
		}
	}
	k.styles, k.z = f.legend, f.size
	k.x, k.y = k.x.fit(a, "x", xs), k.y.fit(a, "y", ys)
	f.columns, f.rows = []string{"algorithm", k.x.column, k.y.column, "at its limit"}, k.rows
	if k.crosses == nil {
		f.columns = f.columns[:3]
	}
	drawing := newAxes(f.size, k.x, k.y)
	drawing.Add(grid, k)
	f.bodyHeight, f.body = f.size.height, drawing.draw
}

func (k curves) rows() (out [][]any) {
	for i, c := range k.list {
		name := k.styles[i].plain
		if !math.IsNaN(c.Start) {
			out = append(out, []any{name, k.x.floor, c.Start, false})
		}
		for _, s := range c.Steps {
			out = append(out, []any{name, s.X, s.Y, false})
		}
		if k.crosses == nil {
			continue
		}
		for _, x := range k.crosses[i] {
			out = append(out, []any{name, x, c.At(x), true})
		}
	}
	if k.crosses == nil {
		for i := range out {
			out[i] = out[i][:3]
		}
	}
	return out
}

const markersPerCurve = 8

// golden is the fractional part of the golden ratio, whose multiples modulo 1 are spread evenly however many there are.
const golden = 0.6180339887498949

func (k curves) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	place := func(px, py float64) vg.Point {
		return vg.Point{X: max(x(max(k.x.at(px), p.X.Min)), c.Min.X), Y: y(k.y.at(py))}
	}
	if k.all > 0 && c.ContainsY(y(k.all)) {
		c.StrokeLine2(dotted, c.Min.X, y(k.all), c.Max.X, y(k.all))
	}
	paths, ends := make([][]vg.Point, len(k.list)), make([]vg.Length, len(k.list))
	for i, curve := range k.list {
		if math.IsNaN(curve.Start) {
			continue
		}
		ends[i] = c.Max.X
		if k.ends != nil {
			ends[i] = place(k.ends[i], 1).X
		}
		points := []vg.Point{{X: c.Min.X, Y: y(k.y.at(curve.Start))}}
		for _, s := range curve.Steps {
			points = append(points, place(s.X, s.Y))
		}
		points = append(points, vg.Point{X: ends[i], Y: points[len(points)-1].Y})
		paths[i] = stairs(points)
		c.StrokeLines(k.styles[i].line(k.z), c.ClipLinesXY(paths[i])...)
	}
	// Markers last, so that no line crosses them, and at other places on each curve, so
	// that curves that coincide show.
	width := c.Max.X - c.Min.X
	for i, path := range paths {
		if path == nil {
			continue
		}
		_, shift := math.Modf(float64(i+1) * golden)
		for n := range markersPerCurve {
			at := c.Min.X + width*vg.Length(float64(n)+0.1+0.8*shift)/markersPerCurve
			if marker := (vg.Point{X: at, Y: heightAt(path, at)}); at <= ends[i] && c.Contains(marker) {
				drawMarker(c, k.styles[i], marker, k.z)
			}
		}
	}
	arm := k.z.marker * 0.9
	for i, list := range k.crosses {
		style := draw.LineStyle{Color: k.styles[i].color, Width: k.z.line * 0.6}
		for _, v := range list {
			if to := place(v, k.list[i].At(v)); c.Contains(to) {
				c.StrokeLine2(style, to.X-arm, to.Y-arm, to.X+arm, to.Y+arm)
				c.StrokeLine2(style, to.X-arm, to.Y+arm, to.X+arm, to.Y-arm)
			}
		}
	}
}

// heightAt is the height of a path that never turns back.
func heightAt(path []vg.Point, x vg.Length) vg.Length {
	at := path[0].Y
	for _, p := range path {
		if p.X > x {
			break
		}
		at = p.Y
	}
	return at
}

// unseen is a distance too short to be seen in print: at 600 dots per inch, one of them.
const unseen = vg.Length(0.12)

// stairs is the path of a step function that has the height of each point up to the next one. Steps too small to be seen
// are taken together, so that many records make no long path.
func stairs(points []vg.Point) []vg.Point {
	at, path := points[0], points[:1:1]
	for i, p := range points[1:] {
		far := p.X-at.X > unseen || p.Y-at.Y > unseen || at.Y-p.Y > unseen
		if !far && i+2 < len(points) {
			continue
		}
		if p.Y != at.Y {
			path = append(path, vg.Point{X: p.X, Y: at.Y})
		}
		path = append(path, p)
		at = p
	}
	return path
}

func stepped(list []stats.Curve) bool {
	return slices.ContainsFunc(list, func(c stats.Curve) bool { return len(c.Steps) > 0 })
}
