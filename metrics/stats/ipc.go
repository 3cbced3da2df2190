package stats

import (
	"fmt"
	"math"
)

// SatisficingScore is the score of a plan in the satisficing track of the International
// Planning Competition: best / cost, where best is the cost of the best plan known. It
// is 1 for a best plan and 0 without a plan (a cost of +Inf). Where best is 0, any plan
// that costs something has 0. A plan cheaper than best is the best one known, and has 1.
// It is NaN where either is. It panics on a negative cost. O(1).
//
// Source: International Planning Competition 2018, classical tracks,
// https://ipc2018-classical.bitbucket.io/.
func SatisficingScore(cost, best float64) float64 {
	switch {
	case cost < 0 || best < 0:
		panic(fmt.Sprintf("stats: score of cost %v where the best is %v", cost, best))
	case math.IsNaN(cost) || math.IsNaN(best):
		return math.NaN()
	case math.IsInf(cost, 1):
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
// between. It is NaN where the time is, and 0 for +Inf. It panics on a limit that is not
// positive and finite. O(1).
//
// Source: as cited at [SatisficingScore].
func AgileScore(seconds, limitS float64) float64 {
	switch {
	case !(limitS > 0) || math.IsInf(limitS, 1):
		panic(fmt.Sprintf("stats: agile score with a limit of %v s", limitS))
	case math.IsNaN(seconds):
		return seconds
	case seconds > limitS:
		return 0
	case seconds <= 1:
		return 1
	}
	return 1 - math.Log(seconds)/math.Log(limitS)
}
