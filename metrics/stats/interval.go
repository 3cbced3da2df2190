package stats

import "fmt"

// Interval is a confidence interval, ends included.
type Interval struct{ Lo, Hi float64 }

// tailOf is the probability that is left on either side of an interval. It panics on a
// confidence that is not between 0 and 1.
func tailOf(confidence float64) float64 {
	if !(confidence > 0 && confidence < 1) {
		panic(fmt.Sprintf("stats: interval of confidence %v, expected one between 0 and 1", confidence))
	}
	return (1 - confidence) / 2
}
