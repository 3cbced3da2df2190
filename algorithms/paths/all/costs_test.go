package all_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/generators"
)

// hostCosts are cost functions that depend on the hosts, the last two on the direction
// too, and one of them free within a rack.
var hostCosts = []string{
	"network", "network(rack=0, zone=1, beyond=2)", "precopy", "downtime(max-downtime=0s)",
	"sum(of=[network, precopy, count], weights=[100, 1, 7])",
	`expression(cost="vm.demand.ram * (from.rack == to.rack ? 1 : 3) + to.nic_mbps")`,
	`expression(cost="from.name in ['h0', 'h2'] ? 1 : vm.demand.ram / 2", suspend=1)`,
}

// priced gives an instance what costs depend on: racks, where it has none that rules may
// look at, speeds of network interfaces, dirty rates and working sets.
func priced(rng *rand.Rand, in *cloud.Instance) {
	for h := range in.Hosts {
		if in.Hosts[h].Rack == "" {
			in.Hosts[h].Rack = fmt.Sprintf("r%d", rng.IntN(2))
		}
		in.Hosts[h].NICMbps = []int64{1, 2, 10}[rng.IntN(3)]
	}
	for v := range in.VMs {
		in.VMs[v].DirtyMiBPerS = []*float64{new(0.0), new(0.05), new(1.0)}[rng.IntN(3)]
		in.VMs[v].WorkingSetMiB = []float64{0, 1.5}[rng.IntN(2)]
	}
}

// What is proved under costs that depend on hosts is true, with rules of all kinds and
// without: optimal algorithms find the optimum of exhaustive search, and nobody reports a
// bound above it.
func TestHostsMisleadProofs(t *testing.T) { hostsMisleadProofs(t, 0, 400) }

func hostsMisleadProofs(t *testing.T, first uint64, instances int) {
	t.Helper()
	solved := map[string]int{}
	for seed := first; seed < first+uint64(instances); seed++ {
		rng := rand.New(rand.NewPCG(seed, 3))
		in := []func(*rand.Rand) *cloud.Instance{pathtest.Random, pathtest.Ruled}[seed%2](rng)
		priced(rng, in)
		text := hostCosts[rng.IntN(len(hostCosts))]
		p := pathtest.Problem(t, in, text)
		truth := pathtest.Exhaustive(p)
		if _, exists := truth.To(p.Start); exists {
			solved[text]++
		}
		for _, algorithm := range algorithms() {
			r := solve(t, algorithm, p, paths.Options{Seed: seed})
			verify(t, fmt.Sprintf("instance %d under %s", seed, text), algorithm, p, &r, truth)
		}
	}
	for _, text := range hostCosts {
		if solved[text] < instances/30 {
			t.Errorf("%s was tried on %d instances that have a path: too few to show anything", text, solved[text])
		}
	}
}

// A cloud of a thousand hosts, many of them alike, has a million migrations out of every
// state and as many pairs of hosts: neither must be gone through with care one by one.
func TestLargeCloudIsNeverFinished(t *testing.T) {
	family, _, err := spec.Build[generators.Family](standard, generators.Kind, spec.MustParse("random(hosts=1000, racks=25, zones=5, fill-limit=0.8)"))
	if err != nil {
		t.Fatal(err)
	}
	instances, err := family(1)
	if err != nil {
		t.Fatal(err)
	}
	for _, cost := range []string{"ram", "network", "precopy"} {
		p := pathtest.Problem(t, instances[0], cost)
		if r := solve(t, "astar", p, paths.Options{Expansions: 1000}); r.Status != cloud.Optimal {
			t.Errorf("under %s A* ends with %s", cost, r.Status)
		}
	}
}
