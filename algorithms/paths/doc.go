// Package paths answers the second question: what is the best sequence of
// migrations from placement A to placement B?
//
// It holds the contract of solvers and the driver that all of them share. An
// algorithm implements [Searcher]: it makes decisions and tells its [Run] what it
// expands, finds and proves. The driver owns the clock, the limits, the counters
// and the incumbents, and decides the status. Algorithms live in one folder per
// family and are listed in paths/all.
//
//	p, err := paths.NewProblem(inst, nil, spec.Named("ram"))
//	result, err := paths.Solve(ctx, searcher, p, paths.Options{Timeout: time.Minute})
//	plan := result.Plan(p, "astar")
package paths
