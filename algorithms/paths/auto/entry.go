package auto

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	_ "github.com/cloudrearrange/rearrange/algorithms/paths/greedy" // named below: what auto does depends on it
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Entry describes the algorithm for the catalogue.
func Entry() spec.Entry[func() paths.Searcher] {
	return spec.Entry[func() paths.Searcher]{
		Descriptor: spec.Descriptor{
			Name:     "auto",
			Synopsis: "the recommended algorithm: a fast plan and a bound, then better plans and proofs until the limit",
			Doc: "Ends as soon as its plan is proved to be within the gap. With a gap of 0 and without a limit, it ends with a " +
				"cheapest plan or a proof that no path exists.",
			Params: []spec.Param{{
				Name: "gap", Type: spec.Ratio, Default: "0", Bounds: spec.Between(0, maxGap),
				Doc: "end when the plan is proved to be within this gap of the lower bound, relative to the bound: 0.01 for one per cent",
			}},
			Citation:   "Rice 1976, The algorithm selection problem, doi 10.1016/S0065-2458(08)60520-3",
			Properties: []spec.Property{paths.Complete, paths.OptimalCost, paths.Deterministic},
		},
		New: func(a spec.Args) (func() paths.Searcher, error) {
			tools, err := newTools(a.Catalogue())
			if err != nil {
				return nil, err
			}
			gap := a.Ratio("gap")
			return func() paths.Searcher { return searcher{gap, tools} }, nil
		},
	}
}

// maxGap is the largest gap allowed.
const maxGap = 1000

// tools are what the catalogue has for auto.
type tools struct {
	greedy func() paths.Searcher
	quick  bounds.Maker // the deadlock bound, with less time for each state
	brief  bounds.Maker // the same, with hardly any
}

// quickOrders limits the search for orders in the quick bound. With 100 sets instead of 4,000, a
// state takes a fraction of the time and the search expands few more states.
const quickOrders = "100"

func newTools(c *spec.Catalogue) (*tools, error) {
	makeGreedy, _, err := spec.Build[func() paths.Searcher](c, paths.Kind, spec.Named("greedy"))
	if err != nil {
		return nil, fmt.Errorf("auto: %w", err)
	}
	quick, _, err := spec.Build[bounds.Maker](c, bounds.Kind, spec.MustParse("deadlock(orders="+quickOrders+")"))
	if err != nil {
		return nil, fmt.Errorf("auto: %w", err)
	}
	brief, _, err := spec.Build[bounds.Maker](c, bounds.Kind, spec.MustParse("deadlock(nodes=1, orders=0)"))
	if err != nil {
		return nil, fmt.Errorf("auto: %w", err)
	}
	return &tools{makeGreedy, quick, brief}, nil
}
