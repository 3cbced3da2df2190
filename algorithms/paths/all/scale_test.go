package all_test

import (
	"fmt"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
	"github.com/cloudrearrange/rearrange/generators"
)

// fullCloud is the family of the suite scale: hosts of 64 units with VMs of five sizes,
// whose two placements are random and have nothing to do with each other.
func fullCloud(hosts int, utilisation float64, more string) string {
	return fmt.Sprintf("random(hosts=%d, utilisation=%g, capacity=64, reserved=0, sizes=flavours, flavours=[1, 2, 4, 8, 16], "+
		"weights=[.30, .30, .20, .15, .05], tries=20, start=fresh, target=fresh%s)", hosts, utilisation, more)
}

// generated is the problem of the only instance of a family.
func generated(t *testing.T, family string, seed uint64) *paths.Problem {
	t.Helper()
	make, _, err := spec.Build[generators.Family](catalogue.Standard(), generators.Kind, spec.MustParse(family))
	if err != nil {
		t.Fatal(err)
	}
	instances, err := make(seed)
	if err != nil {
		t.Fatal(err)
	}
	return pathtest.Problem(t, instances[0], "ram")
}

// promise is how near to its proved bound a plan of a full cloud has to be.
type promise struct {
	utilisation float64
	gap         float64 // (cost - bound) / bound
}

// The bound that the whole allows is met up to the gap that is promised of clouds of ten
// thousand hosts, by clouds of a hundred: a bypass weighs more there.
func TestFullCloudsCostMoreThanPromised(t *testing.T) {
	for _, c := range []promise{{0.85, 0.0005}, {0.95, 0.02}, {0.98, 0.03}} {
		for seed := range uint64(4) {
			p := generated(t, fullCloud(100, c.utilisation, ""), seed)
			keepsPromise(t, p, c, fmt.Sprintf("auto(gap=%g)", c.gap), fmt.Sprintf("%g full, seed %d", c.utilisation, seed))
			if r := solve(t, "greedy", p, paths.Options{}); !r.Status.HasPlan() {
				t.Errorf("%g full, seed %d: greedy ends with %s (%s)", c.utilisation, seed, r.Status, r.Reason)
			}
		}
	}
}

// Several resources leave less room than each of them by itself, and groups forbid some
// of it.
func TestFullCloudsOfSeveralResourcesAreNotWalked(t *testing.T) {
	for _, resources := range []int{2, 3, 4} {
		family := fullCloud(100, 0.9, fmt.Sprintf(", resources=%d, correlation=0.9, grouped=0.1, anti-affinity=host", resources))
		for seed := range uint64(3) {
			keepsPromise(t, generated(t, family, seed), promise{0.9, 0.03}, "auto(gap=0.03)", fmt.Sprintf("%d resources, seed %d", resources, seed))
		}
	}
}

// keepsPromise fails the test where an algorithm's plan is further from its bound than
// promised. A search that cannot get so near ends by its expansions.
func keepsPromise(t *testing.T, p *paths.Problem, c promise, algorithm, where string) {
	t.Helper()
	r := solve(t, algorithm, p, paths.Options{Expansions: 500_000})
	if !r.Status.HasPlan() {
		t.Errorf("%s: %s ends with %s (%s)", where, algorithm, r.Status, r.Reason)
	} else if gap := float64(r.Cost-r.LowerBound) / float64(r.LowerBound); gap > c.gap {
		t.Errorf("%s: %s has a gap of %.4f, promised are %g (%s)", where, algorithm, gap, c.gap, r.Reason)
	}
}

// A state of a large cloud has so many successors that they alone pass the limit.
func TestMemoryIsOverrunWithinOneExpansion(t *testing.T) {
	p := generated(t, fullCloud(200, 0.9, ""), 1)
	const limit, step = 64 << 20, 32 << 20 // tables grow by thousands of states
	for _, algorithm := range []string{"astar(heuristic=misplaced, prune=[])", "bidirectional(heuristic=misplaced)"} {
		r := solve(t, algorithm, p, paths.Options{MemoryBytes: limit})
		if r.Counters.Expanded > 4 || r.PeakBytes <= limit || r.PeakBytes > limit+step {
			t.Errorf("%s ends with %s (%s) after %d expansions and %d bytes, allowed are %d",
				algorithm, r.Status, r.Reason, r.Counters.Expanded, r.PeakBytes, limit)
		}
	}
}

// The migrations out of one state of a large cloud are too many to be listed at all.
func TestAListOfMigrationsOverrunsTheMemory(t *testing.T) {
	p := generated(t, fullCloud(1000, 0.95, ""), 1)
	const limit = 24 << 20
	for _, algorithm := range []string{
		"dijkstra", "astar(heuristic=misplaced)", "gbfs(heuristic=misplaced)", "anytime(heuristic=misplaced)",
		"idastar(heuristic=misplaced, prune=[])", "beam(heuristic=misplaced)", "bidirectional(heuristic=misplaced)",
	} {
		r := solve(t, algorithm, p, paths.Options{MemoryBytes: limit})
		if r.Status != cloud.Unknown || r.Counters.Expanded != 1 || r.Counters.Generated != 0 || r.PeakBytes > 3*limit {
			t.Errorf("%s ends with %s (%s) after %d expansions, %d migrations and %d bytes, allowed are %d",
				algorithm, r.Status, r.Reason, r.Counters.Expanded, r.Counters.Generated, r.PeakBytes, limit)
		}
	}
}
