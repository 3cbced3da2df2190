package experiments

import (
	"context"
	"fmt"
	"maps"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/results"
)

// run carries out one task. Whatever the solver does, there is a record of it.
type run struct {
	task    Task
	options Options

	record  results.Record
	problem *paths.Problem // of the path, once it is known
	plan    *cloud.Plan    // nil without one; kept when it is invalid, so that it can be looked into
	cut     bool           // the context ended before the solver did
}

func (r *run) do(ctx context.Context) {
	t := r.task
	r.record = t.Record()
	r.record.Counters, r.record.Enforced, r.record.Provenance = map[string]int64{}, enforcement(t.Limits), r.options.Provenance
	r.record.Provenance.Date = time.Now().UTC().Format(time.RFC3339)
	r.record.Provenance.Load = load()
	r.record.Provenance.Code = r.options.code(t.Packages)
	defer func() {
		if p := recover(); p != nil {
			r.plan = nil
			r.fail("panic: %v\n%s", p, debug.Stack())
		}
		r.makeStorable()
	}()
	switch {
	case t.execution != nil:
		r.execute(ctx)
	case t.schedule != nil:
		r.schedule(ctx)
	default:
		r.find(ctx)
	}
}

// find looks for the path.
func (r *run) find(ctx context.Context) {
	t := &r.task
	in, ok := r.aim(ctx)
	if !ok {
		return
	}
	var err error
	if r.problem, err = paths.NewProblem(t.Catalogue, in, t.Rules, t.Cost); err != nil {
		r.fail("%v", err)
		return
	}
	newSolver := r.options.newSolver
	if newSolver == nil {
		newSolver = paths.New
	}
	solver, full, err := newSolver(t.Catalogue, t.Algorithm)
	if err != nil {
		r.fail("%v", err)
		return
	}
	result, err := r.solve(ctx, solver, r.problem)
	if err != nil {
		r.fail("%v", err)
		return
	}
	r.judge(r.problem, &result, full.String())
}

// aim is the instance with the target that the run heads for. There is none where the strategy finds none, which is
// how the run then ends.
func (r *run) aim(ctx context.Context) (in *cloud.Instance, ok bool) {
	if r.task.Target == nil {
		return r.task.Instance, true
	}
	chosen := r.task.Target.choose(ctx, &r.task)
	r.record.Target = &chosen.record
	switch {
	case chosen.instance != nil:
		r.record.Features = chosen.features
		return chosen.instance, true
	case ctx.Err() != nil:
		r.cut = true
	case chosen.record.Status != "":
		r.record.Outcome, r.record.Message = chosen.record.Status, chosen.err.Error()
	default:
		r.fail("%s: %v", chosen.record.Strategy, chosen.err)
	}
	return nil, false
}

// enforcement says what holds each limit. The solver does, within this process.
func enforcement(l results.Limits) map[string]string {
	out := map[string]string{}
	if l.TimeoutS > 0 {
		out["timeout"] = "the solver looks at the clock"
	}
	if l.MemoryBytes > 0 {
		out["memory"] = "the solver accounts for what it stores"
	}
	if l.Expansions > 0 {
		out["expansions"] = "counted by the driver"
	}
	if l.TargetTimeoutS > 0 {
		out["target-timeout"] = "the strategy looks at the clock"
	}
	if l.TargetSteps > 0 {
		out["target-steps"] = "counted when the strategy asks whether to go on"
	}
	if l.ScheduleTimeoutS > 0 {
		out["schedule-timeout"] = "the scheduler looks at the clock"
	}
	if l.ScheduleTables > 0 {
		out["schedule-tables"] = "counted by the driver"
	}
	if l.Cores > 0 {
		out["cores"] = "the driver starts no more goroutines"
	}
	return out
}

// fail makes the record one of a run that failed. What was measured stays.
func (r *run) fail(format string, args ...any) {
	r.record.Outcome, r.record.Message = results.Failed, fmt.Sprintf(format, args...)
	r.record.Cost, r.record.LowerBound, r.record.Steps, r.record.PlanSHA256 = nil, nil, 0, ""
	if r.task.schedule != nil {
		r.plan, r.record.Schedule = nil, r.task.schedule.asked()
	}
	if r.task.execution != nil {
		r.record.Execution = r.task.execution.asked(r.task.planSeed)
	}
}

// makeStorable makes a record that the store would refuse, because the solver reports
// what cannot be, one of a failed run. No solver can end an experiment.
func (r *run) makeStorable() {
	r.record.Message = strings.ToValidUTF8(r.record.Message, "\uFFFD")
	err := r.record.Check()
	if err == nil {
		return
	}
	r.plan = nil
	r.fail("the result of the solver is inconsistent: %s", strings.ReplaceAll(err.Error(), "\n", "; "))
	r.record.WallS, r.record.PeakBytes, r.record.Incumbents = 0, 0, nil
	if r.task.Target != nil {
		r.record.Target = r.task.Record().Target
	}
	maps.DeleteFunc(r.record.Counters, func(_ string, n int64) bool { return n < 0 })
}

// solve lets the solver work, and measures it.
func (r *run) solve(ctx context.Context, solver paths.Solver, p *paths.Problem) (paths.Result, error) {
	runtime.LockOSThread() // so that the thread's CPU time is the solver's, if that uses no other
	defer runtime.UnlockOSThread()
	l := r.task.Limits
	began := threadCPU()
	result, err := solver.Solve(ctx, p, paths.Options{
		Timeout:     time.Duration(l.TimeoutS * float64(time.Second)),
		MemoryBytes: l.MemoryBytes, Expansions: l.Expansions, Cores: l.Cores, Seed: r.task.Seed,
	})
	// Looked at here, so that a run that ended by itself is not lost when the
	// interruption comes while its plan is judged.
	r.cut = ctx.Err() != nil
	if l.Cores == 1 { // on more, the thread's is only a part of it
		r.record.CPUS = (threadCPU() - began).Seconds()
	}
	r.record.WallS = result.Elapsed.Seconds()
	r.record.PeakBytes = result.PeakBytes
	r.record.Counters = result.Counters.Map()
	for _, i := range result.Incumbents {
		r.record.Incumbents = append(r.record.Incumbents, results.Incumbent{ElapsedS: i.Elapsed.Seconds(), Cost: i.Cost, Bound: i.Bound})
	}
	return result, err
}

// judge fills in what the solver found, once the validator has looked at it.
func (r *run) judge(p *paths.Problem, result *paths.Result, algorithm string) {
	r.record.Outcome, r.record.Message = results.Outcome(result.Status), result.Reason
	if result.Status != cloud.Infeasible {
		r.record.LowerBound = &result.LowerBound
	}
	if !result.Status.HasPlan() {
		return
	}
	r.plan = result.Plan(p, algorithm)
	verdict := validate.Plan(p.Instance, p.Rules, p.Cost, r.plan)
	r.record.Cost, r.record.Steps, r.record.PlanSHA256 = &verdict.Cost, verdict.Steps, r.plan.StepsSHA256(p.Instance)
	r.reject(verdict.Findings)
}

// reject makes the record one of an invalid plan if the judge found anything.
func (r *run) reject(found []validate.Finding) {
	if n := len(found); n == 1 {
		r.record.Outcome, r.record.Message = results.Invalid, found[0].String()
	} else if n > 1 {
		r.record.Outcome, r.record.Message = results.Invalid, fmt.Sprintf("%d violations, the first: %s", n, found[0])
	}
}
