package bestfirst

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Dijkstra is uniform-cost search over placements: the baseline that the field
// started from.
func Dijkstra() spec.Entry[func() paths.Searcher] {
	return spec.Entry[func() paths.Searcher]{
		Descriptor: spec.Descriptor{
			Name:       "dijkstra",
			Synopsis:   "uniform-cost search over placements, the baseline",
			Citation:   "Dijkstra 1959, doi 10.1007/BF01386390",
			Properties: []spec.Property{paths.Complete, paths.OptimalCost, paths.Deterministic, paths.Seedless},
		},
		New: func(spec.Args) (func() paths.Searcher, error) {
			return func() paths.Searcher { return space.BestFirst{Heuristic: bounds.Blind} }, nil
		},
	}
}
