package execution

import (
	"context"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/drivers"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Adaptive is the entry of the executor that follows what happens.
func Adaptive() spec.Entry[Executor] {
	return spec.Entry[Executor]{
		Descriptor: spec.Descriptor{
			Name: "adaptive", Synopsis: "as many steps at a time as may be, by what the cloud looks like now", Citation: "own work",
			Doc: "It looks at the cloud before steps begin and whenever something has changed. A step begins as soon as the model of concurrency " +
				"and the rules allow it, in whatever order the steps under way end, provided that the steps it overtakes can still run. A step that fails or is " +
				"refused is tried again later, and others go on meanwhile; one that takes too long is aborted. Where the cloud looks different " +
				"from what was done, because a host is dead or foreign VMs have come, it goes on if what is left still leads to the target. If not, it looks for another " +
				"path; and before that for another target, where the target breaks a rule or has VMs on dead hosts. A VM that fails again and " +
				"again stays where it is, and others go on around it. Where there is no path, it carries out what can still be carried out.",
			Params: []spec.Param{
				{Name: "retries", Type: spec.Int, Default: "5", Bounds: spec.Between(0, 1000), Doc: "how often a VM that fails is tried again before it is given up"},
				{Name: "backoff", Type: spec.Duration, Default: "10s", Doc: "time before the first retry of a VM; it doubles with each, up to 5 minutes"},
				{Name: "patience", Type: spec.Float, Default: "10", Bounds: spec.Between(1, 1e6), Doc: "a step is aborted after this many times its duration, plus a minute"},
				{Name: "retarget", Type: spec.Ref, Of: targets.Kind, Default: "rebalance(max-migrations=0)", Doc: "strategy that mends a target that breaks a rule or has VMs on dead hosts, in place of which it begins"},
				{Name: "algorithm", Type: spec.Ref, Of: paths.Kind, Default: "auto", Doc: "algorithm that finds other paths"},
				{Name: "expansions", Type: spec.Int, Default: "200000", Bounds: spec.Between(1, 1e12), Doc: "limit of each search for a path"},
			},
		},
		New: func(a spec.Args) (Executor, error) {
			return &adaptive{
				retries: int(a.Int("retries")), backoff: a.Duration("backoff").Milliseconds(), patience: a.Float("patience"),
				planner: planner{a.Spec("retarget"), a.Spec("algorithm"), a.Int("expansions")},
			}, nil
		},
	}
}

type adaptive struct {
	retries  int
	backoff  int64
	patience float64
	planner
}

// Execute implements [Executor].
func (a *adaptive) Execute(ctx context.Context, run *Run) error {
	x := &adapting{adaptive: a, Run: run, trials: map[string]*trial{}, stuck: map[string]bool{}, target: run.Instance.Target}
	if err := x.look(ctx); err != nil {
		return err
	}
	for {
		again, err := x.begin(ctx)
		if err == nil && !again {
			over := false
			if over, err = x.conclude(ctx); over {
				return err
			}
		}
		if err == nil {
			err = x.look(ctx)
		}
		if err != nil {
			return err
		}
	}
}

// adapting is one execution.
type adapting struct {
	*adaptive
	*Run
	*world
	target   cloud.Placement // of the VMs of the instance
	trials   map[string]*trial
	stuck    map[string]bool // VMs that were given up
	gaveUp   bool            // since the last look
	missed   string          // why the target will not be reached; "" so long as it may
	proved   bool            // that it cannot be reached
	barren   bool            // nothing has begun since the last plan was made
	halted   bool            // something was not approved
	approved map[drivers.Request]bool
}

// trial is what a VM has been through since it last arrived somewhere.
type trial struct {
	tries              int
	failures, refusals int   // that count
	next               int64 // not before
}

// maxRefusals is how often a VM is refused before it is given up while nothing is under way: more than an hour of asking again and again.
const maxRefusals = 20

// trialOf is the trial of a VM.
func (x *adapting) trialOf(vm string) *trial {
	t := x.trials[vm]
	if t == nil {
		t = &trial{}
		x.trials[vm] = t
	}
	return t
}

// again counts what a VM has been through, and tells when it is tried next. It gives up a VM that has been through too much. A refusal counts
// only if nothing is under way: what is may be why.
func (x *adapting) again(vm string, refused bool) error {
	t := x.trialOf(vm)
	t.tries++
	switch {
	case !refused:
		t.failures++
	case len(x.open) == 0:
		t.refusals++
	}
	t.next = x.now() + min(x.backoff<<min(t.tries-1, 20), 300_000)
	if t.failures <= x.retries && t.refusals <= maxRefusals || x.stuck[vm] {
		return nil
	}
	x.stuck[vm], x.gaveUp = true, true
	return x.note(Entry{Event: EventGivenUp, VM: vm, Why: "failed " + prose.Count(t.failures, "time") + ", refused " + prose.Count(t.refusals, "time")})
}

// look takes a snapshot, follows what has become of what was under way, and makes a new plan where the cloud asks for one.
func (x *adapting) look(ctx context.Context) error {
	outcomes, err := x.observe(ctx)
	if err != nil {
		return err
	}
	if x.world == nil {
		return x.enter(ctx, outcomes)
	}
	for _, o := range outcomes {
		v, _ := x.Instance.VM(o.VM)
		if o.event == EventEnded {
			x.end(v)
			delete(x.trials, o.VM)
			continue
		}
		x.fail(v)
		if err := x.again(o.VM, false); err != nil {
			return err
		}
	}
	if x.gaveUp {
		x.gaveUp = false
		return x.remake(ctx, "a VM was given up")
	}
	if why := x.differs(x.snap); why != "" {
		if err := x.note(Entry{Event: EventChanged, Why: why}); err != nil {
			return err
		}
		return x.remake(ctx, why)
	}
	return nil
}

// begin begins what may begin now, and tells whether more may begin at once, because the cloud refused something.
func (x *adapting) begin(ctx context.Context) (again bool, err error) {
	if x.halted || x.stops() {
		return false, nil
	}
	x.clock = x.now() - x.report.Began
	batch := x.pick(x.ready)
	if ok, err := x.approves(ctx, batch); !ok || err != nil {
		return !x.halted, err
	}
	var back []cloud.VMID
	for i := range batch {
		s := &batch[i]
		refusal, err := x.request(ctx, s)
		if err != nil {
			return false, err
		}
		x.barren = x.barren && refusal != ""
		if refusal != "" {
			back = append(back, s.VM)
			if err := x.again(x.Instance.VMs[s.VM].Name, true); err != nil {
				return false, err
			}
		}
	}
	for _, v := range slices.Backward(back) {
		x.fail(v)
	}
	return len(back) > 0, nil
}

// approves asks about steps that begin together. Since that takes time, they are taken back meanwhile, and taken out again by the next call.
func (x *adapting) approves(ctx context.Context, batch []cloud.Step) (bool, error) {
	if x.Approve == nil {
		return true, nil
	}
	asked := make([]drivers.Request, 0, len(batch))
	for i := range batch {
		if q := x.named(&batch[i]); !x.approved[unnumbered(q)] {
			asked = append(asked, q)
		}
	}
	if len(asked) == 0 {
		return true, nil
	}
	for i := range slices.Backward(batch) {
		x.fail(batch[i].VM)
	}
	if x.halted = !x.Approve(asked); x.halted {
		return false, nil
	}
	if x.approved == nil {
		x.approved = map[drivers.Request]bool{}
	}
	for _, q := range asked {
		x.approved[unnumbered(q)] = true
	}
	return false, x.look(ctx)
}

func unnumbered(q drivers.Request) drivers.Request {
	q.ID = 0
	return q
}

// ready tells whether a step is not to wait for its VM's next trial.
func (x *adapting) ready(s *cloud.Step) bool {
	t := x.trials[x.in.VMs[s.VM].Name]
	return t == nil || t.next <= x.now()
}

// conclude waits, or ends the execution, where nothing can begin now.
func (x *adapting) conclude(ctx context.Context) (over bool, err error) {
	until, err := x.abortLate(ctx, x.patience)
	if err != nil {
		return false, err
	}
	idle := len(x.state.UnderWay()) == 0
	for _, s := range x.queue {
		if t := x.trials[x.in.VMs[s.VM].Name]; t != nil && t.next > x.now() {
			until = min(until, t.next)
		}
		if at, ok := x.opening(&s); ok && at > x.clock {
			until = min(until, at+x.report.Began)
		}
	}
	switch {
	case idle && len(x.queue) == 0 && (x.missed != "" || x.walks()):
		return true, x.Finish(x.missed == "" && len(x.stuck) == 0, x.shortfall())
	case idle && (x.halted || x.stops()):
		return true, x.halt()
	case !idle || until < math.MaxInt64:
		return false, x.driver.Wait(ctx, until)
	case x.barren:
		return true, x.Finish(false, "no step that is left can begin")
	}
	if err := x.renew(); err != nil {
		return false, err
	}
	return false, x.replan(ctx, "no step that is left can begin")
}

// shortfall says why the target was not reached, if it was not.
func (x *adapting) shortfall() string {
	if x.missed == "" && len(x.stuck) > 0 {
		return prose.Count(len(x.stuck), "VM") + " had to be given up"
	}
	return x.missed
}
