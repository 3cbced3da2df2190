package best_test

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/results"
	"github.com/cloudrearrange/rearrange/results/best"
)

func ExampleMerge() {
	amount := func(n int64) *int64 { return &n }
	known := best.Of([]results.Record{
		{Name: results.Name{Instance: "chain4"}, Algorithm: "greedy", CostFunction: "ram", Outcome: results.Feasible, Cost: amount(2959)},
		{Name: results.Name{Instance: "chain4"}, Algorithm: "astar", CostFunction: "ram", Outcome: results.Unknown, LowerBound: amount(2600)},
	})
	merged := best.Merge(known, best.Of([]results.Record{
		{Name: results.Name{Instance: "chain4"}, Algorithm: "improve", CostFunction: "ram", Outcome: results.Feasible, Cost: amount(2690)},
	}))
	for _, c := range best.Changes(known, merged) {
		fmt.Println(c.After.Instance, c.Kind, c.After.Plan.Cost, c.After.Plan.Algorithm, c.After.Bound.Value, c.After.Bound.Algorithm)
	}
	// Output:
	// chain4 improved 2690 improve 2600 astar
}
