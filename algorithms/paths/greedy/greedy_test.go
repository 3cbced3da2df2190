package greedy_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func TestClassicInstancesAreSolved(t *testing.T) {
	optimum := map[string]int64{
		"chain4": 2690, "chain6": 3030, "circles": 4798, "complex_pair_swap": 4375, "complex_swap": 9700,
		"shutdown_and_swap": 1280, "simple_cessation": 6512, "simple_deadlock": -1, "simple_swap": 512,
		"slow": 12368, "swap_with_one_temp": 9768, "tricky": 3850, "weird": 7365,
	}
	dir := sharedData(t, "migrationpaths")
	for name, want := range optimum {
		in, err := cloud.ReadInstance(filepath.Join(dir, name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		r := solve(t, problem(t, in, "ram"), "greedy", paths.Options{})
		switch {
		case want < 0:
			if r.Status.HasPlan() || r.Reason == "" {
				t.Errorf("%s: status %s, reason %q", name, r.Status, r.Reason)
			}
		case !r.Status.HasPlan():
			t.Errorf("%s: %s, %s", name, r.Status, r.Reason)
		case r.Cost < want || r.LowerBound > want:
			t.Errorf("%s: cost %d, bound %d, the optimum is %d", name, r.Cost, r.LowerBound, want)
		}
	}
}

// hostile instances have no path, or one that is hard to see.
func hostile(t failer) []*cloud.Instance {
	var out []*cloud.Instance
	// Rings: every VM fills its host and goes to the next one. Without a free host
	// nobody can move.
	for _, free := range []int{0, 1} {
		in := &cloud.Instance{Name: fmt.Sprintf("ring with %d free", free), Resources: []cloud.Resource{{Name: "ram"}}}
		const n = 6
		for h := range n + free {
			in.Hosts = append(in.Hosts, cloud.Host{Name: fmt.Sprintf("h%d", h), Capacity: []int64{4}, Reserved: []int64{0}})
		}
		for v := range n {
			in.VMs = append(in.VMs, cloud.VM{Name: fmt.Sprintf("v%d", v), Demand: []int64{3}})
			in.Initial = append(in.Initial, cloud.HostID(v))
			in.Target = append(in.Target, cloud.HostID((v+1)%n))
		}
		out = append(out, in)
	}
	// Small VMs that can dance for ever around two large ones that cannot swap.
	dance := &cloud.Instance{Name: "dance", Resources: []cloud.Resource{{Name: "ram"}}}
	for h := range 4 {
		dance.Hosts = append(dance.Hosts, cloud.Host{Name: fmt.Sprintf("h%d", h), Capacity: []int64{10}, Reserved: []int64{0}})
	}
	for v := range 2 {
		dance.VMs = append(dance.VMs, cloud.VM{Name: fmt.Sprintf("large%d", v), Demand: []int64{9}})
		dance.Initial = append(dance.Initial, cloud.HostID(v))
		dance.Target = append(dance.Target, cloud.HostID(1-v))
	}
	for v := range 12 {
		dance.VMs = append(dance.VMs, cloud.VM{Name: fmt.Sprintf("small%d", v), Demand: []int64{1}})
		dance.Initial = append(dance.Initial, cloud.HostID(2+v%2))
		dance.Target = append(dance.Target, cloud.HostID(3-v%2))
	}
	out = append(out, dance)
	for _, in := range out {
		if err := in.Check(); err != nil {
			t.Fatalf("%v", err)
		}
	}
	// Placements that are full up and shuffled: the target is a permutation of the
	// hosts' contents.
	for seed := range uint64(14) {
		rnd := source(seed)
		in := recipe{hosts: 2 + int(seed%7), resources: 1 + int(seed%3), capacity: 20, util: 0.99}.make(t, rnd)
		perm := rnd.Perm(len(in.Hosts))
		in.Target = make(cloud.Placement, len(in.Initial))
		for v, h := range in.Initial {
			in.Target[v] = cloud.HostID(perm[h])
			in.VMs[v].Interruptible = seed >= 7 && rnd.IntN(8) == 0
		}
		out = append(out, in)
	}
	return out
}

func TestHostileInstancesEndWithoutLimits(t *testing.T) {
	t.Parallel()
	for _, in := range hostile(t) {
		for _, algorithm := range []string{
			"greedy(local=100, attempts=2, patience=10)", "greedy(window=1, patience=3, local=0, attempts=2)", "greedy(patience=0, both_ends=no, local=100, attempts=2)",
		} {
			r := solve(t, problem(t, in, "ram"), algorithm, paths.Options{})
			if !r.Status.HasPlan() && r.Reason == "" {
				t.Errorf("%s: %s gave up without a reason", in.Name, algorithm)
			}
			if in.Name == "ring with 1 free" && !r.Status.HasPlan() {
				t.Errorf("%s: %s: %s", in.Name, algorithm, r.Reason)
			}
		}
	}
}

func TestRandomPathsThatExistAreFound(t *testing.T) {
	for _, c := range []struct {
		recipe
		atLeast int // of 40: as measured, less a few, to catch a fall
	}{
		{recipe{hosts: 3, resources: 1, capacity: 16, util: 0.9}, 38},
		{recipe{hosts: 5, resources: 1, capacity: 16, util: 0.95}, 38},
		{recipe{hosts: 8, resources: 2, capacity: 64, util: 0.9}, 38},
		{recipe{hosts: 6, resources: 3, capacity: 32, util: 0.85, groups: true}, 34},
	} {
		solved := 0
		for seed := range uint64(40) {
			rnd := source(seed)
			in := c.make(t, rnd)
			in.Target = drift(t, in, 10*len(in.VMs), rnd)
			if solve(t, problem(t, in, "ram"), "greedy(local=500)", paths.Options{}).Status.HasPlan() {
				solved++
			}
		}
		t.Logf("%s: %d of 40", c.recipe, solved)
		if solved < c.atLeast {
			t.Errorf("%s: %d of 40 solved, at least %d were", c.recipe, solved, c.atLeast)
		}
	}
}

func TestPlansAreValidAndRepeatable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rnd := source(rapid.Uint64().Draw(t, "seed"))
		in := recipe{
			hosts: rapid.IntRange(2, 8).Draw(t, "hosts"), resources: rapid.IntRange(1, 3).Draw(t, "resources"),
			capacity: rapid.SampledFrom([]int64{8, 20, 64}).Draw(t, "capacity"),
			util:     rapid.Float64Range(0.3, 0.99).Draw(t, "utilisation"),
			groups:   rapid.Bool().Draw(t, "groups"),
		}.make(t, rnd)
		in.Target = drift(t, in, 5*len(in.VMs), rnd)
		// Some VMs leave before and some come after.
		for v := range in.VMs {
			switch rnd.IntN(12) {
			case 0:
				in.Target[v] = cloud.Absent
			}
		}
		p, err := paths.NewProblem(pathtest.Catalogue(), in, nil, spec.Named(rapid.SampledFrom([]string{"ram", "count"}).Draw(t, "cost")))
		if err != nil {
			t.Fatalf("%v", err)
		}
		limits := paths.Options{Expansions: 3000, Seed: 1}
		r := solve(t, p, "greedy(local=100)", limits)
		for _, m := range r.Migrations {
			if m.From == m.To {
				t.Fatalf("migration of %s to where it is", in.VMs[m.VM].Name)
			}
		}
		limits.Seed = 2
		if again := solve(t, p, "greedy(local=100)", limits); !slices.Equal(r.Migrations, again.Migrations) || r.Counters != again.Counters {
			t.Fatalf("two runs differ: %v %v", r.Counters, again.Counters)
		}
	})
}

func TestLimitsEndTheSearch(t *testing.T) {
	rnd := source(3)
	in := recipe{hosts: 8, resources: 1, capacity: 64, util: 0.95}.make(t, rnd)
	in.Target = drift(t, in, 20*len(in.VMs), rnd)
	p := problem(t, in, "ram")
	r := solve(t, p, "greedy", paths.Options{Expansions: 2})
	if r.Status != cloud.Unknown || r.Counters.Expanded > 2 || !strings.Contains(r.Reason, "expansions") {
		t.Errorf("with 2 expansions: %s, %s, %+v", r.Status, r.Reason, r.Counters)
	}
	if r := solve(t, p, "greedy", paths.Options{Timeout: time.Nanosecond}); r.Status != cloud.Unknown {
		t.Errorf("with a nanosecond: %s, %s", r.Status, r.Reason)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	searcher, _, err := spec.Build[func() paths.Searcher](testCatalogue(), paths.Kind, spec.Named("greedy"))
	if err != nil {
		t.Fatal(err)
	}
	if r, err := paths.NewSolver(searcher).Solve(ctx, p, paths.Options{}); err != nil || r.Status != cloud.Unknown {
		t.Errorf("interrupted: %s, %v", r.Status, err)
	}
}
