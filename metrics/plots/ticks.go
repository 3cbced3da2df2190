package plots

import (
	"math"
	"strconv"

	"gonum.org/v1/plot"
)

// Note: gonum's LogTicks rounds towards 1 below 1, so it misses or overshoots
// decades, and labels nothing in a range within one decade. These do neither.

// logRange widens positive values to bounds at 1, 2 or 5 times a power of ten, at
// least so far apart that an axis can be labelled.
func logRange(lo, hi float64) (float64, float64) {
	lo, hi = math.Max(lo, 1e-300), math.Min(math.Max(hi, lo), 1e300)
	nice := func(v float64, up bool) float64 {
		k := math.Floor(math.Log10(v))
		steps := []float64{1, 2, 5, 10}
		if up {
			for _, s := range steps {
				if b := s * math.Pow(10, k); b >= v*(1-1e-9) {
					return b
				}
			}
		}
		for i := len(steps) - 1; i > 0; i-- {
			if b := steps[i] * math.Pow(10, k); b <= v*(1+1e-9) {
				return b
			}
		}
		return math.Pow(10, k)
	}
	a, b := nice(lo, false), nice(hi, true)
	if b < 5*a {
		a, b = nice(a/2, false), nice(b*2, true)
	}
	return a, b
}

// thinner is a ticker that can do with fewer labels: each second, each third, and so on.
type thinner interface {
	plot.Ticker
	thin(every int) plot.Ticker
}

// logTicks labels powers of ten, and 2 and 5 times those where there are few. At
// most eight or so are labelled, and of these, each every-th.
type logTicks struct {
	label func(float64) string
	every int // 0 is 1
}

func (t logTicks) thin(every int) plot.Ticker { return logTicks{t.label, every} }

// Ticks implements plot.Ticker.
func (t logTicks) Ticks(lo, hi float64) []plot.Tick {
	first, last := int(math.Floor(math.Log10(lo)+1e-9)), int(math.Ceil(math.Log10(hi)-1e-9))
	decades := math.Log10(hi) - math.Log10(lo)
	every := max(1, int(math.Ceil(decades/8)))
	var ticks []plot.Tick
	labels := 0
	for k := first; k <= last; k++ {
		for digit := 1.0; digit < 10; digit++ {
			v := digit * math.Pow(10, float64(k))
			if v < lo*(1-1e-9) || v > hi*(1+1e-9) {
				continue
			}
			labelled := digit == 1 && k%every == 0
			if decades <= 2.2 {
				labelled = digit == 1 || digit == 2 || digit == 5
			}
			if labelled {
				labels++
				labelled = (labels-1)%max(t.every, 1) == 0
			}
			switch {
			case labelled:
				ticks = append(ticks, plot.Tick{Value: v, Label: t.label(v)})
			case every == 1 || digit == 1:
				ticks = append(ticks, plot.Tick{Value: v})
			}
		}
	}
	return ticks
}

// seconds writes a time with its unit: 20 ms.
func seconds(s float64) string {
	for _, u := range []struct {
		scale float64
		name  string
	}{{1, "s"}, {1e-3, "ms"}, {1e-6, "µs"}} {
		if s >= u.scale*(1-1e-9) {
			return number(s/u.scale) + " " + u.name
		}
	}
	return number(s/1e-9) + " ns"
}

// number writes a number without needless digits.
func number(v float64) string {
	if a := math.Abs(v); a != 0 && (a >= 1e6 || a < 1e-4) {
		return strconv.FormatFloat(v, 'g', 4, 64)
	}
	return strconv.FormatFloat(math.Round(v*1e6)/1e6, 'f', -1, 64)
}

// linearTicks labels multiples of 1, 2 or 5 times a power of ten, at most so many
// and no closer than least.
type linearTicks struct {
	most  int
	least float64
	label func(float64) string // nil: number
}

// Ticks implements plot.Ticker.
func (t linearTicks) Ticks(lo, hi float64) []plot.Tick {
	step, label := linearStep(hi-lo, t.most, t.least), t.label
	if label == nil {
		label = number
	}
	var ticks []plot.Tick
	for i := math.Ceil(lo/step-1e-9) + 0; i*step <= hi+step*1e-9; i++ { // + 0: never -0
		ticks = append(ticks, plot.Tick{Value: i * step, Label: label(i * step)})
	}
	return ticks
}

func linearStep(span float64, most int, least float64) float64 {
	if !(span > 0) {
		span = 1
	}
	base := math.Pow(10, math.Floor(math.Log10(span/float64(most))))
	for _, s := range []float64{1, 2, 5, 10} {
		if step := s * base; step >= least && span/step <= float64(most) {
			return step
		}
	}
	return math.Max(10*base, least)
}
