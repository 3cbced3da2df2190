package auto

import (
	"math"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/largefirst"
)

// begin bounds the problem and, at the same time, makes a first plan. Where bypasses are many,
// they may cost less when they are planned together, so that other ways are tried as well.
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
		j.prove(infeasible("what every VM needs, taken together, proves that no path exists"))
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

// promising is how often the first attempt may examine each host, on average, before others
// are tried beside it. Clouds of which it makes nearly perfect plans take it a tenth of that.
const promising = 400

// tolerable is the gap, as one part in so many, up to which the first plan is not compared
// with others: the less, the less time that takes.
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

// fewVMs is how many VMs a problem may have for which every way of making a first plan is
// tried.
const fewVMs = 2000

// manyVMs is how many it may have for which that is done early.
const manyVMs = 50_000
