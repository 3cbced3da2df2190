package bestfirst

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Dijkstra is uniform-cost search over placements: the baseline that the field started
// from, and therefore without pruning unless told otherwise.
func Dijkstra() spec.Entry[func() paths.Searcher] {
	prune := space.PruneParam(true)
	prune.Default = "[]"
	return spec.Entry[func() paths.Searcher]{
		Descriptor: spec.Descriptor{
			Name:       "dijkstra",
			Synopsis:   "uniform-cost search over placements, the baseline",
			Params:     []spec.Param{prune},
			Citation:   "Dijkstra 1959, doi 10.1007/BF01386390",
			Properties: prover(),
		},
		New: func(a spec.Args) (func() paths.Searcher, error) {
			return build(space.BestFirst{Heuristic: bounds.Blind, Prune: space.PruningOf(a)})
		},
	}
}
