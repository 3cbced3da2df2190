package all_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// A problem is shared by the runs of an experiment, so that its rules and costs,
// expressions and tables among them, must say the same to many runs at once as to one.
// The race detector has more to say of it than the plans.
func TestRunsThatShareAProblemDisturbEachOther(t *testing.T) {
	const together, enough = 4, 8
	searched := 0
	for seed := uint64(0); seed < 1000 && searched < enough; seed++ {
		p := sharedProblem(t, rand.New(rand.NewPCG(seed, 4)))
		if r := solve(t, "dijkstra", p, paths.Options{Seed: seed}); r.Counters.Expanded < 20 {
			continue // rules are hardly asked
		}
		searched++
		for _, d := range catalogue.Standard().Descriptors(paths.Kind) {
			alone := solve(t, d.Name, p, paths.Options{Seed: seed})
			solver, _, err := paths.New(catalogue.Standard(), spec.Named(d.Name))
			if err != nil {
				t.Fatal(err)
			}
			var runs sync.WaitGroup
			for range together {
				runs.Go(func() {
					r, err := solver.Solve(context.Background(), p, paths.Options{Seed: seed})
					if err != nil || r.Status != alone.Status || r.LowerBound != alone.LowerBound || !slices.Equal(r.Migrations, alone.Migrations) {
						t.Errorf("instance %d, %s: alone it ends with %s, %d and %v, beside others with %s, %d and %v (%v)", seed, d.Name,
							alone.Status, alone.LowerBound, alone.Migrations, r.Status, r.LowerBound, r.Migrations, err)
					}
				})
			}
			runs.Wait()
		}
	}
	if searched < enough {
		t.Errorf("only %d instances call for a search", searched)
	}
}

// sharedProblem has all that is computed when a problem is bound: classes, tables and
// programs of expressions, beside some rules of the registry.
func sharedProblem(t *testing.T, rng *rand.Rand) *paths.Problem {
	t.Helper()
	in := pathtest.Ruled(rng)
	priced(rng, in)
	in.Rules = slices.Concat(in.Rules, []spec.Spec{
		spec.MustParse(`expression(test="used.ram / 3 <= host.capacity.ram && vms * 0.1 < 1")`),
		spec.MustParse(`expression(test="vm.demand.ram / 3 <= host.capacity.ram")`),
	})
	return pathtest.Problem(t, in, `sum(of=[precopy, network, expression(cost="vm.demand.ram / (1 + to.nic_mbps)")])`)
}
