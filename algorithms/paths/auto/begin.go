package auto

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/largefirst"
)

// expensive is the gap, as one part in so many, above which largest first is not enough.
const expensive = 32

// begin bounds the problem and, at the same time, makes a first plan. Where bypasses are many,
// they may cost less when they are planned together, so that other ways are tried as well.
func (j *job) begin(run *paths.Run) error {
	j.plans = largefirst.NewPlans(j.p, j.tools.greedy)
	var low int64
	var deadEnd bool
	first := paths.Task{Searcher: j.plans.Attempt(largefirst.Thrifty, run.Rand.Uint64()), Problem: j.p}
	r, err := run.Beside(first, func(look func() bool) { low, deadEnd = bounds.Whole(j.p, look) })
	if err != nil {
		return err
	}
	if deadEnd {
		j.prove(infeasible("what every VM needs, taken together, proves that no path exists"))
		return nil
	}
	j.bound(run, low)
	j.learn(run, r)
	if j.found && (j.done() || j.cost-j.low <= j.low/expensive && len(j.p.Start) > fewVMs) {
		return nil
	}
	r, err = j.try(run, j.tools.greedy(), paths.Options{})
	if err != nil {
		return err
	}
	if !j.found && !j.inPocket {
		j.pocket = newPocket(j.p, r.Head, r.Tail)
	}
	if j.found && j.cost-j.low <= j.low/expensive {
		return nil
	}
	_, err = j.try(run, j.plans.Attempt(largefirst.Capped, run.Rand.Uint64()), paths.Options{})
	return err
}

// fewVMs is how many VMs a problem may have for which every way of making a first plan is
// tried.
const fewVMs = 2000
