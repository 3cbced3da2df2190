package stats

import (
	"fmt"
	"math"
)

// Ratio is a over b, 1 where both are equal, 0 included. O(1).
func Ratio[N int64 | float64](a, b N) float64 {
	if a == b {
		return 1
	}
	return float64(a) / float64(b)
}

// Gap is how far the cost of a plan lies above a proved lower bound,
//
//	(cost - bound) / bound
//
// and so at most how far it lies above the optimum, relative to it. Both are integers, so
// that 0 means equal. It is 0 where both are 0, NaN where only the bound is, and negative
// where the bound is wrong. It panics on a negative cost or bound. O(1).
//
// Source: SCIP's SCIPgetGap, |primal - dual| / min(|primal|, |dual|), which is this where
// the bound is right, https://www.scipopt.org/doc/html/.
func Gap(cost, bound int64) float64 {
	switch {
	case cost < 0 || bound < 0:
		panic(fmt.Sprintf("stats: gap of cost %d above bound %d", cost, bound))
	case cost == bound:
		return 0
	case bound == 0:
		return math.NaN()
	}
	return float64(cost-bound) / float64(bound)
}
