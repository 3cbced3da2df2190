package bounds_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/idastar"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
)

// full makes a small cloud with little room and many equal VMs; nil if the draw fails.
func full(rng *rand.Rand) *cloud.Instance {
	hosts, capacity := 2+rng.IntN(3), int64(4+rng.IntN(4))
	in := &cloud.Instance{Name: "full", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}}}
	free := make([][2]int64, hosts)
	for h := range hosts {
		in.Hosts = append(in.Hosts, cloud.Host{Name: fmt.Sprintf("h%d", h), Capacity: []int64{capacity}, Reserved: []int64{0}})
		free[h] = [2]int64{capacity, capacity}
	}
	place := func(end int, d int64) cloud.HostID {
		first := rng.IntN(hosts)
		for n := range hosts {
			if h := (first + n) % hosts; free[h][end] >= d {
				free[h][end] -= d
				return cloud.HostID(h)
			}
		}
		return cloud.Absent
	}
	for v := range 3 + rng.IntN(4) {
		d := int64(1) << rng.IntN(3)
		from, to := place(0, d), place(1, d)
		if from == cloud.Absent || to == cloud.Absent {
			return nil
		}
		in.VMs = append(in.VMs, cloud.VM{Name: fmt.Sprintf("v%d", v), Demand: []int64{d}})
		in.Initial, in.Target = append(in.Initial, from), append(in.Target, to)
	}
	return in
}

// Pruning under a limit on cost must neither lose the optimum nor prove too high a bound.
func TestALimitOnCostKeepsThePathsBelowIt(t *testing.T) {
	everything := space.Pruning{Repeat: true, Symmetry: true, Dominance: true, Excess: true}
	makers := map[string]bounds.Maker{"misplaced": bounds.Misplaced, "deadlock": bounds.Deadlock}
	for seed := range uint64(1500) {
		rng := rand.New(rand.NewPCG(seed, 31))
		in := full(rng)
		if in == nil || seed%4 == 0 {
			in = pathtest.Random(rng)
		}
		p := pathtest.Problem(t, in, "ram")
		truth, exists := pathtest.Exhaustive(p).To(p.Start)
		if !exists {
			truth = 50
		}
		for name, maker := range makers {
			for _, prune := range []space.Pruning{{Excess: true}, everything} {
				for _, above := range []int64{0, 1, 2, 5} {
					search := space.BestFirst{Heuristic: maker, Prune: prune, Lookahead: seed%2 == 0, Below: truth + above}
					r, err := paths.Solve(context.Background(), search, p, paths.Options{})
					if err != nil {
						t.Fatal(err)
					}
					pathtest.Judge(t, p, &r)
					where := fmt.Sprintf("instance %d, %s, prune %v, %d above", seed, name, prune, above)
					switch {
					case exists && above > 0 && truth > 0 && (r.Status != cloud.Optimal || r.Cost != truth):
						t.Fatalf("%s: %s at %d, the optimum is %d", where, r.Status, r.Cost, truth)
					case exists && (r.LowerBound != truth || r.Status == cloud.Infeasible):
						t.Fatalf("%s: %s, bound %d, the optimum is %d", where, r.Status, r.LowerBound, truth)
					case !exists && r.Status.HasPlan():
						t.Fatalf("%s: %s, there is no path", where, r.Status)
					}
				}
				deepens := idastar.Searcher{Heuristic: maker, MemoryBytes: 1 << 20, PartialOrder: true, Prune: prune, Lookahead: seed%2 == 0}
				r, err := paths.Solve(context.Background(), deepens, p, paths.Options{})
				if err != nil {
					t.Fatal(err)
				}
				pathtest.Judge(t, p, &r)
				if r.Status.HasPlan() != exists || exists && (r.Status != cloud.Optimal || r.Cost != truth) {
					t.Fatalf("instance %d, idastar, %s: %s at %d, the optimum is %d, a path exists: %v", seed, name, r.Status, r.Cost, truth, exists)
				}
			}
		}
	}
}
