// Package all is the registry of path algorithms: one line each.
package all

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/auto"
	"github.com/cloudrearrange/rearrange/algorithms/paths/beam"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bestfirst"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bidirectional"
	"github.com/cloudrearrange/rearrange/algorithms/paths/direct"
	"github.com/cloudrearrange/rearrange/algorithms/paths/displacement"
	"github.com/cloudrearrange/rearrange/algorithms/paths/greedy"
	"github.com/cloudrearrange/rearrange/algorithms/paths/idastar"
	"github.com/cloudrearrange/rearrange/algorithms/paths/improve"
	"github.com/cloudrearrange/rearrange/algorithms/paths/largefirst"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Registry lists every path algorithm.
func Registry() *spec.Registry[func() paths.Searcher] {
	return spec.NewRegistry("algorithm", paths.Vocabulary(),
		auto.Entry(),
		bestfirst.Dijkstra(),
		bestfirst.AStar(),
		bestfirst.GBFS(),
		bestfirst.Anytime(),
		idastar.Entry(),
		beam.Entry(),
		bidirectional.Entry(),
		direct.Entry(),
		greedy.Entry(),
		improve.Entry(),
		largefirst.Entry(),
		displacement.Entry(),
	)
}

// New makes the solver that a spec names; full is the spec with every default
// written out.
func New(s spec.Spec) (solver paths.Solver, full spec.Spec, err error) {
	searcher, args, err := Registry().Build(s)
	if err != nil {
		return nil, spec.Spec{}, err
	}
	return paths.NewSolver(searcher), args.Full(), nil
}
