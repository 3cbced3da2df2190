package plots

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/cloudrearrange/rearrange/metrics/stats"
)

// curves draws step functions, each with markers that the others have elsewhere.
type curves struct {
	list   []stats.Curve
	styles []series
	z      size
	ends   []float64 // where each curve ends; all at the right edge where there are none
}

// markersPerCurve is about how many markers a curve has.
const markersPerCurve = 8

// Plot implements plot.Plotter.
func (k curves) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	paths, ends := make([][]vg.Point, len(k.list)), make([]vg.Length, len(k.list))
	for i, curve := range k.list {
		if math.IsNaN(curve.Start) {
			continue
		}
		ends[i] = c.Max.X
		if k.ends != nil {
			ends[i] = max(x(max(k.ends[i], p.X.Min)), c.Min.X)
		}
		points := []vg.Point{{X: c.Min.X, Y: y(curve.Start)}}
		for _, s := range curve.Steps {
			points = append(points, vg.Point{X: max(x(max(s.X, p.X.Min)), c.Min.X), Y: y(s.Y)})
		}
		points = append(points, vg.Point{X: ends[i], Y: points[len(points)-1].Y})
		paths[i] = stairs(points)
		c.StrokeLines(k.styles[i].line(k.z), paths[i])
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
			if at <= ends[i] {
				drawMarker(c, k.styles[i], vg.Point{X: at, Y: heightAt(path, at)}, k.z)
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

// spanOf is the least and the greatest place of a step at or after least, which is
// positive; least twice where there is none.
func spanOf(list []stats.Curve, least float64) (lo, hi float64) {
	lo, hi = math.Inf(1), least
	for _, c := range list {
		for _, s := range c.Steps {
			if s.X >= least {
				lo, hi = min(lo, s.X), max(hi, s.X)
			}
		}
	}
	return min(lo, hi), hi
}
