package plots

import (
	"math"

	"gonum.org/v1/plot"
)

// logAxis is a logarithmic axis with places for what has no logarithm: for zeros before
// its least value, and for what has no value at all beyond its greatest.
type logAxis struct {
	lo, hi float64 // where values stand
	zero   float64 // where zeros stand; 0 where there are none
	none   float64 // where what has no value stands; 0 where there is none
}

// aside is how much of an axis, logarithmically, is between its values and the place of
// what has none; half as much is beyond that place.
const aside = 0.11

// logAxisOf is an axis for some values that are not negative, with or without a place
// for what has none.
func logAxisOf(none bool, values ...[]float64) logAxis {
	lo, hi, zero := math.Inf(1), 0.0, false
	for _, list := range values {
		for _, v := range list {
			if v > 0 {
				lo, hi = min(lo, v), max(hi, v)
			} else {
				zero = true
			}
		}
	}
	if hi == 0 { // there is nothing to show, or zeros only
		lo, hi = 1, 1
	}
	var a logAxis
	a.lo, a.hi = logRange(lo, hi)
	if zero {
		a.zero = a.lo * math.Pow(a.hi/a.lo, -aside)
	}
	if none {
		a.none = a.hi * math.Pow(a.hi/a.lo, aside)
	}
	return a
}

// at is where a value stands.
func (a logAxis) at(v float64) float64 {
	if v <= 0 {
		return a.zero
	}
	return v
}

// set makes it an axis of a plot. Values are labelled by label, what has none by noneLabel.
func (a logAxis) set(axis *plot.Axis, label func(float64) string, noneLabel string) {
	axis.Scale = plot.LogScale{}
	axis.Min, axis.Max = a.lo, a.hi
	if a.zero > 0 {
		axis.Min = a.lo * math.Pow(a.hi/a.lo, -1.5*aside)
	}
	if a.none > 0 {
		axis.Max = a.hi * math.Pow(a.hi/a.lo, 1.5*aside)
	}
	axis.Tick.Marker = asideTicks{a, logTicks{label: label}, noneLabel}
}

// asideTicks are those of a logAxis.
type asideTicks struct {
	axis   logAxis
	values logTicks
	none   string
}

// What stands aside keeps its label.
func (t asideTicks) thin(every int) plot.Ticker {
	t.values.every = every
	return t
}

// Ticks implements plot.Ticker.
func (t asideTicks) Ticks(_, _ float64) []plot.Tick {
	var out []plot.Tick
	if t.axis.zero > 0 {
		out = append(out, plot.Tick{Value: t.axis.zero, Label: "0"})
	}
	out = append(out, t.values.Ticks(t.axis.lo, t.axis.hi)...)
	if t.axis.none > 0 {
		out = append(out, plot.Tick{Value: t.axis.none, Label: t.none})
	}
	return out
}
