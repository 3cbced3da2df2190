package auto

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/improve"
	"github.com/cloudrearrange/rearrange/algorithms/paths/largefirst"
	"github.com/cloudrearrange/rearrange/cloud"
)

// polish is what is known of improving the best plan.
type polish struct {
	cost int64 // of the plan that was improved last
	vain int   // how often in a row that found nothing, though it was not cut short
}

// mostVain is how often a plan is looked at, by different seeds, before it is taken to be as
// good as improving makes it.
const mostVain = 2

// goesOn tells whether improving may find something soon. By yet another seed it may find
// something at any time.
func (x *polish) goesOn(cost int64) bool { return cost != x.cost || x.vain < mostVain }

// An improvement tries a route of a VM per expansion, of which many are as quick as one
// state of exact search. It looks at all VMs before it looks closely at some.
const (
	workPerTry   = 1 << 6
	triesPerVM   = 4
	triesToBegin = 1 << 6 // take as long as to begin an improvement of few VMs
)

// improve looks for a cheaper plan in the neighbourhood of the best one, by one seed after
// the other, until that is taken to be as good as it gets.
func (j *job) improve(run *paths.Run, work int64) error {
	left := work/workPerTry + triesPerVM*int64(len(j.p.Start))
	for j.found && !j.done() && left > 0 && run.Look() {
		if j.cost != j.polish.cost {
			j.polish = polish{cost: j.cost}
		}
		if j.polish.vain >= mostVain {
			return nil
		}
		r, err := j.try(run, improver{j.best, j.enough()}, paths.Options{Expansions: left, Seed: run.Rand.Uint64()})
		if err != nil || r.Counters.Expanded == 0 {
			return err
		}
		if j.cost == j.polish.cost && r.Counters.Expanded < left {
			j.polish.vain++
		}
		left -= max(r.Counters.Expanded, triesPerVM*int64(len(j.p.Start)), triesToBegin)
	}
	return nil
}

// improver is a search that improves a plan down to some cost.
type improver struct {
	plan   []cloud.Change
	enough int64
}

// Search implements [paths.Searcher].
func (x improver) Search(run *paths.Run) error {
	_, err := improve.Plan(run, x.plan, improve.Options{Bound: x.enough})
	return err
}

// attemptsAtOnce is how many plans are made anew side by side, on however many cores.
const attemptsAtOnce = 8

// restart makes plans anew, each in another random order, and improves them, since the
// neighbourhood of another one may hold a cheaper one. That is for small problems, and for
// middling ones whose best plan is as good as improving makes it; large ones lack the memory.
func (j *job) restart(run *paths.Run, work int64) error {
	if n := len(j.p.Start); n > manyVMs || n > fewVMs && j.found && j.polish.goesOn(j.cost) {
		return nil
	}
	left := (work/workPerTry + triesPerVM*int64(len(j.p.Start))) / attemptsAtOnce
	if left < int64(len(j.p.Start)) {
		return nil // in a later round
	}
	var tasks []paths.Task
	for n := range attemptsAtOnce {
		tasks = append(tasks, paths.Task{
			Searcher: anew{j.another(n, run.Rand.Uint64()), j.enough()},
			Problem:  j.p, Options: paths.Options{Expansions: left, Seed: run.Rand.Uint64()},
		})
	}
	results, err := run.Parallel(tasks)
	for _, r := range results {
		j.learn(run, r)
	}
	return err
}

// another makes a plan in one of several ways.
func (j *job) another(n int, seed uint64) paths.Searcher {
	switch n % 4 {
	case 1:
		return j.tools.greedy() // the same each time, but it is improved by another seed
	case 2:
		return j.plans.Attempt(largefirst.Thorough, seed)
	case 3:
		return j.plans.Attempt(largefirst.Capped, seed)
	default:
		return j.plans.Attempt(largefirst.Thrifty, seed)
	}
}

// anew is a search that makes a plan and improves it.
type anew struct {
	attempt paths.Searcher
	enough  int64
}

// Search implements [paths.Searcher].
func (x anew) Search(run *paths.Run) error {
	r, err := run.Nested(paths.Task{Searcher: x.attempt, Problem: run.Problem})
	if err != nil || !r.Status.HasPlan() {
		return err
	}
	return improver{r.Migrations, x.enough}.Search(run)
}
