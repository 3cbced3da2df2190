package greedy_test

import (
	"slices"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
)

// Full clouds, of which both placements are random, are solved, at a cost little above
// the simple bound, and twice in the same way.
func TestFullCloudsAreSolvedNearTheBound(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		family string
		gap    float64 // as measured, and a little
	}{
		{fresh(1000, 0.85), 0},
		{fresh(1000, 0.9), 0.0004},
		{fresh(1000, 0.95), 0.002},
		{fresh(1000, 0.98), 0.02},
		{"swaps(pairs=1000)", 0.5},
		{"permutation(hosts=2000)", 0.006},
		{"ring(length=2000)", 0.0001},
		{"chain(length=2000)", 0},
	} {
		for seed := range uint64(3) {
			p := problem(t, generate(t, c.family, seed), "ram")
			r := solve(t, p, "greedy", paths.Options{Seed: seed})
			if !r.Status.HasPlan() {
				t.Errorf("%s, seed %d: %s", c.family, seed, r.Reason)
				continue
			}
			gap := float64(r.Cost-r.LowerBound) / float64(r.LowerBound)
			t.Logf("%s, seed %d: gap %.4f, %d expansions", c.family, seed, gap, r.Counters.Expanded)
			if gap > c.gap {
				t.Errorf("%s, seed %d: gap %.4f, at most %.4f was measured", c.family, seed, gap, c.gap)
			}
			if again := solve(t, p, "greedy", paths.Options{Seed: seed + 1}); !slices.Equal(r.Migrations, again.Migrations) {
				t.Errorf("%s, seed %d: two runs differ", c.family, seed)
			}
		}
	}
}

// What is done about a cloud grows with its size, and hardly more.
func TestEffortGrowsWithTheCloud(t *testing.T) {
	t.Parallel()
	for _, utilisation := range []float64{0.9, 0.95, 0.98} {
		effort := func(hosts int) float64 {
			r := solve(t, problem(t, generate(t, fresh(hosts, utilisation), 1), "ram"), "greedy", paths.Options{})
			return float64(r.Counters.Expanded + r.Counters.Generated)
		}
		small, large := effort(500), effort(4000)
		t.Logf("%g full: %.0f at 500 hosts, %.0f at 4,000", utilisation, small, large)
		if large > 12*small {
			t.Errorf("%g full: eight times the hosts take %.1f times the effort", utilisation, large/small)
		}
	}
}
