//go:build soak

package all_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
)

// On 5,000 small instances, half of them under rules of all kinds, auto ends with the
// answer of exhaustive search: the cheapest plan where there is a path, and the proof that
// there is none elsewhere.
func TestSoakAutoAnswersOtherwiseThanExhaustiveSearch(t *testing.T) {
	kinds := []func(*rand.Rand) *cloud.Instance{pathtest.Random, pathtest.Ruled}
	reachable, none := 0, 0
	for seed := range uint64(5000) {
		rng := rand.New(rand.NewPCG(seed, 6))
		p := pathtest.Problem(t, kinds[seed%2](rng), []string{"ram", "count"}[rng.IntN(2)])
		truth, exists := pathtest.Exhaustive(p).To(p.Start)
		r := solve(t, "auto", p, paths.Options{Seed: seed})
		switch {
		case exists && (r.Status != cloud.Optimal || r.Cost != truth):
			t.Errorf("instance %d: %s (%s) at %d, the optimum is %d", seed, r.Status, r.Reason, r.Cost, truth)
		case !exists && r.Status != cloud.Infeasible:
			t.Errorf("instance %d: %s (%s), there is no path", seed, r.Status, r.Reason)
		case exists:
			reachable++
		default:
			none++
		}
	}
	if reachable < 1000 || none < 500 {
		t.Errorf("%d instances have a path and %d have none: too few to show anything", reachable, none)
	}
}

// Where the optimum of an instance of at most ten hosts can be proved, auto finds it within 10 s in 19
// of 20 instances, and is never more than 3 % above it.
func TestSoakAutoMissesOptima(t *testing.T) {
	families := []string{fullCloud(6, 0.9, ""), fullCloud(10, 0.85, "")}
	for _, hosts := range []int{4, 6, 8, 10} {
		for _, fill := range []float64{0.8, 0.9, 0.95} {
			families = append(families, fmt.Sprintf("random(hosts=%d, fill-limit=%g, max=2048, tries=100, migrations=1000)", hosts, fill))
		}
	}
	families = append(families, "random(hosts=10)", "random(hosts=8, max=2048, resources=3, correlation=0.5)",
		"random(hosts=8, racks=4, max=1024, grouped=0.3, anti-affinity=rack)")
	proved, found := 0, 0
	for _, family := range families {
		for seed := range uint64(4) {
			p := generated(t, family, 100+seed)
			best := solve(t, "astar", p, paths.Options{Expansions: 5_000, MemoryBytes: 1 << 30, Timeout: 20 * time.Second})
			if best.Status != cloud.Optimal {
				continue
			}
			proved++
			r := solve(t, "auto", p, paths.Options{Expansions: 200_000, Timeout: 10 * time.Second})
			switch {
			case !r.Status.HasPlan():
				t.Errorf("%s#%d: auto ends with %s (%s), a path exists", family, 100+seed, r.Status, r.Reason)
			case r.Cost == best.Cost:
				found++
			case 100*r.Cost > 103*best.Cost:
				t.Errorf("%s#%d: auto ends at %d, the optimum is %d", family, 100+seed, r.Cost, best.Cost)
			}
		}
	}
	t.Logf("auto finds %d of %d optima", found, proved)
	if proved < 40 || 100*found < 95*proved {
		t.Errorf("auto finds only %d of %d optima that A* proves", found, proved)
	}
}

// Clouds of ten thousand hosts are walked as near to their bounds as promised, in no more
// memory than is there.
func TestSoakTenThousandHostsAreTooMany(t *testing.T) {
	for _, c := range []promise{{0.85, 0.0005}, {0.95, 0.02}, {0.98, 0.04}} {
		largeCloud(t, c, "")
	}
	for _, resources := range []int{2, 3, 4} {
		largeCloud(t, promise{0.9, 0.03}, fmt.Sprintf(", resources=%d, correlation=0.9, grouped=0.1, anti-affinity=host", resources))
	}
}

func largeCloud(t *testing.T, c promise, more string) {
	t.Helper()
	const seed = 7
	p := generated(t, fullCloud(10_000, c.utilisation, more), seed)
	r := solve(t, fmt.Sprintf("auto(gap=%g)", c.gap), p, paths.Options{Expansions: 20_000_000, Timeout: 5 * time.Minute})
	if gap := float64(r.Cost-r.LowerBound) / float64(r.LowerBound); !r.Status.HasPlan() || gap > c.gap {
		t.Errorf("%g full%s: %s (%s) with a gap of %.4f, promised are %g", c.utilisation, more, r.Status, r.Reason, gap, c.gap)
	}
	runtime.GC() // the next cloud is as large
}

// Ten times as many hosts cost at most fifteen times the expansions.
func TestSoakExpansionsGrowFasterThanClouds(t *testing.T) {
	expanded := map[int]int64{}
	for _, hosts := range []int{1000, 10_000} {
		r := solve(t, "auto(gap=0.01)", generated(t, fullCloud(hosts, 0.9, ""), 7), paths.Options{Expansions: 20_000_000, Timeout: 5 * time.Minute})
		if !r.Status.HasPlan() {
			t.Fatalf("%d hosts: %s (%s)", hosts, r.Status, r.Reason)
		}
		expanded[hosts] = r.Counters.Expanded
	}
	if expanded[10_000] > 15*expanded[1000] {
		t.Errorf("1,000 hosts take %d expansions, 10,000 hosts %d", expanded[1000], expanded[10_000])
	}
}
