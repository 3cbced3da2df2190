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

// job is a problem to be solved, the whole or a piece of it, and how far that has got.
// Its methods are given a run of its problem.
type job struct {
	p     *paths.Problem
	tools *tools
	gap   *big.Rat // how far above its bound a plan may be

	best       []cloud.Change // the best plan known
	cost       int64          // of it
	found      bool           // there is one
	low        int64          // every path costs at least so much
	infeasible bool           // there is no path
	why        string         // it is not solved, in words
	inPocket   bool           // it is of a pocket, or of a piece of one, and makes none: that might be itself again

	layout  *space.Layout // nil until the first round
	split   *bundle       // of pieces that have nothing to do with each other; nil if there are none
	core    *core         // nil where the problem is too large for one, or no smaller by one
	pocket  *pocket       // where greedy got stuck; nil where it did not
	exact   exact
	refuted bool // an order of direct migrations alone was looked for, and there is none
	ordered bool // that search has said all it can say
	polish  polish
	plans   *largefirst.Plans // makes plans anew
}

func newJob(p *paths.Problem, tools *tools) *job {
	return &job{p: p, tools: tools, gap: new(big.Rat)}
}

// done tells whether nothing is left to be done.
func (j *job) done() bool { return j.infeasible || j.found && j.cost <= j.enough() }

// helpless tells whether a round would do nothing, however much work it may do.
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

// round takes the job further, for so much work.
func (j *job) round(run *paths.Run, work int64) error {
	if j.layout == nil {
		if j.divide(); j.done() {
			return nil
		}
	}
	if j.split != nil {
		return j.pieces(run, work)
	}
	for _, step := range []func(*paths.Run, int64) error{j.reduce, j.bridge, j.order, j.improve, j.restart, j.search} {
		if err := step(run, work); err != nil || j.done() || !run.Look() {
			return err
		}
	}
	return nil
}

// divide looks at where VMs may stand, and what that makes of the problem.
func (j *job) divide() {
	j.layout = space.NewLayout(j.p)
	if why, stuck := j.layout.Stuck(); stuck {
		j.prove(infeasible(why))
		return
	}
	j.exact = newExact(j.layout)
	if pieces := kernel.Split(j.p, j.layout); pieces != nil {
		j.split = newBundle(j, pieces, nil, nil)
		return
	}
	j.core = &core{}
}

// pieces takes all pieces further.
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

// try runs a search of the problem from the best plan known, and takes note of what it
// found.
func (j *job) try(run *paths.Run, s paths.Searcher, o paths.Options) (paths.Result, error) {
	o.Known = j.best
	r, err := run.Nested(paths.Task{Searcher: s, Problem: j.p, Options: o})
	if err == nil {
		j.learn(run, r)
	}
	return r, err
}

// learn takes note of what a search of the problem found.
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

// incumbent takes note of a plan.
func (j *job) incumbent(run *paths.Run, moves []cloud.Change) {
	if cost := paths.PathCost(j.p.Cost, moves); !j.found || cost < j.cost {
		j.best, j.cost, j.found = moves, cost, true
		run.Found(moves)
	}
}

// bound takes note of a bound.
func (j *job) bound(run *paths.Run, low int64) {
	j.low = max(j.low, low)
	run.Bound(j.low)
}

// infeasible is why there is no path.
type infeasible string

// prove takes note that there is no path.
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
