package experiments

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/schedules"
	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
	"github.com/cloudrearrange/rearrange/cloud/durations"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/results"
)

// Scheduling says how the steps of plans are run in parallel: by which scheduler, under which model of concurrency, and
// how long each takes.
type Scheduling struct{ Model, Duration, Scheduler spec.Spec }

// scheduling is a [Scheduling] with its parts resolved.
type scheduling struct{ model, duration, scheduler part }

// full identifies it.
func (s *scheduling) full() [3]string {
	if s == nil {
		return [3]string{}
	}
	return [3]string{s.model.full, s.duration.full, s.scheduler.full}
}

// schedulings resolves the suite's schedules, each once; one that is nil, for none, where it has none.
func (s *Suite) schedulings() ([]*scheduling, error) {
	if s.Schedules == nil {
		return []*scheduling{nil}, nil
	}
	var out []*scheduling
	for _, asked := range s.Schedules {
		var of [3]part
		for i, p := range []struct {
			kind string
			spec spec.Spec
		}{{concurrency.Kind, asked.Model}, {durations.Kind, asked.Duration}, {schedules.Kind, asked.Scheduler}} {
			parts, err := s.parts(p.kind, []spec.Spec{p.spec})
			if err != nil {
				return nil, err
			}
			of[i] = parts[0]
		}
		next := &scheduling{of[0], of[1], of[2]}
		if !slices.ContainsFunc(out, func(other *scheduling) bool { return other.full() == next.full() }) {
			out = append(out, next)
		}
	}
	return out, nil
}

// bind tells whether the model and the durations fit an instance, and what they assume of it. Clouds take times, and no steps.
func (s *scheduling) bind(c *spec.Catalogue, in *cloud.Instance, executed bool) (Remarks, error) {
	takes, err := durations.Bind(c, in, s.duration.spec)
	if err != nil {
		return Remarks{}, err
	}
	if unit := takes.Unit(); executed && unit != "ms" {
		return Remarks{}, fmt.Errorf("executions take durations in ms, not in %ss: %s", unit, s.duration.spec)
	}
	_, err = concurrency.Bind(c, in, takes, s.model.spec)
	return Remarks{"duration " + s.duration.spec.String(), cloud.RemarksOf(takes)}, err
}

// asked is what records tell before the schedule is made.
func (s *scheduling) asked() *results.Schedule {
	return &results.Schedule{
		Scheduling:          results.Scheduling{Model: s.model.spec.String(), Duration: s.duration.spec.String(), Scheduler: s.scheduler.spec.String()},
		SchedulerParameters: s.scheduler.values,
	}
}

// shared is a part of a run that tasks have in common: the path of all that differ in their schedules only, or the schedule of all that
// differ in their executions only. It is made once in a process.
type shared struct {
	mu   sync.Mutex
	done bool
	run  run
}

// make makes it, as the task tells, unless that has been done. What the end of the context cut short does not count.
func (s *shared) make(ctx context.Context, t Task, o Options) run {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.done {
		made := run{task: t, options: o}
		if made.do(ctx); made.cut {
			return made
		}
		s.run, s.done = made, true
	}
	return s.run
}

// adopt takes over a part of the run that was made for others, too.
func (r *run) adopt(made run) (whole bool) {
	own := r.record
	if r.cut = made.cut; r.cut {
		return false
	}
	r.record, r.plan, r.problem = made.record, made.plan, made.problem
	r.record.RunKey, r.record.Seed, r.record.Execution = own.RunKey, own.Seed, own.Execution
	r.record.Enforced, r.record.Provenance = own.Enforced, own.Provenance
	if r.record.Schedule == nil {
		r.record.Schedule = own.Schedule
	}
	return true
}

