package bestfirst

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Anytime is anytime repairing A*: a first plan as fast as greedy best-first search finds
// it, then better ones under falling weights, in the end the optimum.
func Anytime() spec.Entry[func() paths.Searcher] {
	return spec.Entry[func() paths.Searcher]{
		Descriptor: spec.Descriptor{
			Name:       "anytime",
			Synopsis:   "anytime repairing A*: a first plan fast, then better ones, in the end the optimum",
			Params:     []spec.Param{bounds.Param("deadlock"), space.PruneParam(true), space.LookaheadParam()},
			Citation:   "Likhachev, Gordon and Thrun 2003, ARA*: Anytime A* with provable bounds on sub-optimality, NIPS 16",
			Properties: prover(),
		},
		New: func(a spec.Args) (func() paths.Searcher, error) {
			return build(space.BestFirst{
				Heuristic: bounds.Of(a), Prune: space.PruningOf(a), Lookahead: a.Bool("lookahead"),
				// Weights as in Richter, Thayer and Ruml 2010, ICAPS.
				Weights: []space.Weight{{Num: 1}, {Num: 5, Den: 1}, {Num: 3, Den: 1}, {Num: 2, Den: 1}, {Num: 3, Den: 2}, {Num: 1, Den: 1}},
			})
		},
	}
}
