package idastar

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Entry is iterative-deepening A* with any registered heuristic.
func Entry() spec.Entry[func() paths.Searcher] {
	return spec.Entry[func() paths.Searcher]{
		Descriptor: spec.Descriptor{
			Name:     "idastar",
			Synopsis: "iterative-deepening A*: cheapest plan, proved, in little memory",
			Doc: "Depth-first searches under a growing limit on cost. The limit grows by forecasts, within budgets of " +
				"expansions, so that costs that are all different do not make as many searches.",
			Params: []spec.Param{
				bounds.Param("deadlock"),
				{
					Name: "memory", Type: spec.Int, Default: "256", Unit: "MiB", Bounds: spec.Between(0, 1<<20),
					Doc: "bound on the memory of states met before; beyond it states are forgotten and searched again",
				},
				{
					Name: "por", Type: spec.Bool, Default: "yes",
					Doc: "partial-order reduction: of migrations that could as well have been made the other way round, one order is searched",
				},
				space.PruneParam(true), space.LookaheadParam(),
			},
			Citation: "Korf 1985, doi 10.1016/0004-3702(85)90084-0; limits: Sarkar, Chakrabarti, Ghose and DeSarkar 1991, Reducing reexpansions in " +
				"iterative-deepening search by controlling cutoff bounds, Artificial Intelligence 50, and Helmert et al. 2019, doi 10.24963/ijcai.2019/173; memory: Reinefeld and Marsland 1994, doi 10.1109/34.297950; " +
				"por: Holte and Burch 2014, doi 10.3233/AIC-140606",
			Properties: []spec.Property{paths.Complete, paths.OptimalCost, paths.Deterministic, paths.Seedless},
		},
		New: func(a spec.Args) (func() paths.Searcher, error) {
			s := Searcher{
				Heuristic:    bounds.Of(a),
				MemoryBytes:  a.Int("memory") << 20,
				PartialOrder: a.Bool("por"),
				Prune:        space.PruningOf(a),
				Lookahead:    a.Bool("lookahead"),
			}
			return func() paths.Searcher { return s }, nil
		},
	}
}
