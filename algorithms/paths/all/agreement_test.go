package all_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
	"github.com/cloudrearrange/rearrange/generators"
)

func solve(t *testing.T, algorithm string, p *paths.Problem, o paths.Options) paths.Result {
	t.Helper()
	solver, _, err := paths.New(catalogue.Standard(), spec.MustParse(algorithm))
	if err != nil {
		t.Fatal(err)
	}
	r, err := solver.Solve(context.Background(), p, o)
	if err != nil {
		t.Fatalf("%s: %v", algorithm, err)
	}
	pathtest.Judge(t, p, &r)
	return r
}

// Every algorithm keeps its promises on instances small enough to search through:
// complete ones agree with exhaustive search on whether a path exists, optimal ones on
// its cost, and none reports a bound above the optimum or a plan that is not one.
func TestAlgorithmsKeepTheirPromises(t *testing.T) { keepPromises(t, pathtest.Random, 0, 2000) }

// algorithms are all algorithms as they are by default, and with each heuristic that
// they may be given.
func algorithms() []string {
	var out []string
	for _, d := range catalogue.Standard().Descriptors(paths.Kind) {
		out = append(out, d.Name)
		for _, p := range d.Params {
			if p.Name != "heuristic" {
				continue
			}
			for _, h := range catalogue.Standard().Descriptors(bounds.Kind) {
				out = append(out, d.Name+"(heuristic="+h.Name+")")
			}
		}
	}
	return append(out, "astar(prune=[])", "dijkstra(prune=[repeat, symmetry, dominance])", "idastar(por=no)")
}

func keepPromises(t *testing.T, random func(*rand.Rand) *cloud.Instance, first uint64, instances int) {
	t.Helper()
	count := map[cloud.Status]int{}
	for seed := first; seed < first+uint64(instances); seed++ {
		rng := rand.New(rand.NewPCG(seed, 1))
		in := random(rng)
		p := pathtest.Problem(t, in, []string{"ram", "count"}[rng.IntN(2)])
		truth, exists := pathtest.Exhaustive(p).To(p.Start)
		for _, algorithm := range algorithms() {
			r := solve(t, algorithm, p, paths.Options{Seed: seed})
			if d := keepsPromises(t, fmt.Sprintf("instance %d", seed), algorithm, &r, truth, exists); algorithm == "astar" && d.Has(paths.OptimalCost) {
				count[r.Status]++
			}
		}
	}
	t.Logf("%v", count)
	if count[cloud.Infeasible] < instances/20 || count[cloud.Optimal] < instances/3 {
		t.Errorf("the instances are too much alike to show anything: %v", count)
	}
}

// keepsPromises fails the test where a result is not what exhaustive search and the
// algorithm's promises make it.
func keepsPromises(t *testing.T, where, algorithm string, r *paths.Result, truth int64, exists bool) spec.Descriptor {
	t.Helper()
	d, _ := catalogue.Standard().Lookup(paths.Kind, spec.MustParse(algorithm).Name)
	if r.Status.HasPlan() && !exists {
		t.Fatalf("%s: %s found a plan where exhaustive search finds no path", where, algorithm)
	}
	if r.Status == cloud.Infeasible && exists {
		t.Fatalf("%s: %s proves that no path exists, there is one of cost %d", where, algorithm, truth)
	}
	if exists && r.LowerBound > truth {
		t.Fatalf("%s: %s reports a lower bound of %d, the optimum is %d", where, algorithm, r.LowerBound, truth)
	}
	if d.Has(paths.Complete) && (r.Status == cloud.Infeasible) == exists {
		t.Fatalf("%s: %s is complete and ends with %s, a path exists: %v", where, algorithm, r.Status, exists)
	}
	if d.Has(paths.OptimalCost) && exists && (r.Status != cloud.Optimal || r.Cost != truth) {
		t.Fatalf("%s: %s ends with %s at cost %d, the optimum is %d", where, algorithm, r.Status, r.Cost, truth)
	}
	return d
}

