package stats

import "math"

// Coverage is the fraction of cases that were solved: of values other than +Inf. It is
// NaN for empty input and where a value is NaN. O(n).
//
// Source: the score of the optimal track of the International Planning Competition 2018,
// https://ipc2018-classical.bitbucket.io/, as a fraction.
func Coverage(values []float64) float64 {
	solved := 0.0
	for _, x := range values {
		switch {
		case math.IsNaN(x):
			return x
		case !math.IsInf(x, 1):
			solved++
		}
	}
	return solved / float64(len(values))
}
