package pathtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"testing"
	"time"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

// Check examines a path algorithm with its default parameters on 240 small random
// instances, under every rule of this module. It fails the test unless
//
//   - the algorithm ends: by itself on each instance, and soon after its context does;
//   - the judge accepts each plan;
//   - exhaustive search confirms each bound, and each proof that no path exists;
//   - the declared properties hold (see [paths.Complete] and the others);
//   - no limit, in expansions, memory or time, leads to a wrong claim.
//
// The failure shows the instance. More registries hold what the parameters of the
// algorithm name: bounds.Registry(bounds.Entries()...) for one that takes a heuristic.
func Check(t *testing.T, e spec.Entry[func() paths.Searcher], more ...spec.Registry) {
	t.Helper()
	c := Catalogue(append(more, paths.Registry(e))...)
	if problems := c.Problems(); len(problems) > 0 {
		t.Fatal(errors.Join(problems...))
	}
	if err := (examination{c, e.Descriptor, 10 * time.Second, 240}).run(); err != nil {
		t.Fatal(err)
	}
}

// examination is a [Check] under way.
type examination struct {
	catalogue *spec.Catalogue
	algorithm spec.Descriptor
	patience  time.Duration // for one run, and for its end after that of its context
	instances int
}

// kinds are the makers of instances, which take turns.
var kinds = []struct {
	name string
	make func(*rand.Rand) *cloud.Instance
}{{"Random", Random}, {"Ruled", Ruled}}

func (x examination) run() error {
	for n := range x.instances {
		kind := kinds[n%len(kinds)]
		rng := rand.New(rand.NewPCG(uint64(n), 1))
		in := kind.make(rng)
		p, err := paths.NewProblem(x.catalogue, in, nil, spec.Named([]string{"ram", "count"}[rng.IntN(2)]))
		if err != nil {
			return err
		}
		if err := x.examine(p, uint64(n)); err != nil {
			var b bytes.Buffer
			_ = in.Encode(&b) // a buffer takes everything
			return fmt.Errorf("%s, with cost %s and seed %d on the instance of pathtest.%s with that seed: %w\n%s",
				x.algorithm.Name, p.Cost, n, kind.name, err, b.Bytes())
		}
	}
	return nil
}

// examine has one problem solved, under limits and without.
func (x examination) examine(p *paths.Problem, seed uint64) error {
	truth := Exhaustive(p)
	whole, err := x.solve(p, paths.Options{Seed: seed})
	if err != nil {
		return err
	}
	if err := Verify(p, x.algorithm, &whole, truth); err != nil {
		return err
	}
	if err := x.repeats(p, paths.Options{Seed: seed}, whole); err != nil {
		return err
	}
	unproved := x.algorithm
	unproved.Properties = nil // under a limit
	for _, o := range []paths.Options{
		{Seed: seed, Expansions: 1}, {Seed: seed, Expansions: 20}, {Seed: seed, MemoryBytes: 1 << 10}, {Seed: seed, Timeout: time.Microsecond},
	} {
		r, err := x.solve(p, o)
		if err == nil {
			err = Verify(p, unproved, &r, truth)
		}
		if err == nil && o.Expansions > 0 {
			err = x.repeats(p, o, r)
		}
		if err != nil {
			return fmt.Errorf("%w (with the limits %+v)", err, o)
		}
	}
	return nil
}

// repeats solves a problem again, if the algorithm is deterministic, and compares.
func (x examination) repeats(p *paths.Problem, o paths.Options, first paths.Result) error {
	if !x.algorithm.Has(paths.Deterministic) {
		return nil
	}
	if x.algorithm.Has(paths.Seedless) {
		o.Seed += 99
	}
	again, err := x.solve(p, o)
	if err != nil {
		return err
	}
	a, b := first.Plan(p, ""), again.Plan(p, "")
	if a.StepsSHA256(p.Instance) != b.StepsSHA256(p.Instance) || first.Status != again.Status || first.LowerBound != again.LowerBound || first.Counters != again.Counters {
		return fmt.Errorf("not deterministic: %s at cost %d, bound %d, %+v; and then %s at cost %d, bound %d, %+v",
			first.Status, first.Cost, first.LowerBound, first.Counters, again.Status, again.Cost, again.LowerBound, again.Counters)
	}
	return nil
}

// solve runs the algorithm once, and loses patience where it does not end.
func (x examination) solve(p *paths.Problem, o paths.Options) (paths.Result, error) {
	solver, _, err := paths.New(x.catalogue, spec.Named(x.algorithm.Name))
	if err != nil {
		return paths.Result{}, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), x.patience)
	defer cancel()
	type ending struct {
		result paths.Result
		err    error
	}
	ended := make(chan ending, 1) // a run that never ends leaks, but the test fails
	go func() {
		var e ending
		defer func() {
			if r := recover(); r != nil {
				e.err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
			}
			ended <- e
		}()
		e.result, e.err = solver.Solve(ctx, p, o)
	}()
	select {
	case e := <-ended:
		if e.err == nil && ctx.Err() != nil {
			e.err = fmt.Errorf("does not end by itself within %v", x.patience)
		}
		return e.result, e.err
	case <-time.After(2 * x.patience):
		return paths.Result{}, fmt.Errorf("does not end: still running %v after its context ended; a search has to ask Run.Expand, or Run.Look, whether it may go on", x.patience)
	}
}

// Verify holds a result against the judge, the true costs, and the properties that the
// algorithm declares. The run had no limits if it declares any of Complete and OptimalCost.
func Verify(p *paths.Problem, algorithm spec.Descriptor, r *paths.Result, truth *Distances) error {
	optimum, exists := truth.To(p.Start)
	if r.Status.HasPlan() {
		if report := validate.Plan(p.Instance, p.Rules, p.Cost, r.Plan(p, algorithm.Name)); !report.OK() {
			return fmt.Errorf("the judge rejects the plan: %v", report.Findings)
		}
	}
	switch {
	case r.Status.HasPlan() && !exists:
		return fmt.Errorf("found a plan where exhaustive search finds no path")
	case r.Status == cloud.Infeasible && exists:
		return fmt.Errorf("claims that no path exists, though there is one of cost %d", optimum)
	case exists && r.LowerBound > optimum:
		return fmt.Errorf("reports a lower bound of %d, above the optimum of %d", r.LowerBound, optimum)
	case algorithm.Has(paths.Complete) && (r.Status == cloud.Infeasible) == exists:
		return fmt.Errorf("is declared complete and ends %s; a path exists: %v", r.Status, exists)
	case algorithm.Has(paths.OptimalCost) && exists && (r.Status != cloud.Optimal || r.Cost != optimum):
		return fmt.Errorf("is declared optimal and ends %s at cost %d; the optimum is %d", r.Status, r.Cost, optimum)
	}
	return nil
}
