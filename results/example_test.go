package results_test

import (
	"fmt"
	"os"

	"github.com/cloudrearrange/rearrange/results"
)

func ExampleOpen() {
	dir, err := os.MkdirTemp("", "store")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)

	store, err := results.Open(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	cost := int64(2690)
	err = store.Append(results.Record{
		RunKey: "5f0c", Name: results.Name{Instance: "chain4"}, InstanceSHA256: "9b1d", Algorithm: "greedy", CostFunction: "ram",
		Outcome: results.Feasible, Cost: &cost,
	})
	_, made := store.Find("5f0c")
	fmt.Println(made, err, store.Close())

	records, problems, err := results.Read(dir)
	fmt.Println(records[0].Instance, records[0].Outcome, *records[0].Cost, len(problems), err)
	// Output:
	// true <nil> <nil>
	// chain4 feasible 2690 0 <nil>
}
