package auto

import (
	"math"
	"math/big"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/kernel"
	"github.com/cloudrearrange/rearrange/algorithms/paths/largefirst"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
)

// job is a problem to be solved, the whole or a piece of it, and the progress made. Its methods
// are given a run of its problem.
type job struct {
	p     *paths.Problem
	tools *tools
	gap   *big.Rat // how far above its bound a plan may be

	best       []cloud.Change // the best plan known
	cost       int64          // of the best plan
	found      bool           // there is a plan
	low        int64          // lower bound on the cost of every path
	infeasible bool           // there is no path
	why        string         // why the problem is not solved, in words
	inPocket   bool           // the problem is a pocket or a piece of one; it makes no pocket, which could be the same again

	layout  *space.Layout // nil until the first round
	split   *bundle       // of independent pieces; nil if the problem is not divided
	core    *core         // nil if the problem is too large for one, or a core would be no smaller
	pocket  *pocket       // where greedy got stuck; nil if it did not
	exact   exact
	refuted bool // no order of direct migrations exists: proved by [job.order]
	ordered bool // [job.order] has nothing more to prove
	polish  polish
	plans   *largefirst.Plans // makes new plans
}

func newJob(p *paths.Problem, tools *tools) *job {
	return &job{p: p, tools: tools, gap: new(big.Rat)}
}

// done tells whether the problem is solved.
func (j *job) done() bool { return j.infeasible || j.found && j.cost <= j.enough() }

// helpless tells whether no amount of work would make progress.
func (j *job) helpless() bool {
	switch {
	case j.layout == nil:
		return false
	case j.split != nil:
		return j.split.helpless()
	}
	return j.exact.hopeless() &&
		!(j.found && j.polish.goesOn(j.cost)) &&
		(j.core == nil || j.core.bundle != nil && j.core.bundle.helpless()) &&
		(j.found || j.pocket == nil || j.pocket.helpless())
}

// round works on the job for an amount of work.
func (j *job) round(run *paths.Run, work int64) error {
	if j.layout == nil {
		if !j.divide(run) || j.done() {
			return nil
		}
	}
	if j.split != nil {
		return j.pieces(run, work)
	}
	for _, step := range []func(*paths.Run, int64) error{j.reduce, j.bridge, j.improve, j.order, j.restart, j.search} {
		if err := step(run, work); err != nil || j.done() || !run.Look() {
			return err
		}
	}
	return nil
}

// divide finds where VMs may stand, and divides the problem if possible. False: the run has
// to end.
func (j *job) divide(run *paths.Run) bool {
	if j.layout = space.LayoutWithin(run); j.layout == nil {
		return false
	}
	if why, stuck := j.layout.Stuck(); stuck {
		j.prove(infeasible(why))
		return true
	}
	j.exact = newExact(j.layout)
	if pieces := kernel.Split(j.p, j.layout); pieces != nil {
		j.split = newBundle(j, pieces, nil, nil)
		return true
	}
	j.core = &core{}
	return true
}

// pieces runs a round of all pieces.
func (j *job) pieces(run *paths.Run, work int64) error {
	if err := j.split.round(run, work); err != nil {
		return err
	}
	if why, yes := j.split.infeasible(); yes {
		j.prove(infeasible(why))
		return nil
	}
	j.bound(run, j.split.low())
	if moves, ok := j.split.plan(); ok {
		j.incumbent(run, moves)
	} else {
		j.why = j.split.why()
	}
	return nil
}

// try runs a search of the problem from the best plan known, and records the result.
func (j *job) try(run *paths.Run, s paths.Searcher, o paths.Options) (paths.Result, error) {
	o.Known = j.best
	r, err := run.Nested(paths.Subtask{Searcher: s, Problem: j.p, Options: o})
	if err == nil {
		j.learn(run, r)
	}
	return r, err
}

// learn records the result of a search of the problem.
func (j *job) learn(run *paths.Run, r paths.Result) {
	switch r.Status {
	case cloud.Infeasible:
		j.prove(infeasible(r.Reason))
		return
	case cloud.Optimal, cloud.Feasible:
		j.incumbent(run, r.Migrations)
	default:
		j.why = r.Reason
	}
	j.bound(run, r.LowerBound)
}

// incumbent records a plan if it is the cheapest so far.
func (j *job) incumbent(run *paths.Run, moves []cloud.Change) {
	if cost := paths.PathCost(j.p.Cost, moves); !j.found || cost < j.cost {
		j.best, j.cost, j.found = moves, cost, true
		run.Found(moves)
	}
}

// bound records a lower bound.
func (j *job) bound(run *paths.Run, low int64) {
	j.low = max(j.low, low)
	run.Bound(j.low)
}

// infeasible is why there is no path.
type infeasible string

// prove records that there is no path.
func (j *job) prove(why infeasible) { j.infeasible, j.why = true, string(why) }

// enough is the highest cost that is within the gap.
func (j *job) enough() int64 {
	most := new(big.Rat).Add(j.gap, big.NewRat(1, 1))
	most.Mul(most, new(big.Rat).SetInt64(j.low))
	whole := new(big.Int).Quo(most.Num(), most.Denom())
	if !whole.IsInt64() {
		return math.MaxInt64
	}
	return whole.Int64()
}
