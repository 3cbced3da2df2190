package paths_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/generators"
)

// patient is a whole algorithm: it tries random orders of direct migrations until one
// reaches the goal. [pathtest.Check] examines it.
func patient() spec.Entry[func() paths.Searcher] {
	return spec.Entry[func() paths.Searcher]{
		Descriptor: spec.Descriptor{
			Name:     "patient",
			Synopsis: "direct migrations in random orders, until one works",
			Params: []spec.Param{{
				Name: "orders", Type: spec.Int, Default: "1000", Bounds: spec.Between(1, 1e9), Doc: "most orders that are tried",
			}},
			Citation:   "own work",
			Properties: []spec.Property{paths.Deterministic}, // neither complete nor optimal
		},
		New: func(a spec.Args) (func() paths.Searcher, error) {
			orders := a.Int("orders")
			return func() paths.Searcher {
				return paths.SearcherFunc(func(run *paths.Run) error { return tryOrders(run, orders) })
			}, nil
		},
	}
}

func tryOrders(run *paths.Run, orders int64) error {
	p := run.Problem
	for range orders {
		if !run.Expand() { // counts, looks at the limits, and says whether to go on
			return nil
		}
		s := cloud.NewState(p.Instance, p.Rules, p.Start)
		for moved := true; moved; {
			moved = false
			for _, v := range run.Rand.Perm(len(p.Goal)) {
				vm, to := cloud.VMID(v), p.Goal[v]
				if s.HostOf(vm) != to && s.Allows(vm, to) {
					s.Move(vm, to)
					moved = true
				}
			}
		}
		if s.Placement().Equal(p.Goal) {
			run.Found(s.Moves()) // direct migrations alone: no path is cheaper, but that is not proved
			return nil
		}
	}
	run.GiveUp("no order of direct migrations was found")
	return nil
}

func ExampleSearcher() {
	c := pathtest.Catalogue(paths.Registry(patient()), generators.Registry(generators.Entries()...))
	instances, err := generators.Generate(c, spec.MustParse("chain(length=5)"), 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := paths.NewProblem(c, instances[0], nil, spec.Named("ram"))
	if err != nil {
		fmt.Println(err)
		return
	}
	solver, full, err := paths.New(c, spec.Named("patient"))
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := solver.Solve(context.Background(), p, paths.Options{})
	fmt.Println(full, r.Status, len(r.Migrations), "migrations", err)
	// Output:
	// patient(orders=1000) feasible 5 migrations <nil>
}

func TestTheExampleKeepsItsWord(t *testing.T) { pathtest.Check(t, patient()) }
