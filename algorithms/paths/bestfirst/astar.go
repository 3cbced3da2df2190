package bestfirst

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// AStar is A* with any registered heuristic; with a weight above 1 it is weighted A*.
func AStar() spec.Entry[func() paths.Searcher] {
	return spec.Entry[func() paths.Searcher]{
		Descriptor: spec.Descriptor{
			Name:     "astar",
			Synopsis: "A* search over placements: cheapest plan, proved",
			Doc: "With a weight w above 1 it is weighted A*: it ends with the first plan that is proved to cost " +
				"at most w times the optimum. The promise of optimality is that of weight 1.",
			Params: []spec.Param{
				bounds.Param("deadlock"),
				{
					Name: "weight", Type: spec.Ratio, Default: "1", Bounds: spec.Between(1, space.MaxWeight),
					Doc: "what the heuristic is multiplied with",
				},
				space.PruneParam(true), space.LookaheadParam(),
			},
			Citation: "Hart, Nilsson and Raphael 1968, doi 10.1109/TSSC.1968.300136; " +
				"weight: Pohl 1970, doi 10.1016/0004-3702(70)90007-X",
			Properties: prover(),
		},
		New: func(a spec.Args) (func() paths.Searcher, error) {
			w, err := weight(a.Ratio("weight"))
			if err != nil {
				return nil, err
			}
			return build(space.BestFirst{
				Heuristic: bounds.Of(a), Weights: []space.Weight{w}, Prune: space.PruningOf(a),
				Lookahead: a.Bool("lookahead"),
			})
		},
	}
}
