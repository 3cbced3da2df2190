package largefirst

import (
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/cloud"
)

// Plans makes plans of one problem, each by an attempt with its own order of everything.
// They share what does not change.
type Plans struct {
	m    *model
	rest func() paths.Searcher
}

// NewPlans prepares plans of a problem; rest makes the searcher that is given what an
// attempt leaves, as a problem of its own. O(VMs × resources + hosts).
func NewPlans(p *paths.Problem, rest func() paths.Searcher) *Plans {
	return &Plans{newModel(p), rest}
}

// Effort is how hard an attempt looks for room, and when it leaves the rest to others.
type Effort int

// The efforts, of which none is always the best.
const (
	Thrifty  Effort = iota // spares small VMs, whose holes larger ones need later
	Thorough               // looks longer
	Capped                 // takes only bypasses of small VMs, and leaves the rest
)

// Attempt is one attempt at a plan. It may be made in stretches, each in a run of its own.
type Attempt struct {
	plans  *Plans
	effort effort
	seed   uint64
	until  int64 // how often each host may be examined, on average, before it pauses
	a      *attempt
}

// Attempt is a new attempt; the seed decides the order of equals.
func (x *Plans) Attempt(e Effort, seed uint64) *Attempt {
	f := [...]effort{thrifty, thorough, capped}[e]
	return &Attempt{plans: x, effort: f, seed: seed, until: f.perHost}
}

// Pausing is an attempt that pauses, without a plan, when each host was examined so often
// on average: time to look for another plan. A further run goes on with it.
func (o *Attempt) Pausing(perHost int64) *Attempt {
	o.until = perHost
	return o
}

// Paused tells whether the attempt has paused.
func (o *Attempt) Paused() bool { return o.a != nil && o.a.paused() }

// Search implements [paths.Searcher].
func (o *Attempt) Search(run *paths.Run) error {
	if o.a == nil {
		o.a = newAttempt(o.plans.m, run, o.seed, o.effort)
		o.a.pauseAt(o.until)
	} else {
		o.a.pauseAt(o.effort.perHost)
	}
	return o.complete(run)
}

// complete takes the attempt on, and has the searcher of the rest do what it leaves.
func (o *Attempt) complete(run *paths.Run) error {
	a := o.a
	a.run = run
	a.meet()
	run.Memory(a.bytes(), 0)
	if o.Paused() {
		run.GiveUp("the attempt has paused")
		return nil
	}
	o.a = nil // what it holds is not needed any more
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
	// What was asked of limits, filters and mates is all they say; others look at more.
	if a.m.others == nil || run.Problem.CarriesOut(moves) {
		run.Found(moves)
	}
	return nil
}

// finish has the searcher of the rest lead from where one side has arrived to where the
// other has; nil if that does not succeed.
func (o *Attempt) finish(run *paths.Run, a *attempt) ([]cloud.Change, error) {
	front, back := a.ends()
	gap := *run.Problem
	gap.Start, gap.Goal = front.host, back.host
	gap.Instance = o.instance(back.host)
	head, tail := slices.Clone(front.log), paths.Reversed(back.log)
	r, err := run.Nested(paths.Task{Searcher: o.plans.rest(), Problem: &gap})
	if err != nil || !r.Status.HasPlan() {
		run.Stuck(slices.Concat(head, r.Head), slices.Concat(r.Tail, tail))
		run.GiveUp(r.Reason)
		return nil, err
	}
	return slices.Concat(head, r.Migrations, tail), nil
}

// instance is that of the problem, but VMs that are to be brought elsewhere than to their
// goals are not interruptible there: a suspended VM is resumed on its goal and nowhere else.
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

// searcher is the algorithm by itself.
type searcher struct {
	attempts int
	rest     func() paths.Searcher
}

// expensive is the gap, as one part in so many, above which a capped attempt is worth it.
const expensive = 32

// Search implements [paths.Searcher].
func (x searcher) Search(run *paths.Run) error {
	low := bounds.MisplacedFrom(run.Problem, run.Problem.Start)
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
		if _, err := run.Nested(paths.Task{Searcher: plans.Attempt(e, run.Rand.Uint64()), Problem: run.Problem}); err != nil {
			return err
		}
	}
	return nil
}
