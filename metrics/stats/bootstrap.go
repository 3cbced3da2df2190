package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Bootstrap is a statistic with its bootstrap distribution.
type Bootstrap struct {
	Estimate     float64   // the statistic of the instances as they are
	Replicates   []float64 // the statistic of each resample, ascending
	Acceleration float64   // how fast its standard error changes with its value; for BCa
}

// Resample computes the bootstrap distribution of a statistic over instances that hold
// one value for each seed. Instances are drawn first, with replacement, and then, of
// each drawn instance, as many of its seeds as it has, with replacement: runs of one
// instance are more alike than runs of different ones, and an interval that took them
// all for independent would be too narrow. With one seed each it is the ordinary
// bootstrap. Values of several algorithms that belong together are one value, of type T,
// so that pairs stay pairs.
//
// The statistic must not keep or change what it is given. An instance without values
// stays one. All random choices come from the source: the same instances, replicates and
// source give the same result.
//
// Without instances the estimate is NaN and there are no replicates. It panics on fewer
// than one replicate. O(replicates × values), and the statistic is called once per
// replicate and at most 200 times more.
//
// Sources: B. Efron, R. J. Tibshirani, An Introduction to the Bootstrap, Chapman & Hall
// 1993, doi 10.1201/9780429246593; A. C. Davison, D. V. Hinkley, Bootstrap Methods and
// their Application, Cambridge University Press 1997, doi 10.1017/CBO9780511802843,
// section 3.8 (resampling in two stages).
func Resample[T any](instances [][]T, statistic func(sample [][]T) float64, replicates int, random *rand.Rand) Bootstrap {
	if replicates < 1 {
		panic(fmt.Sprintf("stats: bootstrap of %d replicates", replicates))
	}
	if len(instances) == 0 {
		return Bootstrap{Estimate: math.NaN()}
	}
	b := Bootstrap{
		Estimate:     statistic(instances),
		Replicates:   make([]float64, replicates),
		Acceleration: acceleration(instances, statistic),
	}
	sample := make([][]T, len(instances))
	var values []T // of all drawn instances, one after the other
	for r := range b.Replicates {
		total := 0
		for i := range sample {
			sample[i] = instances[random.IntN(len(instances))]
			total += len(sample[i])
		}
		values = slices.Grow(values[:0], total)
		for i, of := range sample {
			from := len(values)
			for range of {
				values = append(values, of[random.IntN(len(of))])
			}
			sample[i] = values[from:]
		}
		b.Replicates[r] = statistic(sample)
	}
	slices.Sort(b.Replicates)
	return b
}

// jackknifeBlocks is how many times the jackknife leaves something out at most: single
// instances while there are no more of them, then blocks.
const jackknifeBlocks = 200

// acceleration estimates the acceleration of BCa by the jackknife over instances, in
// blocks where there are many, as B. Efron and B. Narasimhan do: The Automatic
// Construction of Bootstrap Confidence Intervals, Journal of Computational and Graphical
// Statistics 29(3), 2020, doi 10.1080/10618600.2020.1714633. It is 0 where leaving out
// makes no difference.
func acceleration[T any](instances [][]T, statistic func([][]T) float64) float64 {
	blocks := min(len(instances), jackknifeBlocks)
	if blocks < 2 {
		return 0
	}
	without := make([]float64, blocks)
	rest := make([][]T, 0, len(instances))
	for b := range without {
		rest = rest[:0]
		for i, of := range instances {
			if i%blocks != b { // neighbours are alike, so blocks take one here and one there
				rest = append(rest, of)
			}
		}
		without[b] = statistic(rest)
	}
	mean := Mean(without)
	largest := 0.0 // differences are taken in its unit, so that no power of a tiny one vanishes
	for _, x := range without {
		largest = math.Max(largest, math.Abs(mean-x))
	}
	if largest == 0 {
		return 0
	}
	var squares, cubes float64
	for _, x := range without {
		d := (mean - x) / largest
		squares += d * d
		cubes += d * d * d
	}
	return cubes / (6 * math.Pow(squares, 1.5))
}

// Percentile is the interval between quantiles of the replicates. It is NaN without
// replicates and where one of them is NaN; an end that falls among infinite ones is NaN.
// It panics on a confidence that is not between 0 and 1. O(replicates).
//
// Source: Efron and Tibshirani as cited at [Resample], section 13.3.
func (b Bootstrap) Percentile(confidence float64) Interval {
	tail := tailOf(confidence)
	return b.between(tail, 1-tail)
}

// BCa is the bias-corrected and accelerated interval: one between other quantiles, which
// make up for a statistic whose replicates are off its estimate, or whose spread changes
// with its value. Replicates equal to the estimate count half as below it. It is the
// estimate alone where all replicates equal it, and NaN where there are none, where one
// of them is NaN, and where the estimate lies beyond all of them. It panics on a
// confidence that is not between 0 and 1. O(replicates).
//
// Source: B. Efron, Better Bootstrap Confidence Intervals, JASA 82(397), 1987, doi
// 10.1080/01621459.1987.10478410; Efron and Tibshirani as cited at [Resample], section
// 14.3.
func (b Bootstrap) BCa(confidence float64) Interval {
	tail := tailOf(confidence)
	normal := distuv.UnitNormal
	from, _ := slices.BinarySearch(b.Replicates, b.Estimate)
	to := from
	for to < len(b.Replicates) && b.Replicates[to] == b.Estimate {
		to++
	}
	below := float64(from+to) / 2 / float64(len(b.Replicates))
	if !(below > 0 && below < 1) {
		return Interval{math.NaN(), math.NaN()}
	}
	bias := normal.Quantile(below)
	at := func(p float64) float64 {
		z := bias + normal.Quantile(p)
		if b.Acceleration*z >= 1 { // beyond the pole: so far out that nothing lies there
			return normal.CDF(math.Copysign(math.Inf(1), z))
		}
		return normal.CDF(bias + z/(1-b.Acceleration*z))
	}
	return b.between(at(tail), at(1-tail))
}

func (b Bootstrap) between(lo, hi float64) Interval {
	if len(b.Replicates) == 0 || math.IsNaN(b.Replicates[0]) || math.IsNaN(lo) || math.IsNaN(hi) {
		return Interval{math.NaN(), math.NaN()}
	}
	q := quantiles(b.Replicates, lo, hi)
	return Interval{q[0], q[1]}
}
