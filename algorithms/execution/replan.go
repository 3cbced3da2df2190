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
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

// planner finds new targets and paths.
type planner struct {
	strategy, algorithm spec.Spec
	expansions          int64
}

// enter makes the world of the first snapshot, with the steps of the plan or, of an execution that is resumed, those that its journal leaves.
func (x *adapting) enter(ctx context.Context) error {
	queue, planned := x.remember()
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
	return x.replan(ctx, "the plan does not lead from what the cloud looks like to the target")
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

// remember takes from the journal of an execution that is resumed what the executor knew: the steps that are left, the target, and what VMs
// have been through.
func (x *adapting) remember() (queue []cloud.Step, planned bool) {
	requests := map[int64]PlannedStep{}
	for _, e := range x.Known {
		switch e.Event {
		case EventPlan:
			planned, queue, x.missed = true, x.stepsOf(e.Steps), e.Missed
			x.target = slices.Repeat(cloud.Placement{cloud.Absent}, len(x.Instance.VMs))
			for vm, host := range e.Target {
				if v, ok := x.Instance.VM(vm); ok {
					x.target[v] = x.hostID(host)
				}
			}
		case EventRequest:
			requests[e.ID] = PlannedStep{e.Action, e.VM, e.From, e.To}
		case EventEnded:
			delete(x.trials, e.VM)
			done := x.stepsOf([]PlannedStep{requests[e.ID]})
			if i := slices.Index(queue, done[0]); i >= 0 {
				queue = slices.Delete(queue, i, i+1)
			}
		case EventFailed, EventNoEffect:
			x.trialOf(e.VM).failures++
		case EventRefused:
			x.trialOf(e.VM).refusals++
		case EventGivenUp:
			x.stuck[e.VM] = true
		}
	}
	return slices.DeleteFunc(queue, func(s cloud.Step) bool { return x.at[x.Instance.VMs[s.VM].Name].UnderWay }), planned
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
	e := Entry{Event: EventPlan, Why: why, Missed: x.missed, Target: map[string]string{}}
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
		w.queue = slices.DeleteFunc(x.queue, func(s cloud.Step) bool { _, underWay := w.underWay[s.VM]; return underWay })
	}
	x.world = w
	return nil
}

// sound tells whether the steps that are left lead to the target, and the target breaks no rule.
func (x *adapting) sound() bool { return x.lawful() && x.walks() }

func (w *world) lawful() bool { return len(validate.Placement(w.in, w.bound, w.in.Target, true)) == 0 }

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
	x.barren, x.missed = true, ""
	search := x.findPath
	if !x.lawful() {
		search = x.retarget
	}
	if err := search(ctx); err != nil {
		x.missed = err.Error()
		x.salvage()
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return x.notePlan(why)
}

// retarget looks for a target that breaks no rule, and for a path there. If there is none, VMs whose targets are down may as well stay where they
// are: that takes the fewest steps.
func (x *adapting) retarget(ctx context.Context) error {
	home := x.target.Clone()
	for v, h := range home {
		if at := x.settled.HostOf(cloud.VMID(v)); h != cloud.Absent && at != cloud.Absent && slices.Contains(x.down, x.Run.hostName(h)) {
			home[v] = at
		}
	}
	err := x.mendTarget(ctx)
	mended := x.target
	if err == nil {
		err = x.findPath(ctx)
	}
	if err == nil || home.Equal(mended) {
		return err
	}
	x.target = home
	if x.renew() == nil && (x.lawful() || x.mendTarget(ctx) == nil) && x.findPath(ctx) == nil {
		return nil
	}
	x.target = mended
	return errors.Join(err, x.renew())
}

// mendTarget has a strategy begin at the target, and bans all VMs from the hosts that are down.
func (x *adapting) mendTarget(ctx context.Context) error {
	in := *x.in
	in.Initial, in.Target = x.in.Target, nil
	specs := slices.DeleteFunc(slices.Clone(x.specs), func(s spec.Spec) bool { return s.Equal(downSpec(x.down)) })
	if len(x.down) > 0 {
		specs = append(specs, spec.Named("ban").WithValue("vms", spec.Words("*")).WithValue("hosts", spec.Words(x.down...)))
	}
	if err := in.Check(); err != nil {
		return err
	}
	cost, err := costs.Bind(x.Catalogue, &in, x.Cost)
	if err != nil {
		return err
	}
	request, err := targets.NewRequest(x.Catalogue, &in, specs, cost)
	if err != nil {
		return err
	}
	strategy, _, err := spec.Build[targets.Strategy](x.Catalogue, targets.Kind, x.strategy)
	if err != nil {
		return err
	}
	request.Search = request.Briefly(x.Seed)
	choice, err := targets.Choose(ctx, strategy, request)
	if err != nil {
		return err
	}
	x.target = choice.Target[:len(x.Instance.VMs)].Clone()
	return x.renew()
}

// findPath looks for a path to the target, and puts its steps in an order in which they run in parallel.
func (x *adapting) findPath(ctx context.Context) error {
	problem, err := paths.NewProblem(x.Catalogue, x.in, x.specs, x.Cost)
	if err != nil {
		return err
	}
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
	plan := result.Plan(problem, full.String())
	x.queue = plan.Steps
	if t, err := timetable.NewProblem(x.Catalogue, x.in, x.specs, plan, x.Model, x.Duration); err == nil {
		if scheduler, _, err := schedules.New(x.Catalogue, spec.Named("list")); err == nil {
			if timed, err := schedules.Schedule(ctx, scheduler, t, schedules.Options{Tables: 20, Seed: x.Seed}); err == nil {
				x.queue = timed.Steps
			}
		}
	}
	x.queue = untimed(x.queue)
	return nil
}

// noPath is why there is no path.
type noPath struct {
	status cloud.Status
	reason string
}

func (e *noPath) Error() string {
	return "the path to the target is " + string(e.status) + ": " + e.reason
}

// salvage keeps those steps that can still run, in their order; VMs that have none left stay where they are. VMs that are down are brought back
// on their targets, or else wherever they may stand.
func (x *adapting) salvage() {
	kept := make([]cloud.Step, 0, len(x.queue))
	keep := func(s cloud.Step) bool {
		if x.settled.HostOf(s.VM) != s.From || s.From == s.To || !x.settled.Allows(s.VM, s.To) {
			return false
		}
		x.settled.Jump(s.VM, s.To)
		kept = append(kept, s)
		return true
	}
	for _, s := range x.queue {
		if !x.stuck[x.in.VMs[s.VM].Name] {
			keep(s)
		}
	}
	for v, to := range x.target {
		s := cloud.Step{Action: cloud.Provision, VM: cloud.VMID(v), From: cloud.Absent, To: to}
		if x.settled.HostOf(s.VM) != cloud.Absent || to == cloud.Absent || keep(s) {
			continue
		}
		for h := range x.in.Hosts {
			if s.To = cloud.HostID(h); keep(s) {
				break
			}
		}
	}
	short := 0
	for v, h := range x.target {
		if x.settled.HostOf(cloud.VMID(v)) != h {
			short++
		}
	}
	x.missed += "; " + prose.Count(short, "VM") + " will not stand on their targets"
	for _, s := range slices.Backward(kept) {
		x.settled.Jump(s.VM, s.From)
	}
	x.queue = kept
}
