package experiments

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	pathsall "github.com/cloudrearrange/rearrange/algorithms/paths/all"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/results"
)

// Options say how tasks are carried out.
type Options struct {
	Jobs       int // runs at the same time; 0: one per core
	Provenance results.Provenance
	// Done is handed each record as its run ends, one at a time, with the plan
	// where there is one. An error of it ends the experiment.
	Done func(Task, results.Record, *cloud.Plan) error
}

// Execute carries the tasks out. When ctx ends it stops, drops the runs that are under
// way, and returns the context's error; what was handed to Done stays.
func Execute(ctx context.Context, tasks []Task, o Options) error {
	jobs := o.Jobs
	if jobs <= 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	queue := make(chan Task)
	var wg sync.WaitGroup
	var mu sync.Mutex
	for range min(jobs, len(tasks)) {
		wg.Go(func() {
			for t := range queue {
				rec, plan := runTask(ctx, t)
				if ctx.Err() != nil {
					return // a run that was cut short says nothing about its algorithm
				}
				rec.Provenance = o.Provenance
				mu.Lock()
				err := o.Done(t, rec, plan)
				mu.Unlock()
				if err != nil {
					cancel(err)
					return
				}
			}
		})
	}
feed:
	for _, t := range tasks {
		select {
		case queue <- t:
		case <-ctx.Done():
			break feed
		}
	}
	close(queue)
	wg.Wait()
	return context.Cause(ctx)
}

// runTask makes one run. Whatever the solver does, there is a record of it.
func runTask(ctx context.Context, t Task) (rec results.Record, plan *cloud.Plan) {
	rec = results.Record{
		Format: results.RecordFormat, RunKey: t.Key,
		Instance: t.Instance.Name, InstanceSHA256: t.SHA256, Features: t.Features,
		Algorithm: t.Algorithm.String(), CostFunction: t.Cost.String(), Rules: t.ruleTexts(),
		Seed: t.Seed, Limits: t.Limits, Counters: map[string]int64{},
		Enforced: map[string]string{},
	}
	if t.Limits.TimeoutS > 0 {
		rec.Enforced["timeout"] = "the solver looks at the clock"
	}
	if t.Limits.MemoryBytes > 0 {
		rec.Enforced["memory"] = "the solver accounts for what it stores"
	}
	if t.Limits.Expansions > 0 {
		rec.Enforced["expansions"] = "counted by the driver"
	}
	fail := func(format string, args ...any) (results.Record, *cloud.Plan) {
		rec.Outcome, rec.Message = results.Failed, fmt.Sprintf(format, args...)
		return rec, nil
	}
	defer func() {
		if r := recover(); r != nil {
			rec, plan = fail("panic: %v\n%s", r, debug.Stack())
		}
	}()
	p, err := paths.NewProblem(t.Instance, t.Rules, t.Cost)
	if err != nil {
		return fail("%v", err)
	}
	solver, full, err := pathsall.New(t.Algorithm)
	if err != nil {
		return fail("%v", err)
	}
	runtime.LockOSThread() // so that the thread's CPU time is the solver's
	cpu := threadCPU()
	result, err := solver.Solve(ctx, p, paths.Options{
		Timeout:     time.Duration(t.Limits.TimeoutS * float64(time.Second)),
		MemoryBytes: t.Limits.MemoryBytes, Expansions: t.Limits.Expansions, Seed: t.Seed,
	})
	rec.CPUS = (threadCPU() - cpu).Seconds()
	runtime.UnlockOSThread()
	rec.WallS = result.Elapsed.Seconds()
	rec.PeakBytes = result.PeakBytes
	rec.Counters = result.Counters.Map()
	for _, i := range result.Incumbents {
		rec.Incumbents = append(rec.Incumbents, results.Incumbent{ElapsedS: i.Elapsed.Seconds(), Cost: i.Cost, Bound: i.Bound})
	}
	if err != nil {
		return fail("%v", err)
	}
	rec.Outcome, rec.Message = results.Outcome(result.Status), result.Reason
	if result.Status != cloud.Infeasible {
		rec.LowerBound = &result.LowerBound
	}
	if !result.Status.HasPlan() {
		return rec, nil
	}
	plan = result.Plan(p, full.String())
	verdict := validate.Plan(t.Instance, p.Rules, p.Cost, plan)
	rec.Cost, rec.Steps, rec.PlanSHA256 = &verdict.Cost, verdict.Steps, plan.StepsSHA256(t.Instance)
	if !verdict.OK() {
		rec.Outcome = results.Invalid
		rec.Message = fmt.Sprintf("%d violations, the first: %s", len(verdict.Findings), verdict.Findings[0])
	}
	return rec, plan
}
