// Package summary turns records into the numbers that tables and plots show: one
// row per algorithm, computed over the same cases for all.
//
//	s := summary.Of(records)
//	for _, a := range s.Alarms { … }            // first: what cannot be true
//	for _, row := range s.Outcomes { … }        // how runs ended, coverage
//	for _, row := range s.Quality.Rows { … }    // cost against lower bound
//	for _, row := range s.Effort.Rows { … }     // expansions, time, memory
//
// A question is an instance under a cost function and
// rules. A case is a question with a seed, and holds the run of every algorithm.
//
// A relative figure is computed only over the cases that all compared algorithms
// solved: an average over "solved by at least one" makes a slow solver look good.
// How many cases that are, which algorithms were left out, and which cases could
// not be used and why, stands beside it. The result does not depend on the order of
// the records, except that the last of several runs of one algorithm on one case
// counts.
//
// With best-known values (see [WithBest]), a case's bound and its cheapest plan are the best
// ever, and a run that contradicts them is an alarm.
//
// [Summary.GridBy] arranges instances by two quantities: parameters of their family,
// which it reads off their names, or their features.
//
// The package neither formats nor draws.
package summary
