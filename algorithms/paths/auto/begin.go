package auto

import (
	"math"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/largefirst"
)

// begin bounds the problem and makes a first plan at the same time. If the plan is far from the
// bound, begin tries other ways as well: many bypasses may cost less if planned together.
func (j *job) begin(run *paths.Run) error {
	j.plans = largefirst.NewPlans(j.p, j.tools.greedy)
	var low int64
	var deadEnd bool
	first := j.plans.Attempt(largefirst.Thrifty, run.Rand.Uint64()).Pausing(promising)
	r, err := run.Beside(paths.Task{Searcher: first, Problem: j.p}, func(look func() bool) { low, deadEnd = bounds.Whole(j.p, look) })
	if err != nil {
		return err
	}
	if deadEnd {
		j.prove(infeasible("a relaxation of the problem proves that no path exists"))
		return nil
	}
	j.bound(run, low)
	j.learn(run, r)
	if j.found && (j.done() || j.cost-j.low <= j.low/j.tolerable()) {
		return nil
	}
	others := []paths.Task{{Searcher: j.tools.greedy(), Problem: j.p}}
	if first.Paused() {
		others = append(others, paths.Task{Searcher: first, Problem: j.p})
	}
	if len(j.p.Start) <= manyVMs {
		others = append(others, paths.Task{Searcher: j.plans.Attempt(largefirst.Capped, run.Rand.Uint64()), Problem: j.p})
	}
	results, err := run.Parallel(others)
	for _, r := range results {
		j.learn(run, r)
	}
	if r := results[0]; !j.found && !j.inPocket {
		j.pocket = newPocket(j.p, r.Head, r.Tail)
	}
	return err
}

// promising is the number of hosts examined, per host of the cloud, after which the first
// attempt pauses and other ways are tried beside it. A tenth of that is enough for clouds for
// which it makes nearly perfect plans.
const promising = 400

// tolerable tells when the first plan is compared with others: if its gap is above 1/tolerable
// of the bound. For small clouds, which take less time, that is a smaller gap.
func (j *job) tolerable() int64 {
	switch n := len(j.p.Start); {
	case n <= fewVMs:
		return math.MaxInt64
	case n <= manyVMs:
		return 100
	default:
		return 32
	}
}

// fewVMs is the largest number of VMs for which begin tries other ways after any gap.
const fewVMs = 2000

// manyVMs is the largest number of VMs for which begin tries them above a gap of 1 %, and tries a
// capped attempt as well.
const manyVMs = 50_000