// Deterministic means: byte for byte the same plan, also where a limit in expansions
// cuts the search short; seedless means: whatever the seed.
func TestDeterministicAlgorithmsRepeatThemselves(t *testing.T) {
	family, _, err := spec.Build[generators.Family](catalogue.Standard(), generators.Kind, spec.MustParse("random(hosts=5)"))
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(10) {
		instances, err := family(seed)
		if err != nil {
			t.Fatal(err)
		}
		p := pathtest.Problem(t, instances[0], "ram")
		for _, d := range catalogue.Standard().Descriptors(paths.Kind) {
			for _, limit := range []int64{50, 2000} {
				o := paths.Options{Expansions: limit, Seed: 1}
				first := solve(t, d.Name, p, o)
				if d.Has(paths.Seedless) {
					o.Seed = 99
				}
				second := solve(t, d.Name, p, o)
				a, b := first.Plan(p, d.Name), second.Plan(p, d.Name)
				if d.Has(paths.Deterministic) && (a.StepsSHA256(p.Instance) != b.StepsSHA256(p.Instance) || a.Cost != b.Cost || a.Status != b.Status || first.Counters != second.Counters) {
					t.Errorf("%s differs from itself on random instance %d with %d expansions", d.Name, seed, limit)
				}
			}
		}
	}
}

// The published cases have their true optima.
func TestClassicOptima(t *testing.T) {
	family, _, err := spec.Build[generators.Family](catalogue.Standard(), generators.Kind, spec.Named("classic"))
	if err != nil {
		t.Fatal(err)
	}
	instances, err := family(0)
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]generators.ClassicOptimum{}
	for _, o := range generators.ClassicOptima() {
		known[o.Case] = o
	}
	if len(instances) != 13 {
		t.Fatalf("%d cases, expected 13", len(instances))
	}
	for _, in := range instances {
		p := pathtest.Problem(t, in, "ram")
		for _, algorithm := range []string{"astar", "dijkstra"} {
			limit := map[string]int64{"astar": 50_000, "dijkstra": 20_000}[algorithm]
			r := solve(t, algorithm, p, paths.Options{Expansions: limit})
			if _, ok := known[in.Name]; !ok {
				t.Fatalf("nothing is known of case %q", in.Name)
			}
			want, exists := known[in.Name].Optimum, !known[in.Name].Infeasible
			switch {
			case algorithm == "dijkstra" && r.Status.Early():
				if exists && r.LowerBound > want {
					t.Errorf("%s: %s was cut short with a bound of %d above the optimum %d", in.Name, algorithm, r.LowerBound, want)
				}
			case !exists && r.Status != cloud.Infeasible:
				t.Errorf("%s: %s ends with %s, no path exists", in.Name, algorithm, r.Status)
			case exists && (r.Status != cloud.Optimal || r.Cost != want):
				t.Errorf("%s: %s ends with %s at %d, the optimum is %d", in.Name, algorithm, r.Status, r.Cost, want)
			}
		}
	}
}

// A plan reversed is a plan, of the same cost where costs do not depend on direction.
func TestPathsReverse(t *testing.T) {
	for seed := range uint64(200) {
		in := pathtest.Random(rand.New(rand.NewPCG(seed, 2)))
		p := pathtest.Problem(t, in, "ram")
		r := solve(t, "astar", p, paths.Options{})
		back := &paths.Problem{Instance: reversed(t, in, p), Rules: p.Rules, Cost: p.Cost, Start: p.Goal, Goal: p.Start}
		s := back.NewState()
		for i := len(r.Migrations) - 1; i >= 0; i-- {
			m := r.Migrations[i]
			if s.HostOf(m.VM) != m.To || !s.Allows(m.VM, m.From) {
				t.Fatalf("instance %d: migration %d cannot be taken back", seed, i)
			}
			s.Move(m.VM, m.From)
		}
		if r.Status.HasPlan() && !s.Placement().Equal(p.Start) {
			t.Fatalf("instance %d: the way back ends elsewhere", seed)
		}
	}
}

func reversed(t *testing.T, in *cloud.Instance, p *paths.Problem) *cloud.Instance {
	t.Helper()
	out := *in
	out.Initial, out.Target = p.Goal, p.Start
	return &out
}
