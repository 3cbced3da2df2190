package execution

import (
	"context"
	"errors"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/schedules"
	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

// planner finds new targets and paths.
type planner struct {
	strategy, algorithm spec.Spec
	expansions          int64
}

// enter makes the world of the first snapshot, with the steps of the plan or, of an execution that is resumed, those that its journal leaves.
func (x *adapting) enter(ctx context.Context, outcomes []outcome) error {
	queue, planned := x.remember(outcomes)
	if !planned {
		queue = untimed(x.Plan.Steps) // of a schedule in the order of their starts, in which they can run one after the other
	}
	if err := x.renew(); err != nil {
		return err
	}
	x.queue = queue
	if !planned {
		if err := x.notePlan(""); err != nil {
			return err
		}
	}
	if x.sound() {
		return nil
	}
	return x.replan(ctx, "the cloud has changed, and the steps that are left do not lead to the target any more")
}

// untimed is a copy of steps without times and costs, so that equal steps are the same.
func untimed(steps []cloud.Step) []cloud.Step {
	out := slices.Clone(steps)
	for i := range out {
		s := &out[i]
		s.Start, s.End, s.Cost = 0, 0, 0
	}
	return out
}

// remember takes from the journal of an execution that is resumed what the executor knew, and adds what has become of its requests since: the
// steps that are left, the target, and what VMs have been through.
func (x *adapting) remember(outcomes []outcome) (queue []cloud.Step, planned bool) {
	known := slices.Clip(x.Known)
	for _, o := range outcomes {
		known = append(known, Entry{Event: o.event, ID: o.ID, VM: o.VM})
	}
	asked := map[int64]cloud.Step{}
	back := func(e Entry) {
		if s, ok := asked[e.ID]; ok {
			queue = slices.Insert(queue, 0, s)
		}
	}
	for _, e := range known {
		switch e.Event {
		case EventPlan:
			planned, queue, x.missed, x.target = true, x.stepsOf(e.Steps), e.Missed, x.placementOf(e.Target)
			x.proved = e.Proved
		case EventRequest:
			for _, s := range x.stepsOf([]PlannedStep{{e.Action, e.VM, e.From, e.To}}) {
				asked[e.ID] = s
				if i := slices.Index(queue, s); i >= 0 {
					queue = slices.Delete(queue, i, i+1)
				}
			}
		case EventEnded:
			delete(x.trials, e.VM)
		case EventFailed, EventNoEffect:
			x.trialOf(e.VM).tries++
			x.trialOf(e.VM).failures++
			back(e)
		case EventRefused:
			x.trialOf(e.VM).tries++
			back(e)
		case EventGivenUp:
			x.stuck[e.VM] = true
		}
	}
	return queue, planned
}

// placementOf is the target that a journal names.
func (x *adapting) placementOf(hosts map[string]string) cloud.Placement {
	out := slices.Repeat(cloud.Placement{cloud.Absent}, len(x.Instance.VMs))
	for vm, host := range hosts {
		if v, ok := x.Instance.VM(vm); ok {
			out[v] = x.hostID(host)
		}
	}
	return out
}

// stepsOf are the steps that a journal names.
func (x *adapting) stepsOf(planned []PlannedStep) []cloud.Step {
	out := make([]cloud.Step, 0, len(planned))
	for _, s := range planned {
		if v, ok := x.Instance.VM(s.VM); ok {
			out = append(out, cloud.Step{Action: s.Action, VM: v, From: x.hostID(s.From), To: x.hostID(s.To)})
		}
	}
	return out
}

// notePlan writes which steps are left, and where they lead.
func (x *adapting) notePlan(why string) error {
	e := Entry{Event: EventPlan, Why: why, Missed: x.missed, Proved: x.proved, Target: map[string]string{}}
	for i := range x.queue {
		s := &x.queue[i]
		e.Steps = append(e.Steps, PlannedStep{s.Action, x.in.VMs[s.VM].Name, x.Run.hostName(s.From), x.Run.hostName(s.To)})
	}
	for v, h := range x.target {
		if h != cloud.Absent {
			e.Target[x.Instance.VMs[v].Name] = x.Run.hostName(h)
		}
	}
	return x.note(e)
}

// renew makes the world of the last snapshot, with the steps that are left.
func (x *adapting) renew() error {
	w, err := newWorld(&x.Task, x.snap, x.target, x.stuck)
	if err != nil {
		return err
	}
	if x.world != nil {
		w.queue = x.queue
	}
	x.world = w
	return nil
}

// sound tells whether the steps that are left lead to the target, and the target breaks no rule.
func (x *adapting) sound() bool { return x.lawful() && x.walks() }

func (w *world) lawful() bool { return len(w.unlawful()) == 0 }

// unlawful lists what the target breaks.
func (w *world) unlawful() []validate.Finding {
	return validate.Placement(w.in, slices.Concat(w.bound, w.final), w.in.Target, true)
}

// remake makes the world of the last snapshot, which differs from the one that was known, and a new plan if the old one does not do any more.
func (x *adapting) remake(ctx context.Context, why string) error {
	if err := x.renew(); err != nil {
		return err
	}
	if x.missed == "" && x.sound() {
		return nil
	}
	return x.replan(ctx, why)
}

// replan looks for another path, and before that for another target where the target breaks a rule. If there is no path, it leaves the steps
// that can still run.
func (x *adapting) replan(ctx context.Context, why string) error {
	x.barren, x.missed, x.proved = true, "", false
	search := x.findPath
	if !x.lawful() {
		search = x.retarget
	}
	if err := search(ctx); err != nil {
		x.missed, x.proved = err.Error(), len(x.stuck) == 0 && isProof(err)
		x.salvage()
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return x.notePlan(why)
}

// isProof tells whether an error says that there is no target, or no path to it.
func isProof(err error) bool {
	if _, impossible := errors.AsType[*targets.ImpossibleError](err); impossible {
		return true
	}
	none, ok := errors.AsType[*noPath](err)
	return ok && none.status == cloud.Infeasible
}

// findPath looks for a path to the target, and puts its steps in an order in which they run in parallel.
func (x *adapting) findPath(ctx context.Context) error {
	problem, err := paths.NewProblem(x.Catalogue, x.in, x.way, x.Cost)
	if err != nil {
		return err
	}
	problem.Rules = x.bound
	solver, full, err := paths.New(x.Catalogue, x.algorithm)
	if err != nil {
		return err
	}
	result, err := solver.Solve(ctx, problem, paths.Options{Expansions: x.expansions, Cores: 1, Seed: x.Seed})
	if err != nil {
		return err
	}
	if !result.Status.HasPlan() {
		return &noPath{result.Status, result.Reason}
	}
	x.queue = untimed(x.inParallel(ctx, result.Plan(problem, full.String())))
	for i := range x.queue {
		if s := &x.queue[i]; s.Action == cloud.Provision { // to the search all VMs are new that stand nowhere
			s.Action = x.entry(s.VM)
		}
	}
	return nil
}

// inParallel puts the steps of a path in the order in which they start in a schedule, and leaves them as they are where there is none. SLAs
// about times count from the beginning of the execution, so that they say nothing about a schedule that begins now.
func (x *adapting) inParallel(ctx context.Context, plan *cloud.Plan) []cloud.Step {
	p, err := timetable.NewProblem(x.Catalogue, x.in, x.way, plan, x.Model, x.Duration)
	if err != nil {
		return plan.Steps
	}
	list, _, err := schedules.New(x.Catalogue, spec.Named("list"))
	if err != nil {
		return plan.Steps
	}
	timed, err := schedules.Schedule(ctx, list, p.Relaxed(), schedules.Options{Tables: 20, Seed: x.Seed})
	if err != nil || len(timed.Steps) < len(plan.Steps) {
		return plan.Steps
	}
	return timed.Steps
}

// noPath is why there is no path.
type noPath struct {
	status cloud.Status
	reason string
}

func (e *noPath) Error() string {
	return "the path to the target is " + string(e.status) + ": " + e.reason
}
