package bestfirst

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// AStar is A* with any registered heuristic.
func AStar() spec.Entry[func() paths.Searcher] {
	return spec.Entry[func() paths.Searcher]{
		Descriptor: spec.Descriptor{
			Name:     "astar",
			Synopsis: "A* search over placements: cheapest plan, proved",
			Params: []spec.Param{{
				Name: "heuristic", Type: spec.Ref, Of: bounds.Registry(), Default: "misplaced",
				Doc: "lower bound on the cost that remains",
			}},
			Citation:   "Hart, Nilsson and Raphael 1968, doi 10.1109/TSSC.1968.300136",
			Properties: []spec.Property{paths.Complete, paths.OptimalCost, paths.Deterministic, paths.Seedless},
		},
		New: func(a spec.Args) (func() paths.Searcher, error) {
			heuristic := spec.Built[bounds.Maker](a, "heuristic")
			return func() paths.Searcher { return space.BestFirst{Heuristic: heuristic} }, nil
		},
	}
}
