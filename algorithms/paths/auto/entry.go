package auto

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/greedy"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Entry describes the algorithm for the registry.
func Entry() spec.Entry[func() paths.Searcher] {
	return spec.Entry[func() paths.Searcher]{
		Descriptor: spec.Descriptor{
			Name:     "auto",
			Synopsis: "the recommended one: a plan fast, bounds for the whole, then better plans and proofs until the limit",
			Doc: "Ends as soon as its plan is proved to be within the gap, with any gap but 0 perhaps before it is proved " +
				"cheapest. Given no limit it ends with the cheapest plan, or the proof that there is none.",
			Params: []spec.Param{{
				Name: "gap", Type: spec.Ratio, Default: "0", Bounds: spec.Between(0, maxGap),
				Doc: "end when the plan is proved to cost at most so much more than the cheapest, relative to its bound: 0.01 for one per cent",
			}},
			Citation:   "Rice 1976, The algorithm selection problem, doi 10.1016/S0065-2458(08)60520-3",
			Properties: []spec.Property{paths.Complete, paths.OptimalCost, paths.Deterministic},
		},
		New: func(a spec.Args) (func() paths.Searcher, error) {
			tools, err := newTools()
			if err != nil {
				return nil, err
			}
			gap := a.Ratio("gap")
			return func() paths.Searcher { return searcher{gap, tools} }, nil
		},
	}
}

// maxGap is the largest gap to be asked for.
const maxGap = 1000

// tools are what other packages register and this one draws on.
type tools struct {
	greedy func() paths.Searcher
	quick  bounds.Maker // the deadlock bound, with less time for each state
	brief  bounds.Maker // the same, with hardly any
}

// quickOrders is how far the quick bound looks for orders. With 100 sets in place of 4,000
// a state takes a small part of the time, and few more states are expanded.
const quickOrders = "100"

func newTools() (*tools, error) {
	makeGreedy, _, err := spec.NewRegistry("algorithm", paths.Vocabulary(), greedy.Entry()).Build(spec.Named("greedy"))
	if err != nil {
		return nil, fmt.Errorf("auto: %w", err)
	}
	quick, _, err := bounds.Registry().Build(spec.MustParse("deadlock(orders=" + quickOrders + ")"))
	if err != nil {
		return nil, fmt.Errorf("auto: %w", err)
	}
	brief, _, err := bounds.Registry().Build(spec.MustParse("deadlock(nodes=1, orders=0)"))
	if err != nil {
		return nil, fmt.Errorf("auto: %w", err)
	}
	return &tools{makeGreedy, quick, brief}, nil
}
