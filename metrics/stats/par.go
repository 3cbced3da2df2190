package stats

import (
	"fmt"
	"math"
)

// PAR is the penalised average runtime: the mean of times in seconds, where a run that
// did not end within the limit counts as factor times the limit. Factor 2 gives PAR-2, by
// which SAT competitions rank; 10 gives PAR-10. Unsolved is a time of +Inf, and any time
// above the limit. The mean of no times is NaN, as is that of times with a NaN. It panics
// on a limit that is not positive and finite, and on a factor below 1. O(n).
//
// Sources: F. Hutter, H. H. Hoos, K. Leyton-Brown, T. Stützle, ParamILS: An Automatic
// Algorithm Configuration Framework, JAIR 36, 2009, doi 10.1613/jair.2861 (PAR-10); N.
// Froleyks, M. Heule, M. Iser, M. Järvisalo, M. Suda, SAT Competition 2020, Artificial
// Intelligence 301, 2021, doi 10.1016/j.artint.2021.103572 (PAR-2).
func PAR(seconds []float64, limitS, factor float64) float64 {
	if !(limitS > 0) || math.IsInf(limitS, 1) || !(factor >= 1) {
		panic(fmt.Sprintf("stats: penalised average of factor %v with a limit of %v s", factor, limitS))
	}
	penalised := make([]float64, len(seconds))
	for i, s := range seconds {
		if s > limitS {
			s = factor * limitS
		}
		penalised[i] = s
	}
	return Mean(penalised)
}
