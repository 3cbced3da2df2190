package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Growth is the power law value = Factor · size^Exponent that fits best on logarithmic axes.
type Growth struct {
	Factor, Exponent float64
	// Lo and Hi bound the true exponent with the confidence asked for, if the deviations of the logarithms are
	// independent, normal and equally wide at all sizes. NaN for fewer than three points.
	Lo, Hi float64
	// R2 is the fraction of the variance of the logarithms that the law explains; NaN if all values are equal.
	R2 float64

	Used, LeftOut int // points
}

// GrowthExponent fits a power law by linear regression of log value on log size. Points without a logarithm (a size or
// value that is zero, negative, infinite or NaN) are left out and counted: if they are unsolved cases, the exponent
// describes the solved ones only, and is too low. All figures are NaN if fewer than two different sizes remain. O(n).
//
// It panics on a confidence that is not between 0 and 1, and on slices of different lengths.
//
// Sources: C. C. McGeoch, A Guide to Experimental Algorithmics, Cambridge University Press 2012, doi
// 10.1017/CBO9780511843747, chapter 7 (power laws by log-log regression); N. R. Draper, H. Smith, Applied Regression
// Analysis, 3rd ed., Wiley 1998, doi 10.1002/9781118625590, section 1.4 (interval of the slope by Student's t).
func GrowthExponent(sizes, values []float64, confidence float64) Growth {
	if len(sizes) != len(values) {
		panic(fmt.Sprintf("stats: growth of %d values over %d sizes", len(values), len(sizes)))
	}
	if !(confidence > 0 && confidence < 1) {
		panic(fmt.Sprintf("stats: interval of confidence %v, expected one between 0 and 1", confidence))
	}
	nan := math.NaN()
	g := Growth{Factor: nan, Exponent: nan, Lo: nan, Hi: nan, R2: nan}
	var xs, ys []float64
	several := false
	for i, size := range sizes {
		if !hasLog(size) || !hasLog(values[i]) {
			g.LeftOut++
			continue
		}
		xs, ys = append(xs, math.Log(size)), append(ys, math.Log(values[i]))
		several = several || xs[len(xs)-1] != xs[0]
	}
	if g.Used = len(xs); !several {
		return g
	}
	intercept, slope := stat.LinearRegression(xs, ys, nil, false)
	g.Factor, g.Exponent = math.Exp(intercept), slope
	meanX, meanY := stat.Mean(xs, nil), stat.Mean(ys, nil)
	var xx, yy, residual float64
	for i, x := range xs {
		xx += (x - meanX) * (x - meanX)
		yy += (ys[i] - meanY) * (ys[i] - meanY)
		r := ys[i] - intercept - slope*x
		residual += r * r
	}
	if yy > 0 {
		g.R2 = 1 - residual/yy
	}
	if free := float64(g.Used - 2); free > 0 {
		half := distuv.StudentsT{Sigma: 1, Nu: free}.Quantile(1-(1-confidence)/2) * math.Sqrt(residual/free/xx)
		g.Lo, g.Hi = slope-half, slope+half
	}
	return g
}

func hasLog(x float64) bool { return x > 0 && !math.IsInf(x, 1) }
