package stats

import (
	"fmt"
	"math"
)

// Coverage is the fraction of cases that were solved: of values other than +Inf. It is
// NaN for empty input and if a value is NaN. O(n log n).
//
// Source: the score of the optimal track of the International Planning Competition 2018,
// https://ipc2018-classical.bitbucket.io/, as a fraction.
func Coverage(values []float64) float64 { return ecdf(values).End() }

// PAR is the penalised runtime of a run, in seconds: its time, or factor times the limit if it did not end within the limit.
// The mean over runs with factor 2 is PAR-2, by which SAT competitions rank; factor 10 gives PAR-10. An unsolved run has the
// time +Inf. The score of NaN is NaN. It panics on a limit that is not positive and finite, and on a factor below 1. O(1).
//
// Sources: F. Hutter, H. H. Hoos, K. Leyton-Brown, T. Stützle, ParamILS: An Automatic Algorithm Configuration
// Framework, JAIR 36, 2009, doi 10.1613/jair.2861 (PAR-10); N. Froleyks, M. Heule, M. Iser, M. Järvisalo, M. Suda, SAT
// Competition 2020, Artificial Intelligence 301, 2021, doi 10.1016/j.artint.2021.103572 (PAR-2).
func PAR(seconds, limitS, factor float64) float64 {
	if !(limitS > 0) || math.IsInf(limitS, 1) || !(factor >= 1) {
		panic(fmt.Sprintf("stats: penalised time of factor %v with a limit of %v s", factor, limitS))
	}
	if seconds > limitS {
		return factor * limitS
	}
	return seconds
}

// SatisficingScore is the score of a plan in the satisficing track of the International Planning Competition: best /
// cost, where best is the cost of the cheapest plan known. It is 1 for a plan that costs no more than best, and 0
// without a plan (a cost of +Inf). If best is 0, any plan that costs something scores 0. It is NaN if either is. It
// panics on a negative cost. O(1).
//
// Source: International Planning Competition 2018, classical tracks, https://ipc2018-classical.bitbucket.io/.
func SatisficingScore(cost, best float64) float64 {
	switch {
	case cost < 0 || best < 0:
		panic(fmt.Sprintf("stats: score of cost %v where the best is %v", cost, best))
	case math.IsInf(cost, 1) && !math.IsNaN(best):
		return 0
	case cost <= best:
		return 1
	}
	return best / cost
}

// AgileScore is the score of a run in the agile track of the International Planning
// Competition: 1 if it solved the case within a second, 0 if not within the limit, and
//
//	1 - log(seconds) / log(limit)
//
// between. It is NaN if the time is, and 0 for +Inf. It panics on a limit that is not positive and finite. O(1).
//
// Source: as cited at [SatisficingScore].
func AgileScore(seconds, limitS float64) float64 {
	switch {
	case !(limitS > 0) || math.IsInf(limitS, 1):
		panic(fmt.Sprintf("stats: agile score with a limit of %v s", limitS))
	case seconds > limitS:
		return 0
	case seconds <= 1:
		return 1
	}
	return 1 - math.Log(seconds)/math.Log(limitS)
}
