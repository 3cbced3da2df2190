package bestfirst

import (
	"fmt"
	"math/big"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func heuristicParam(def string) spec.Param {
	return spec.Param{
		Name: "heuristic", Type: spec.Ref, Of: bounds.Kind, Default: def,
		Doc: "lower bound on the cost that remains",
	}
}

func pruneParam() spec.Param {
	return spec.Param{
		Name: "prune", Type: spec.Choice, List: true, Choices: []string{"repeat", "symmetry", "dominance", "excess"},
		Default: "[repeat, symmetry, dominance, excess]",
		Doc: "what is left out, each keeping a cheapest path: a VM that moves twice in a row, states alike but " +
			"for interchangeable hosts or VMs, anything before moves to hosts that can hold all VMs, migrations that paths cheaper than the best known do not need; [] for nothing",
	}
}

func pruning(a spec.Args) space.Pruning {
	var p space.Pruning
	for _, name := range a.Strings("prune") {
		switch name {
		case "repeat":
			p.Repeat = true
		case "symmetry":
			p.Symmetry = true
		case "dominance":
			p.Dominance = true
		case "excess":
			p.Excess = true
		}
	}
	return p
}

func lookaheadParam() spec.Param {
	return spec.Param{
		Name: "lookahead", Type: spec.Bool, Default: "yes",
		Doc: "at every state, try to reach the goal by direct migrations alone",
	}
}

// weight reads a ratio as a weight.
func weight(r *big.Rat) (space.Weight, error) {
	if !r.Num().IsInt64() || !r.Denom().IsInt64() || r.Num().Int64() > space.MaxWeight || r.Denom().Int64() > space.MaxWeight {
		return space.Weight{}, fmt.Errorf("weight %s: expected a fraction of numbers up to %d", r.RatString(), space.MaxWeight)
	}
	return space.Weight{Num: r.Num().Int64(), Den: r.Denom().Int64()}, nil
}

// build makes the constructor of a best-first search.
func build(b space.BestFirst) (func() paths.Searcher, error) {
	return func() paths.Searcher { return b }, nil
}

// prover are the promises of a search that is complete and optimal.
func prover() []spec.Property {
	return []spec.Property{paths.Complete, paths.OptimalCost, paths.Deterministic, paths.Seedless}
}
