package experiments

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/execution"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/drivers"
	"github.com/cloudrearrange/rearrange/cloud/durations"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/results"
)

// Executing says how schedules are carried out: by which executor, and on which cloud.
type Executing struct{ Executor, On spec.Spec }

// executing is an [Executing] with its parts resolved.
type executing struct{ executor, on part }

// executings resolves the suite's executions, each once; one that is nil, for none, where it has none.
func (s *Suite) executings() ([]*executing, error) {
	if s.Executions == nil {
		return []*executing{nil}, nil
	}
	var out []*executing
	for _, asked := range s.Executions {
		executor, err := s.parts(execution.Kind, []spec.Spec{asked.Executor})
		if err != nil {
			return nil, err
		}
		on, err := s.parts(drivers.Kind, []spec.Spec{asked.On})
		if err != nil {
			return nil, err
		}
		same := func(x *executing) bool { return x.executor.full == executor[0].full && x.on.full == on[0].full }
		if !slices.ContainsFunc(out, same) {
			out = append(out, &executing{executor[0], on[0]})
		}
	}
	return out, nil
}

// asked is what records tell before the schedule is carried out.
func (x *executing) asked(planSeed uint64) *results.Execution {
	return &results.Execution{
		Executing:          results.Executing{Executor: x.executor.spec.String(), On: x.on.spec.String()},
		ExecutorParameters: x.executor.values, OnParameters: x.on.values, PlanSeed: planSeed,
	}
}

// execute takes over the schedule that other tasks share, and carries it out.
func (r *run) execute(ctx context.Context) {
	t := &r.task
	planned := *t
	planned.execution, planned.Seed = nil, t.planSeed
	if !r.adopt(t.planned.make(ctx, planned, r.options)) || !r.record.Outcome.HasPlan() {
		return
	}
	x := t.execution
	r.record.Execution = x.asked(t.planSeed)
	driver, err := r.cloud()
	if err != nil {
		r.fail("%v", err)
		return
	}
	if _, ok := driver.(logging); !ok {
		r.fail("%s keeps no log, so that nothing that is done there can be judged", x.on.spec)
		return
	}
	report, journal, err := r.carryOut(ctx, driver)
	if r.cut = ctx.Err() != nil; r.cut {
		return
	}
	if err != nil {
		r.fail("%s: %v", x.executor.spec, err)
		return
	}
	found, err := r.judgeExecution(driver, report, journal)
	if err != nil {
		r.fail("%v", err)
		return
	}
	r.record.Execution.PlanCost, r.record.Execution.Violations = r.plan.Cost, len(found)
	r.reject(found)
}

// logging is a cloud that tells all that happened in it.
type logging interface{ Log() []drivers.LogEntry }

// cloud makes the cloud in which the plan is carried out.
func (r *run) cloud() (drivers.Driver, error) {
	t, in := &r.task, r.problem.Instance
	takes, err := durations.Bind(t.Catalogue, in, t.schedule.duration.spec)
	if err != nil {
		return nil, err
	}
	binder, _, err := spec.Build[drivers.Binder](t.Catalogue, drivers.Kind, t.execution.on.spec)
	if err != nil {
		return nil, err
	}
	return binder(drivers.Setting{Catalogue: t.Catalogue, Instance: in, Rules: t.Rules, Duration: takes, Plan: r.plan, Seed: t.Seed})
}

// journal outlives an executor that is killed, as a file does.
type journal struct{ bytes.Buffer }

// Append implements [execution.Journal].
func (j *journal) Append(line []byte) error {
	_, err := j.Write(line)
	return err
}

func (j *journal) entries() ([]execution.Entry, error) {
	return execution.ReadEntries("journal", bytes.NewReader(j.Bytes()))
}

// carryOut carries the plan out, and resumes as often as the executor is killed.
func (r *run) carryOut(ctx context.Context, driver drivers.Driver) (*execution.Report, []execution.Entry, error) {
	t := &r.task
	task := execution.Task{
		Catalogue: t.Catalogue, Instance: r.problem.Instance, Rules: t.Rules, Plan: r.plan,
		Model: t.schedule.model.spec, Duration: t.schedule.duration.spec, Cost: t.Cost,
	}
	var kept journal
	for {
		executor, _, err := execution.New(t.Catalogue, t.execution.executor.spec)
		if err != nil {
			return nil, nil, err
		}
		known, err := kept.entries()
		if err != nil {
			return nil, nil, err
		}
		report, err := execution.Execute(ctx, executor, driver, task, execution.Options{Journal: &kept, Known: known, Seed: t.Seed})
		if errors.Is(err, drivers.ErrKilled) && ctx.Err() == nil {
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		entries, err := kept.entries()
		return report, entries, err
	}
}

// judgeExecution fills in what has happened, and tells what the judge finds wrong by the log of the cloud.
func (r *run) judgeExecution(driver drivers.Driver, report *execution.Report, entries []execution.Entry) ([]validate.Finding, error) {
	in, log := r.problem.Instance, driver.(logging).Log()
	snap, err := lastLook(driver)
	if err != nil {
		return nil, err
	}
	var foreign []cloud.VM
	for _, vm := range snap.VMs {
		if _, own := in.VM(vm.Name); !own {
			foreign = append(foreign, *vm.VM)
		}
	}
	bind := func(in *cloud.Instance) ([]cloud.Rule, error) { return rules.Bind(r.task.Catalogue, in, r.task.Rules) }
	facts, err := validate.Execution(in, foreign, bind, r.problem.Cost, log)
	if err != nil {
		return nil, err
	}
	fillIn(r.record.Execution, in, report, facts)
	c := collate(in, entries, log, facts)
	for _, vm := range snap.VMs {
		if v, ok := in.VM(vm.Name); ok && nameOf(in, facts.Final[v]) != vm.Host {
			c.found("by the log VM %q stands on %q in the end, and the cloud has it on %q", vm.Name, nameOf(in, facts.Final[v]), vm.Host)
		}
	}
	if done := report.Ended - report.Began; done < facts.Makespan {
		c.found("the executor was done at %d ms, and the last step was over at %d ms", done, facts.Makespan)
	}
	return append(facts.Findings, c.out...), nil
}

// fillIn fills in what the executor and the judge say of an execution.
func fillIn(e *results.Execution, in *cloud.Instance, report *execution.Report, facts *validate.Executed) {
	e.Status, e.Why, e.Makespan, e.Cost = results.Missed, report.Why, report.Ended-report.Began, facts.Cost
	if report.Reached {
		e.Status = results.Reached
	}
	e.Requests, e.Ends, e.Failures, e.Refusals = facts.Steps+facts.Refusals, facts.Ends, facts.Failures, facts.Refusals
	e.Deaths, e.Arrivals = facts.Deaths, facts.Arrivals
	e.Aborts, e.Changes, e.Plans, e.Resumes, e.GivenUp = report.Aborts, report.Changes, report.Plans, report.Resumes, len(report.GivenUp)
	for v, want := range in.Target {
		if facts.Final[v] != want {
			e.Astray++
		}
	}
}

// lastLook is the cloud in the end. An executor may still be killed then.
func lastLook(driver drivers.Driver) (snap *drivers.Snapshot, err error) {
	for {
		if snap, err = driver.Snapshot(context.Background()); !errors.Is(err, drivers.ErrKilled) {
			return snap, err
		}
	}
}

func nameOf(in *cloud.Instance, h cloud.HostID) string {
	if h == cloud.Absent {
		return ""
	}
	return in.Hosts[h].Name
}
