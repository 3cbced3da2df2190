package targets_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
	"github.com/cloudrearrange/rearrange/generators"
)

// search makes a search that ends when it has asked n times whether to go on.
func search(n int) *targets.Search {
	return &targets.Search{GoOn: func() bool { n--; return n >= 0 }, Seed: 1}
}

func ramOf(in *cloud.Instance, p cloud.Placement) (sum int64) {
	for v, h := range p {
		if from := in.Initial[v]; from != cloud.Absent && from != h {
			sum += in.VMs[v].Demand[0]
		}
	}
	return sum
}

// Whenever a search ends, the target is sane and no worse than the one that was constructed: by hosts
// in use, by the highest load, and at equal ones by the RAM that moves. A search also empties hosts
// that the construction cannot empty.
func TestSearchesMakeTargetsWorse(t *testing.T) {
	seen := map[string]int{}
	var families []generators.Family
	for _, text := range []string{
		"random(hosts=14, max=2048, utilisation=0.6, target=none)", "flavours(preset=general, hosts=30, utilisation=0.7, target=none)",
	} {
		family, _, err := spec.Build[generators.Family](catalogue.Standard(), generators.Kind, spec.MustParse(text))
		if err != nil {
			t.Fatal(err)
		}
		families = append(families, family)
	}
	for seed := range uint64(120) {
		rng := rand.New(rand.NewPCG(seed, 71))
		in := pathtest.Ruled(rng)
		switch seed % 3 {
		case 0:
			in = pathtest.Broken(rng)
		case 1:
			made, err := families[seed/3%5/4](seed) // large ones seldom
			if err != nil {
				t.Fatal(err)
			}
			in = made[0]
			in.Hosts[0].Name = "h0"
			if err := in.Check(); err != nil {
				t.Fatal(err)
			}
		}
		in.Target = nil
		for _, text := range []string{"defragment", "rebalance(tolerance=0)", "evacuate(hosts=h0)"} {
			strategy, _, err := spec.Build[targets.Strategy](catalogue.Standard(), targets.Kind, spec.MustParse(text))
			if err != nil {
				t.Fatal(err)
			}
			r := request(t, in)
			before, failed := targets.Choose(context.Background(), strategy, r)
			r.Search = search([]int{0, 3, 600}[rng.IntN(3)])
			after, err := targets.Choose(context.Background(), strategy, r)
			if err != nil {
				if failed == nil {
					t.Fatalf("seed %d, %s: the search ends with %v", seed, text, err)
				}
				continue
			}
			if failed != nil {
				seen[text+" found"]++
				continue
			}
			if len(breaks(r)) > 0 {
				continue // both are searches, and a longer one may take another way
			}
			old, now := r.Measure(before.Target), r.Measure(after.Target)
			moved, moves := ramOf(in, before.Target), ramOf(in, after.Target)
			switch text {
			case "defragment":
				if now.HostsInUse > old.HostsInUse || now.HostsInUse == old.HostsInUse && moves > moved {
					t.Fatalf("seed %d: %d hosts and %d become %d and %d", seed, old.HostsInUse, moved, now.HostsInUse, moves)
				}
				if now.HostsInUse < old.HostsInUse {
					seen["fewer hosts"]++
				}
			case "rebalance(tolerance=0)":
				if now.Highest > old.Highest || now.Highest == old.Highest && moves > moved {
					t.Fatalf("seed %d: a load of %v and %d become %v and %d", seed, old.Highest, moved, now.Highest, moves)
				}
				if now.Highest < old.Highest {
					seen["lower load"]++
				}
			default:
				if moves > moved {
					t.Fatalf("seed %d: to empty h0 moves %d, before %d", seed, moves, moved)
				}
			}
			if moves < moved {
				seen["less RAM"]++
			}
		}
	}
	t.Log(seen)
	for _, what := range []string{"fewer hosts", "lower load", "less RAM"} {
		if seen[what] < 3 {
			t.Errorf("%s: only %d times", what, seen[what])
		}
	}
}

// A VM that the strategy places stays placed, although the placement as it is would do without it.
func TestSearchesForgetWhoIsToBePlaced(t *testing.T) {
	in := uniform(t, 3, []int64{40, 0}, []int64{40, 0}, []int64{40, 0})
	in.Initial[2] = cloud.Absent
	for _, text := range []string{"defragment(absent=place)", "rebalance(absent=place, tolerance=0)", "evacuate(hosts=h0, absent=place)"} {
		r := request(t, in)
		r.Search = search(2000)
		c, err := targets.Choose(context.Background(), build(t, text), r)
		if err != nil || c.Target[2] == cloud.Absent {
			t.Errorf("%s: %v, %v", text, c.Target, err)
		}
	}
}
