package bidirectional

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Entry describes the algorithm for the catalogue.
func Entry() spec.Entry[func() paths.Searcher] {
	return spec.Entry[func() paths.Searcher]{
		Descriptor: spec.Descriptor{
			Name:     "bidirectional",
			Synopsis: "near-optimal bidirectional search: from both ends, cheapest plan, proved",
			Doc: "Migrations reverse, so that the search runs from the start and from the goal. It expands pairs of " +
				"states, one of each side, that no proof of optimality can do without both of; its expansions are at " +
				"most twice the fewest that any such algorithm needs with the same consistent heuristic.",
			Params:     []spec.Param{bounds.Param("deadlock")},
			Citation:   "NBS: Chen, Holte, Zilles and Sturtevant 2017, doi 10.24963/ijcai.2017/68",
			Properties: []spec.Property{paths.Complete, paths.OptimalCost, paths.Deterministic, paths.Seedless},
		},
		New: func(a spec.Args) (func() paths.Searcher, error) {
			b := searcher{bounds.Of(a)}
			return func() paths.Searcher { return b }, nil
		},
	}
}
