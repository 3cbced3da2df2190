package bestfirst

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// GBFS is greedy best-first search: it expands what looks nearest to the goal, whatever
// it took to get there, and ends with the first plan.
func GBFS() spec.Entry[func() paths.Searcher] {
	return spec.Entry[func() paths.Searcher]{
		Descriptor: spec.Descriptor{
			Name:       "gbfs",
			Synopsis:   "greedy best-first search: a plan soon, at whatever cost",
			Params:     []spec.Param{bounds.Param("misplaced"), space.PruneParam(true), space.LookaheadParam()},
			Citation:   "Doran and Michie 1966, doi 10.1098/rspa.1966.0205",
			Properties: []spec.Property{paths.Complete, paths.Deterministic, paths.Seedless},
		},
		New: func(a spec.Args) (func() paths.Searcher, error) {
			return build(space.BestFirst{
				Heuristic: bounds.Of(a), Weights: []space.Weight{{Num: 1}}, Prune: space.PruningOf(a), Lookahead: a.Bool("lookahead"),
			})
		},
	}
}
