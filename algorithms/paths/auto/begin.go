package auto

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/largefirst"
	"github.com/cloudrearrange/rearrange/cloud"
)

// begin bounds the problem and makes a first plan. A small problem is bounded first and
// planned by greedy, which leaves the expansions to exact search; a larger one is planned
// largest first while it is bounded. Largest first is also tried where hosts are too full at the
// start, since orders of direct migrations are harder to find there.
func (j *job) begin(run *paths.Run) error {
	j.plans = largefirst.NewPlans(j.p, j.tools.greedy)
	if len(j.p.Start) <= fewVMs {
		low, deadEnd := bounds.Whole(run)
		if j.learnBound(run, low, deadEnd); j.infeasible {
			return nil
		}
		r, err := j.try(run, j.tools.greedy(), paths.Options{})
		if j.note(r); err != nil || j.done() || !j.mends() {
			return err
		}
		_, err = j.try(run, j.plans.Attempt(largefirst.Thrifty, run.Rand.Uint64()), paths.Options{})
		return err
	}
	var low int64
	var deadEnd bool
	first := j.plans.Attempt(largefirst.Thrifty, run.Rand.Uint64()).Pausing(promising)
	r, err := run.Beside(paths.Subtask{Searcher: first, Problem: j.p}, func(beside *paths.Run) { low, deadEnd = bounds.Whole(beside) })
	if j.learnBound(run, low, deadEnd); err != nil || j.infeasible {
		return err
	}
	if j.learn(run, r); j.done() || j.found && j.cost-j.low <= j.low/j.tolerable() {
		return nil
	}
	return j.compare(run, first)
}

// mends tells whether some host is too full at the start.
func (j *job) mends() bool { return cloud.Sort(j.p.Instance, j.p.Rules).Mends() }

// learnBound takes note of what was proved of the whole.
func (j *job) learnBound(run *paths.Run, low int64, deadEnd bool) {
	if deadEnd {
		j.prove(infeasible("a relaxation of the problem proves that no path exists"))
		return
	}
	j.bound(run, low)
}

// compare makes plans in other ways, and goes on with the first attempt if it has paused:
// where bypasses are many, they may cost less when they are planned together.
func (j *job) compare(run *paths.Run, first *largefirst.Attempt) error {
	others := []paths.Subtask{{Searcher: j.tools.greedy(), Problem: j.p}}
	if first.Paused() {
		others = append(others, paths.Subtask{Searcher: first, Problem: j.p})
	}
	if len(j.p.Start) <= manyVMs {
		others = append(others, paths.Subtask{Searcher: j.plans.Attempt(largefirst.Capped, run.Rand.Uint64()), Problem: j.p})
	}
	results, err := run.Parallel(others)
	for _, r := range results {
		j.learn(run, r)
	}
	j.note(results[0])
	return err
}

// note keeps where greedy got stuck if there is no plan.
func (j *job) note(greedy paths.Result) {
	if !j.found && !j.inPocket && !j.infeasible {
		j.pocket = newPocket(j.p, greedy.Head, greedy.Tail)
	}
}

// promising is the number of hosts examined, per host of the cloud, after which the first
// attempt pauses and other ways are tried beside it. A tenth of that is enough for clouds for
// which it makes nearly perfect plans.
const promising = 400

// tolerable tells when the first plan is compared with others: if its gap is above 1/tolerable
// of the bound. For smaller clouds, which take less time, that is a smaller gap.
func (j *job) tolerable() int64 {
	if len(j.p.Start) <= manyVMs {
		return 100
	}
	return 32
}

// A problem is small up to fewVMs VMs, and middling up to manyVMs.
const (
	fewVMs  = 2000
	manyVMs = 50_000
)
