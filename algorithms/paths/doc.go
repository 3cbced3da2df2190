// Package paths answers the second question: what is the best sequence of
// migrations from placement A to placement B?
//
// It holds the contract of solvers and the driver that all of them share. An
// algorithm implements [Searcher]: it makes decisions and tells its [Run] what it
// expands, finds and proves. The driver owns the clock, the limits, the counters
// and the incumbents, and decides the status. Algorithms live in one folder per
// family; a catalogue knows them by name.
//
//	p, err := paths.NewProblem(catalogue, inst, nil, spec.Named("ram"))
//	solver, full, err := paths.New(catalogue, spec.MustParse("astar(heuristic=pdb)"))
//	result, err := solver.Solve(ctx, p, paths.Options{Timeout: time.Minute})
//	plan := result.Plan(p, full.String())
//
// The example of [Searcher] is a whole algorithm; package pathtest examines algorithms.
package paths