// schedule takes over the path that other tasks share, and makes a schedule of it.
func (r *run) schedule(ctx context.Context) {
	t := &r.task
	path := *t
	path.schedule = nil
	if !r.adopt(t.path.make(ctx, path, r.options)) || !r.record.Outcome.HasPlan() {
		return
	}
	p, err := timetable.NewProblem(t.Catalogue, r.problem.Instance, t.Rules, r.plan, t.schedule.model.spec, t.schedule.duration.spec)
	if impossible, ok := errors.AsType[*timetable.ImpossibleError](err); ok {
		r.fail("%v", impossible)
		r.record.Outcome, r.record.Schedule.Status = results.Unsupported, results.Unsupported
		return
	}
	if err != nil {
		r.fail("%v", err)
		return
	}
	scheduler, full, err := schedules.New(t.Catalogue, t.schedule.scheduler.spec)
	if err != nil {
		r.fail("%v", err)
		return
	}
	result, err := schedules.Schedule(ctx, scheduler, p, schedules.Options{
		Timeout: time.Duration(t.Limits.ScheduleTimeoutS * float64(time.Second)), Tables: t.Limits.ScheduleTables, Seed: t.Seed,
	})
	r.cut = ctx.Err() != nil
	if err != nil {
		r.fail("%s: %v", full, err)
		return
	}
	if !result.Status.HasPlan() {
		r.unscheduled(result)
		return
	}
	r.judgeSchedule(r.problem, result.Problem, result.Plan(full.String()), result)
}

// unscheduled fills in that no schedule was found that keeps the SLAs of the instance, and why.
func (r *run) unscheduled(result *schedules.Result) {
	reason := result.Reason
	for i, v := range result.Unmet {
		if i == 0 {
			reason += ": " + v.SLA + ": " + v.Msg
		}
	}
	r.fail("%s", reason)
	r.record.Outcome = results.Unknown // another path may do better, even where it is proved that this one does not
	if result.Status == cloud.Unsupported {
		r.record.Outcome = results.Unsupported
	}
	r.record.Schedule.Status, r.record.Schedule.Tables, r.record.Schedule.WallS = results.Outcome(result.Status), result.Tables, result.Elapsed.Seconds()
}

// judgeSchedule fills in what the scheduler made, once the judge has looked at it.
func (r *run) judgeSchedule(path *paths.Problem, p *timetable.Problem, plan *cloud.Plan, result *schedules.Result) {
	r.plan = plan
	s := r.record.Schedule
	s.Status, s.Unit, s.WallS = results.Outcome(result.Status), plan.Schedule.Unit, result.Elapsed.Seconds()
	s.Makespan, s.LowerBound, s.Bottleneck = result.Makespan, result.LowerBound, plan.Schedule.Bottleneck
	s.Sequential, s.Peak, s.Tables = p.Total(), int(schedules.Peak(schedules.UnderWay(plan.Steps))), result.Tables
	s.Moves, s.SHA256 = movesSHA256(p.Instance, plan.Steps), plan.StepsSHA256(p.Instance)
	for _, i := range result.Incumbents {
		at := func(i results.ScheduleIncumbent) float64 { return i.ElapsedS }
		s.Incumbents = thinned(s.Incumbents, results.ScheduleIncumbent{ElapsedS: i.Elapsed.Seconds(), Makespan: i.Makespan}, at)
	}
	model, err := concurrency.Of(r.task.Catalogue, p.Instance, plan.Schedule)
	if err != nil {
		r.fail("%v", err)
		return
	}
	verdict := validate.Schedule(p.Instance, path.Rules, path.Cost, model, plan, p.SLAs...)
	if verdict.Cost != *r.record.Cost {
		s.Cost = &verdict.Cost
	}
	r.reject(verdict.Findings)
}

// movesSHA256 is the hash of steps in any order: equal for two plans whose steps move the same VMs in the same ways.
func movesSHA256(in *cloud.Instance, steps []cloud.Step) string {
	moves := slices.Clone(steps)
	for i := range moves {
		moves[i].Cost = 0
	}
	slices.SortStableFunc(moves, func(a, b cloud.Step) int { return cmp.Compare(a.VM, b.VM) }) // those of a VM have one order
	return (&cloud.Plan{Steps: moves}).StepsSHA256(in)
}
