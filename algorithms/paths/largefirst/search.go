package largefirst

import (
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/cloud"
)

// Plans makes plans for one problem, each by an attempt with its own random order. The
// attempts share a model of the problem.
type Plans struct {
	m    *model
	rest func() paths.Searcher
}

// NewPlans prepares plans for a problem. Rest makes the searcher that closes the gap that an
// attempt leaves. O((VMs + hosts) × resources).
func NewPlans(p *paths.Problem, rest func() paths.Searcher) *Plans {
	return &Plans{newModel(p), rest}
}

// Effort says how hard an attempt looks for room, and when it leaves the gap to another
// algorithm.
type Effort int

// The efforts. None of them is always the best.
const (
	Thrifty  Effort = iota // spares small VMs, which larger ones need later
	Thorough               // looks longer
	Capped                 // takes only cheap bypasses and leaves the gap early
)

// Attempt is one attempt at a plan. It can pause and go on in another run.
type Attempt struct {
	plans  *Plans
	effort effort
	seed   uint64
	until  int64 // hosts examined, per host of the cloud, before the attempt pauses
	a      *attempt
}

// Attempt returns a new attempt; the seed decides the order of equals.
func (x *Plans) Attempt(e Effort, seed uint64) *Attempt {
	f := [...]effort{thrifty, thorough, capped}[e]
	return &Attempt{plans: x, effort: f, seed: seed, until: f.perHost}
}

// Pausing makes the attempt pause without a plan once it has examined perHost hosts for each
// host of the cloud, and returns it. The next run continues it.
func (o *Attempt) Pausing(perHost int64) *Attempt {
	o.until = perHost
	return o
}

// Paused tells whether the attempt has paused.
func (o *Attempt) Paused() bool { return o.a != nil && o.a.paused() }

// Search implements [paths.Searcher].
func (o *Attempt) Search(run *paths.Run) error {
	if o.a == nil {
		if o.plans.m.laneBytes() > run.MemoryLeft(0) {
			run.OutOfMemory()
			return nil
		}
		o.a = newAttempt(o.plans.m, run, o.seed, o.effort)
		o.a.pauseAt(o.until)
	} else {
		o.a.pauseAt(o.effort.perHost)
	}
	return o.complete(run)
}

// complete continues the attempt, and has the rest searcher close the gap.
func (o *Attempt) complete(run *paths.Run) error {
	a := o.a
	a.run = run
	a.meet()
	run.Memory(a.bytes(), 0)
	if o.Paused() {
		run.GiveUp("the attempt has paused")
		return nil
	}
	o.a = nil // release its memory
	moves, met := a.path()
	if !met {
		if !run.Look() {
			return nil
		}
		var err error
		if moves, err = o.finish(run, a); moves == nil {
			return err
		}
	}
	// Limits, filters and groups kept apart were evaluated in full; other rules were not.
	if a.m.others == nil || run.Problem.CarriesOut(moves) {
		run.Found(moves)
	}
	return nil
}

// finish has the rest searcher find a path from the placement of one side to that of the
// other. It returns the whole plan, or nil if there is none.
func (o *Attempt) finish(run *paths.Run, a *attempt) ([]cloud.Change, error) {
	front, back := a.ends()
	gap := *run.Problem
	gap.Start, gap.Goal = front.host, back.host
	gap.Instance = o.instance(back.host)
	head, tail := slices.Clone(front.log), paths.Reversed(back.log)
	r, err := run.Nested(paths.Subtask{Searcher: o.plans.rest(), Problem: &gap})
	if err != nil || !r.Status.HasPlan() {
		run.Stuck(slices.Concat(head, r.Head), slices.Concat(r.Tail, tail))
		run.GiveUp(r.Reason)
		return nil, err
	}
	return slices.Concat(head, r.Migrations, tail), nil
}

// instance returns the instance for the gap. There, a VM whose goal in the gap is not its
// goal in the problem is not interruptible: a suspended VM resumes only on its goal.
func (o *Attempt) instance(goal []cloud.HostID) *cloud.Instance {
	in := o.plans.m.p.Instance
	var vms []cloud.VM
	for v := range in.VMs {
		if in.VMs[v].Interruptible && goal[v] != o.plans.m.p.Goal[v] {
			if vms == nil {
				vms = slices.Clone(in.VMs)
			}
			vms[v].Interruptible = false
		}
	}
	if vms == nil {
		return in
	}
	out := *in
	out.VMs = vms
	return &out
}

// searcher is the algorithm as registered.
type searcher struct {
	attempts int
	rest     func() paths.Searcher
}

// A capped attempt is worthwhile if the gap is above 1/expensive of the bound.
const expensive = 32

// Search implements [paths.Searcher].
func (x searcher) Search(run *paths.Run) error {
	low := bounds.MisplacedFrom(run, run.Problem.Start)
	run.Bound(low)
	plans := NewPlans(run.Problem, x.rest)
	for n := range x.attempts {
		e := [...]Effort{Thrifty, Thorough}[n%2]
		cost, found := run.Best()
		if n > 0 && found && cost <= low || n > 0 && !run.Look() {
			break
		}
		if n == 2 && (!found || cost-low > low/expensive) {
			e = Capped
		}
		if _, err := run.Nested(paths.Subtask{Searcher: plans.Attempt(e, run.Rand.Uint64()), Problem: run.Problem}); err != nil {
			return err
		}
	}
	return nil
}
