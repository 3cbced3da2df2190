package displacement_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/displacement"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/generators"
)

func solve(t testing.TB, algorithm string, p *paths.Problem, o paths.Options) paths.Result {
	t.Helper()
	c := pathtest.Catalogue(paths.Registry(displacement.Entry()), bounds.Registry(bounds.Entries()...))
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

// The published cases cost what the published path finder's own tests expect of it.
func TestPublishedCostsAreNotReproduced(t *testing.T) {
	classic := instances(t, "classic", 0)
	for i, o := range generators.ClassicOptima() {
		p := pathtest.Problem(t, classic[i], "ram")
		for _, algorithm := range []string{"displacement", "displacement(several=yes)"} {
			r := solve(t, algorithm, p, paths.Options{})
			if r.Status.HasPlan() == o.Infeasible || r.Cost != o.Published {
				t.Errorf("%s: %s ends with %s at cost %d, published is %d", o.Case, algorithm, r.Status, r.Cost, o.Published)
			}
		}
	}
}

// Of the case that is hardest for the method, the published plan is known step by step.
func TestPublishedPlanIsNotReproduced(t *testing.T) {
	p := pathtest.Problem(t, instances(t, "classic(case=slow)", 0)[0], "ram")
	r := solve(t, "displacement", p, paths.Options{})
	var steps []string
	for _, m := range r.Migrations {
		steps = append(steps, fmt.Sprintf("%s>%d", p.Instance.VMs[m.VM].Name, m.To+1))
	}
	want := "vm4>2 vm6>3 vm7>4 vm2>3 vm3>1 vm1>3 vm8>5 vm5>2 vm1>2 vm6>2"
	if got := strings.Join(steps, " "); got != want {
		t.Errorf("found     %s\npublished %s", got, want)
	}
}

// Against exhaustive search: no plan where none is, no proof of what is not so, no VM
// suspended; and always an end.
func TestPromisesAreBroken(t *testing.T) {
	solved, solvable := 0, 0
	for seed := range uint64(1000) {
		rng := rand.New(rand.NewPCG(seed, 21))
		p := pathtest.Problem(t, pathtest.Random(rng), []string{"ram", "count"}[rng.IntN(2)])
		truth, exists := pathtest.Exhaustive(p).To(p.Start)
		if exists {
			solvable++
		}
		for _, algorithm := range []string{"displacement(effort=0)", "displacement(several=yes, effort=0)"} {
			r := solve(t, algorithm, p, paths.Options{})
			switch {
			case r.Status.HasPlan() && (!exists || r.Cost < truth || r.LowerBound > truth):
				t.Fatalf("instance %d: %s finds cost %d with bound %d; a path exists: %v, optimum %d", seed, algorithm, r.Cost, r.LowerBound, exists, truth)
			case r.Status == cloud.Infeasible && exists:
				t.Fatalf("instance %d: %s proves infeasible what is not", seed, algorithm)
			case !r.Status.HasPlan() && r.Reason == "":
				t.Fatalf("instance %d: %s gives up and does not say why", seed, algorithm)
			case r.Status.HasPlan() && algorithm == "displacement(effort=0)":
				solved++
			}
			for _, m := range r.Migrations {
				if m.To == cloud.Absent || m.From == cloud.Absent {
					t.Fatalf("instance %d: %s suspends a VM", seed, algorithm)
				}
			}
		}
	}
	if t.Logf("%d of %d solvable instances were solved", solved, solvable); solved < solvable*3/4 {
		t.Errorf("only %d of %d solvable instances were solved", solved, solvable)
	}
}

// Limits end the search with a reason, in the middle of a recursion as well.
func TestLimitsAreOverrun(t *testing.T) {
	var p *paths.Problem
	for seed := uint64(0); ; seed++ {
		p = pathtest.Problem(t, instances(t, "random(hosts=8, fill-limit=0.97)", seed)[0], "ram")
		if r := solve(t, "displacement(effort=3000)", p, paths.Options{}); !r.Status.HasPlan() && r.Counters.Expanded == 3000 {
			if !strings.Contains(r.Reason, "3000 decisions") {
				t.Errorf("the reason is %q", r.Reason)
			}
			break
		}
	}
	for _, tc := range []struct {
		o      paths.Options
		reason string
	}{
		{paths.Options{Expansions: 1000}, "limit of 1000 expansions"},
		{paths.Options{MemoryBytes: 1}, "memory limit"},
	} {
		r := solve(t, "displacement", p, tc.o)
		if r.Status != cloud.Unknown || !strings.Contains(r.Reason, tc.reason) {
			t.Errorf("%s (%s), expected a stop with %q", r.Status, r.Reason, tc.reason)
		}
	}
}

// Another run finds the same plan.
func TestRunsDiffer(t *testing.T) {
	for seed := range uint64(5) {
		p := pathtest.Problem(t, instances(t, "random(hosts=8)", seed)[0], "ram")
		a := solve(t, "displacement(effort=2000)", p, paths.Options{Seed: 1})
		b := solve(t, "displacement(effort=2000)", p, paths.Options{Seed: 2})
		if a.Plan(p, "x").StepsSHA256(p.Instance) != b.Plan(p, "x").StepsSHA256(p.Instance) || a.Counters != b.Counters {
			t.Errorf("seed %d: two runs differ", seed)
		}
	}
}
