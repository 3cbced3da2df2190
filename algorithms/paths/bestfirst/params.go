package bestfirst

import (
	"fmt"
	"math/big"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

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
