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

// Attempt is one attempt at a plan.
func (x *Plans) Attempt(e Effort, seed uint64) paths.Searcher {
	return once{x, [...]effort{thrifty, thorough, capped}[e], seed}
}

type once struct {
	*Plans
	effort effort
	seed   uint64
}

// Search implements [paths.Searcher].
func (o once) Search(run *paths.Run) error {
	a := newAttempt(o.m, run, o.seed, o.effort)
	a.meet()
	run.Memory(a.bytes(), 0)
	moves, met := a.path()
	if !run.Look() && !met {
		return nil
	}
	if !met {
		var err error
		if moves, err = o.finish(run, a); moves == nil {
			return err
		}
	}
	// What was asked of limits, filters and mates is all they say; others look at more.
	if o.m.others == nil || run.Problem.CarriesOut(moves) {
		run.Found(moves)
	}
	return nil
}

// finish has the searcher of the rest lead from where one side has arrived to where the
// other has; nil if that does not succeed.
func (o once) finish(run *paths.Run, a *attempt) ([]cloud.Change, error) {
	front, back := a.ends()
	gap := *run.Problem
	gap.Start, gap.Goal = front.host, back.host
	gap.Instance = o.instance(back.host)
	head, tail := slices.Clone(front.log), taken(back.log)
	r, err := run.Nested(paths.Task{Searcher: o.rest(), Problem: &gap})
	if err != nil || !r.Status.HasPlan() {
		run.Stuck(slices.Concat(head, r.Head), slices.Concat(r.Tail, tail))
		run.GiveUp(r.Reason)
		return nil, err
	}
	return slices.Concat(head, r.Migrations, tail), nil
}

// instance is that of the problem, but VMs that are to be brought elsewhere than to their
// goals are not interruptible there: a suspended VM is resumed on its goal and nowhere else.
func (o once) instance(goal []cloud.HostID) *cloud.Instance {
	in := o.m.p.Instance
	var vms []cloud.VM
	for v := range in.VMs {
		if in.VMs[v].Interruptible && goal[v] != o.m.p.Goal[v] {
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
