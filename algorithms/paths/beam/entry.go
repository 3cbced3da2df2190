package beam

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
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
				{
					Name: "heuristic", Type: spec.Ref, Of: bounds.Kind, Default: "deadlock",
					Doc: "lower bound on the cost that remains",
				},
				{
					Name: "complete", Type: spec.Bool, Default: "yes",
					Doc: "whether to go on with wider beams until there is a path or a proof that none exists",
				},
				{
					Name: "prune", Type: spec.Choice, List: true, Choices: []string{"repeat", "symmetry", "dominance"},
					Default: "[repeat, symmetry, dominance]",
					Doc: "what is left out, each keeping a cheapest path: a VM that moves twice in a row, states alike but for " +
						"interchangeable hosts or VMs, anything before moves to hosts that can hold everybody; [] for nothing",
				},
				{
					Name: "lookahead", Type: spec.Bool, Default: "yes",
					Doc: "at every state, try to reach the goal by direct migrations alone",
				},
			},
			Citation:   "Bisiani 1987, Beam search, in: Encyclopedia of Artificial Intelligence; complete: Zhang 1998, Complete anytime beam search, AAAI",
			Properties: []spec.Property{paths.Complete, paths.Deterministic, paths.Seedless},
		},
		New: func(a spec.Args) (func() paths.Searcher, error) {
			s := Searcher{
				Heuristic: spec.Built[bounds.Maker](a, "heuristic"),
				Width:     int(a.Int("width")), Complete: a.Bool("complete"), Lookahead: a.Bool("lookahead"),
			}
			for _, name := range a.Strings("prune") {
				switch name {
				case "repeat":
					s.Prune.Repeat = true
				case "symmetry":
					s.Prune.Symmetry = true
				case "dominance":
					s.Prune.Dominance = true
				}
			}
			return func() paths.Searcher { return s }, nil
		},
	}
}
