package bidirectional_test

import (
	"context"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bidirectional"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/generators"
)

func solve(t testing.TB, algorithm string, p *paths.Problem, o paths.Options) paths.Result {
	t.Helper()
	c := pathtest.Catalogue(paths.Registry(bidirectional.Entry()), bounds.Registry(bounds.Entries()...))
	solver, _, err := paths.New(c, spec.MustParse(algorithm))
	if err != nil {
		t.Fatal(err)
	}
	r, err := solver.Solve(context.Background(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	pathtest.Judge(t, p, &r)
	return r
}

func instances(t testing.TB, family string, seed uint64) []*cloud.Instance {
	t.Helper()
	out, err := generators.Generate(pathtest.Catalogue(generators.Registry(generators.Entries()...)), spec.MustParse(family), seed)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// algorithms names the algorithm with every admissible heuristic there is.
func algorithms() []string {
	var out []string
	for _, d := range pathtest.Catalogue(bounds.Registry(bounds.Entries()...)).Descriptors(bounds.Kind) {
		if d.Has(bounds.Admissible) {
			out = append(out, "bidirectional(heuristic="+d.Name+")")
		}
	}
	return out
}

// slope is a cost function that charges another price uphill than downhill, and breaks
// the triangle inequality; at the scale of 1 some steps are free.
type slope struct {
	cloud.CostFunction
	seed  uint64
	scale int64
}

func (s slope) price(kind, vm, from, to int64) int64 {
	rng := rand.New(rand.NewPCG(s.seed, uint64(kind<<24|vm<<16|(from+1)<<8|to+1)))
	return rng.Int64N(12) * s.scale
}

func (s slope) Migrate(vm cloud.VMID, from, to cloud.HostID) int64 {
	return s.price(0, int64(vm), int64(from), int64(to))
}

func (s slope) Suspend(vm cloud.VMID, from cloud.HostID) int64 {
	return s.price(1, int64(vm), int64(from), -1)
}

func (s slope) Resume(vm cloud.VMID, to cloud.HostID) int64 {
	return s.price(2, int64(vm), -1, int64(to))
}

// Both ends agree with exhaustive search, whatever the rules, resources and suspends of
// the instance, and whether costs depend on the hosts or not.
func TestOptimaAreMissed(t *testing.T) {
	feasible, suspending := 0, 0
	for seed := range uint64(1200) {
		rng := rand.New(rand.NewPCG(seed, 22))
		p := pathtest.Problem(t, pathtest.Random(rng), []string{"ram", "count"}[rng.IntN(2)])
		if seed%2 == 0 {
			tilted := *p
			tilted.Cost = slope{p.Cost, seed, 1 + 9*rng.Int64N(2)}
			p = &tilted
		}
		truth, exists := pathtest.Exhaustive(p).To(p.Start)
		for _, algorithm := range algorithms() {
			r := solve(t, algorithm, p, paths.Options{})
			switch {
			case !exists && r.Status != cloud.Infeasible:
				t.Fatalf("instance %d: %s ends with %s, no path exists", seed, algorithm, r.Status)
			case exists && (r.Status != cloud.Optimal || r.Cost != truth):
				t.Fatalf("instance %d: %s ends with %s at %d, the optimum is %d", seed, algorithm, r.Status, r.Cost, truth)
			}
			for _, m := range r.Migrations {
				if m.To == cloud.Absent {
					suspending++
				}
			}
			short := solve(t, algorithm, p, paths.Options{Expansions: 1 + rng.Int64N(20)})
			if exists && short.LowerBound > truth {
				t.Fatalf("instance %d: %s is cut short with bound %d, the optimum is %d", seed, algorithm, short.LowerBound, truth)
			}
		}
		if exists {
			feasible++
		}
	}
	if feasible < 600 || feasible > 1150 || suspending < 30 {
		t.Errorf("the instances are too much alike: %d feasible, %d suspends", feasible, suspending)
	}
}

func TestClassicOptimaAreMissed(t *testing.T) {
	classic := instances(t, "classic", 0)
	for i, o := range generators.ClassicOptima() {
		p := pathtest.Problem(t, classic[i], "ram")
		r := solve(t, "bidirectional", p, paths.Options{})
		if want := map[bool]cloud.Status{true: cloud.Infeasible, false: cloud.Optimal}[o.Infeasible]; r.Status != want || r.Cost != o.Optimum {
			t.Errorf("%s: %s at %d, the optimum is %d", o.Case, r.Status, r.Cost, o.Optimum)
		}
	}
}

// Limits end the search with a reason; what was found and proved by then stays.
func TestLimitsAreOverrun(t *testing.T) {
	p := pathtest.Problem(t, instances(t, "random(hosts=8)", 1)[0], "ram")
	for _, algorithm := range []string{"bidirectional(heuristic=misplaced)", "bidirectional(heuristic=blind)"} {
		small := solve(t, algorithm, p, paths.Options{Expansions: 100})
		if small.Counters.Expanded != 100 || !strings.Contains(small.Reason, "limit of 100 expansions") {
			t.Errorf("%s: %d expansions under a limit of 100 (%s)", algorithm, small.Counters.Expanded, small.Reason)
		}
		const limit = 4 << 20
		r := solve(t, algorithm, p, paths.Options{MemoryBytes: limit})
		if r.Status.HasPlan() || !strings.Contains(r.Reason, "memory limit") || r.PeakBytes < limit || r.PeakBytes > 2*limit {
			t.Errorf("%s: %s (%s) with %d bytes under a limit of %d", algorithm, r.Status, r.Reason, r.PeakBytes, limit)
		}
		if r.LowerBound < small.LowerBound || algorithm != "bidirectional(heuristic=blind)" && r.LowerBound == 0 {
			t.Errorf("%s: the bound falls from %d to %d", algorithm, small.LowerBound, r.LowerBound)
		}
	}
}

// Another run does exactly the same.
func TestRunsDiffer(t *testing.T) {
	for seed := range uint64(6) {
		p := pathtest.Problem(t, instances(t, "random(hosts=6)", seed)[0], "ram")
		for _, algorithm := range algorithms() {
			a := solve(t, algorithm, p, paths.Options{Seed: 1, Expansions: 3000})
			b := solve(t, algorithm, p, paths.Options{Seed: 2, Expansions: 3000})
			if a.Plan(p, "x").StepsSHA256(p.Instance) != b.Plan(p, "x").StepsSHA256(p.Instance) || a.Counters != b.Counters {
				t.Errorf("seed %d: two runs of %s differ", seed, algorithm)
			}
		}
	}
}

// Costs beyond 32 bits are added up exactly; those beyond 50 are refused.
func TestLargeCostsAreMiscounted(t *testing.T) {
	checked := 0
	for seed := uint64(0); checked < 40; seed++ {
		p := pathtest.Problem(t, pathtest.Random(rand.New(rand.NewPCG(seed, 23))), "ram")
		tilted := *p
		tilted.Cost = slope{p.Cost, seed, 1 << 31}
		truth, exists := pathtest.Exhaustive(&tilted).To(p.Start)
		if !exists || truth <= math.MaxUint32 {
			continue
		}
		checked++
		if r := solve(t, "bidirectional", &tilted, paths.Options{}); r.Status != cloud.Optimal || r.Cost != truth {
			t.Errorf("instance %d: %s at %d, the optimum is %d", seed, r.Status, r.Cost, truth)
		}
		tilted.Cost = slope{p.Cost, seed, 1 << 56}
		if r := solve(t, "bidirectional", &tilted, paths.Options{}); r.Status.HasPlan() || r.Status == cloud.Infeasible || !strings.Contains(r.Reason, "too large") {
			t.Errorf("instance %d: costs of 2^56 end with %s at %d (%s)", seed, r.Status, r.Cost, r.Reason)
		}
	}
}
