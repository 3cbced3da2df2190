package generators

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func solve(t testing.TB, in *cloud.Instance, algorithm, cost string) paths.Result {
	t.Helper()
	problem, err := paths.NewProblem(testCatalogue(), in, nil, spec.Named(cost))
	if err != nil {
		t.Fatal(err)
	}
	solver, _, err := paths.New(testCatalogue(), spec.MustParse(algorithm))
	if err != nil {
		t.Fatal(err)
	}
	result, err := solver.Solve(t.Context(), problem, paths.Options{Expansions: 2_000_000, MemoryBytes: 1 << 30})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// proved holds a closed form against what A* proves under both cost functions, and the
// description against the closed form.
func proved(t *testing.T, in *cloud.Instance, want Optimum, reachable bool) {
	t.Helper()
	sane(t, in)
	for cost, c := range map[string]int64{"count": want.Migrations, "ram": want.MiB} {
		r := solve(t, in, "astar", cost)
		if !reachable {
			if r.Status != cloud.Infeasible {
				t.Errorf("%s: %s under %s, expected that no path exists", in.Name, r.Status, cost)
			}
			continue
		}
		if r.Status != cloud.Optimal || r.Cost != c {
			t.Errorf("%s: %s at %d under %s (%s), the closed form says %d", in.Name, r.Status, r.Cost, cost, r.Reason, c)
		}
	}
	said := "no path exists: "
	if reachable {
		said = want.String()
	}
	if !strings.HasPrefix(in.Description, said) {
		t.Errorf("%s is described as %q, expected %q", in.Name, in.Description, said)
	}
}

func TestPermutationOptimumIsWhatSearchProves(t *testing.T) {
	kinds := map[string]int{}
	for hosts := 1; hosts <= 7; hosts++ {
		for empty := 0; empty < hosts; empty++ {
			for _, over := range []string{"same", "all"} {
				for seed := range uint64(6) {
					in := generate(t, fmt.Sprintf("permutation(hosts=%d, empty=%d, over=%s, size=100)", hosts, empty, over), seed)[0]
					want, ok := PermutationOptimum(in)
					proved(t, in, want, ok)
					kinds[fmt.Sprintf("path %v, bypasses %v", ok, int(want.Migrations) > len(in.VMs))]++
				}
			}
		}
	}
	if len(kinds) != 3 {
		t.Errorf("the instances were of the kinds %v, expected some without a path and some with bypasses", kinds)
	}
}

func TestSwapsOptimumIsWhatSearchProves(t *testing.T) {
	for _, c := range []struct{ pairs, vms, room int64 }{{1, 1, 1}, {2, 1, 1}, {3, 1, 2}, {4, 1, 1}, {1, 2, 1}, {2, 2, 1}, {1, 3, 2}, {2, 2, 3}} {
		in := generate(t, fmt.Sprintf("swaps(pairs=%d, vms=%d, room=%d, size=70)", c.pairs, c.vms, c.room), 1)[0]
		proved(t, in, SwapsOptimum(c.pairs, c.vms, 70), true)
	}
}

func TestChainOptimumIsWhatSearchProves(t *testing.T) {
	for _, c := range []struct{ length, chains, size, step, settled int64 }{
		{1, 1, 400, 10, 500}, {3, 1, 400, 10, 500}, {6, 1, 400, 10, 0}, {3, 2, 400, 300, 500}, {2, 3, 10, 0, 1}, {5, 1, 900, 7, 100},
	} {
		in := generate(t, fmt.Sprintf("chain(length=%d, chains=%d, size=%d, step=%d, settled=%d)", c.length, c.chains, c.size, c.step, c.settled), 2)[0]
		proved(t, in, ChainOptimum(c.length, c.chains, c.size, c.step), true)
	}
}

// The settled VMs are where the closed form might be wrong: at half the size of the
// first VM they are as cheap to displace as that VM.
func TestRingOptimumIsWhatSearchProves(t *testing.T) {
	for _, c := range []struct{ length, rings, size, step, settled int64 }{
		{2, 1, 400, 10, 500},
		{3, 1, 400, 10, 500},
		{5, 1, 400, 10, 0},
		{2, 2, 400, 10, 500},
		{3, 2, 50, 60, 25},
		{3, 1, 400, 300, 200},
		{3, 1, 401, 0, 201},
		{4, 1, 10, 100, 5},
		{2, 3, 10, 1, 0},
	} {
		in := generate(t, fmt.Sprintf("ring(length=%d, rings=%d, size=%d, step=%d, settled=%d)", c.length, c.rings, c.size, c.step, c.settled), 3)[0]
		proved(t, in, RingOptimum(c.length, c.rings, c.size, c.step), true)
	}
}

func TestNarrowOptimumIsWhatSearchProves(t *testing.T) {
	for length := int64(1); length <= 40; length += 3 {
		for _, goal := range []string{"shift", "exchange"} {
			in := generate(t, fmt.Sprintf("narrow(length=%d, goal=%s, size=100, step=49)", length, goal), 4)[0]
			proved(t, in, NarrowOptimum(length, goal == "exchange", 100, 49), true)
		}
	}
}

func TestDecoyOptimumIsWhatSearchProves(t *testing.T) {
	for _, c := range []struct{ factor, pairs int64 }{{1, 2}, {2, 3}, {3, 4}, {2, 5}} {
		in := generate(t, fmt.Sprintf("decoy(factor=%d, pairs=%d, size=10)", c.factor, c.pairs), 5)[0]
		optimum, _ := DecoyCosts(c.factor, c.pairs, 10)
		proved(t, in, optimum, true)
	}
}
