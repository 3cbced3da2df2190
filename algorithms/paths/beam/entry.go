package beam

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Entry is beam search with any registered heuristic.
func Entry() spec.Entry[func() paths.Searcher] {
	return spec.Entry[func() paths.Searcher]{
		Descriptor: spec.Descriptor{
			Name:     "beam",
			Synopsis: "beam search: the most promising states of each layer, wider until there is a path",
			Doc: "Searches by number of migrations, keeping of each layer the states of least cost so far plus heuristic. " +
				"A pass that ends without a path, having dropped states, is repeated at twice the width; one that has " +
				"dropped none is a proof. The promise of completeness is that of complete=yes.",
			Params: []spec.Param{
				{
					Name: "width", Type: spec.Int, Default: "64", Unit: "states", Bounds: spec.Between(1, 1e8),
					Doc: "how many states are kept of a layer, in the first pass",
				},
				bounds.Param("deadlock"),
				{
					Name: "complete", Type: spec.Bool, Default: "yes",
					Doc: "whether to go on with wider beams until there is a path or a proof that none exists",
				},
				space.PruneParam(false), space.LookaheadParam(),
			},
			Citation:   "Bisiani 1987, Beam search, in: Encyclopedia of Artificial Intelligence; complete: Zhang 1998, Complete anytime beam search, AAAI",
			Properties: []spec.Property{paths.Complete, paths.Deterministic, paths.Seedless},
		},
		New: func(a spec.Args) (func() paths.Searcher, error) {
			s := Searcher{
				Heuristic: bounds.Of(a),
				Width:     int(a.Int("width")), Complete: a.Bool("complete"), Prune: space.PruningOf(a), Lookahead: a.Bool("lookahead"),
			}
			return func() paths.Searcher { return s }, nil
		},
	}
}
