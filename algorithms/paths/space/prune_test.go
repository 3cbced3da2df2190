package space

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
)

// alike makes an instance with much symmetry: equal hosts, two sizes of VMs, few targets,
// sometimes one host with room for everything.
func alike(rng *rand.Rand) *cloud.Instance {
	in := &cloud.Instance{Name: "alike", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}}}
	hosts, vms := 3+rng.IntN(2), 2+rng.IntN(4)
	for h := range hosts {
		in.Hosts = append(in.Hosts, cloud.Host{Name: fmt.Sprintf("h%d", h), Capacity: []int64{4}, Reserved: []int64{0}})
	}
	if rng.IntN(3) == 0 {
		in.Hosts[0].Capacity[0] = 20
	}
	free := make([][2]int64, hosts)
	for h := range free {
		free[h] = [2]int64{in.Hosts[h].Capacity[0], in.Hosts[h].Capacity[0]}
	}
	place := func(end, demand, first int) cloud.HostID {
		for n := range hosts {
			if h := (first + n) % hosts; free[h][end] >= int64(demand) {
				free[h][end] -= int64(demand)
				return cloud.HostID(h)
			}
		}
		panic("no room")
	}
	for v := range vms {
		d := 1 + rng.IntN(2)
		in.VMs = append(in.VMs, cloud.VM{Name: fmt.Sprintf("v%d", v), Demand: []int64{int64(d)}})
		in.Initial = append(in.Initial, place(0, d, rng.IntN(hosts)))
		in.Target = append(in.Target, place(1, d, rng.IntN(2)))
	}
	return in
}

// Whatever is pruned, the optimum stays, and so does the proof that there is no path;
// and each pruning prunes something.
func TestPruningKeepsTheOptimum(t *testing.T) {
	prunings := map[string]Pruning{
		"none": {}, "repeat": {Repeat: true}, "symmetry": {Symmetry: true}, "dominance": {Dominance: true},
		"all": {Repeat: true, Symmetry: true, Dominance: true}, "repeat and dominance": {Repeat: true, Dominance: true},
	}
	generated := map[string]int64{}
	for seed := range uint64(1500) {
		rng := rand.New(rand.NewPCG(seed, 7))
		in := alike(rng)
		if seed%3 == 0 {
			in = pathtest.Random(rng)
		} else if err := in.Check(); err != nil {
			t.Fatal(err)
		}
		p := pathtest.Problem(t, in, "ram")
		truth, exists := pathtest.Exhaustive(p).To(p.Start)
		for name, pruning := range prunings {
			r, err := paths.Solve(context.Background(), BestFirst{Heuristic: blindMaker, Prune: pruning, Lookahead: seed%2 == 0}, p, paths.Options{})
			if err != nil {
				t.Fatal(err)
			}
			pathtest.Judge(t, p, &r)
			generated[name] += r.Counters.Generated
			switch {
			case exists && (r.Status != cloud.Optimal || r.Cost != truth):
				t.Fatalf("instance %d, pruning %s: %s at %d, the optimum is %d", seed, name, r.Status, r.Cost, truth)
			case !exists && r.Status != cloud.Infeasible:
				t.Fatalf("instance %d, pruning %s: %s, no path exists", seed, name, r.Status)
			}
		}
	}
	for _, name := range []string{"repeat", "symmetry", "dominance"} {
		if generated[name] >= generated["none"] {
			t.Errorf("pruning %s generates %d states, none %d", name, generated[name], generated["none"])
		}
	}
	t.Log(generated)
}

// Any sequence of weights ends in the optimum if it ends in 1, and a plan found with a
// weight costs at most so many times the optimum.
func TestWeightsKeepTheirGuarantee(t *testing.T) {
	for seed := range uint64(400) {
		rng := rand.New(rand.NewPCG(seed, 8))
		p := pathtest.Problem(t, pathtest.Random(rng), "ram")
		distances := pathtest.Exhaustive(p)
		truth, exists := distances.To(p.Start)
		for _, weights := range [][]Weight{{{1, 1}}, {{3, 2}}, {{5, 1}}, {{1, 0}}, {{1, 0}, {5, 1}, {2, 1}, {1, 1}}, {{3, 1}, {1, 1}}} {
			search := BestFirst{Lookahead: seed%2 == 0, Weights: weights, Heuristic: func(*paths.Run, *paths.Problem, *Layout) Heuristic { return inconsistent{distances, seed} }}
			r, err := paths.Solve(context.Background(), search, p, paths.Options{})
			if err != nil {
				t.Fatal(err)
			}
			pathtest.Judge(t, p, &r)
			if r.Status.HasPlan() != exists || (!exists && r.Status != cloud.Infeasible) {
				t.Fatalf("instance %d, weights %v: %s, a path exists: %v", seed, weights, r.Status, exists)
			}
			if !exists {
				continue
			}
			if r.LowerBound > truth {
				t.Fatalf("instance %d, weights %v: bound %d, the optimum is %d", seed, weights, r.LowerBound, truth)
			}
			last := weights[len(weights)-1]
			if last.Den > 0 && last.Den*r.Cost > last.Num*truth {
				t.Fatalf("instance %d, weights %v: cost %d, the optimum is %d", seed, weights, r.Cost, truth)
			}
			if last.Num == last.Den && r.Status != cloud.Optimal {
				t.Fatalf("instance %d, weights %v: %s with bound %d", seed, weights, r.Status, r.LowerBound)
			}
		}
	}
}
