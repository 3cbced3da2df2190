package auto

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/improve"
	"github.com/cloudrearrange/rearrange/algorithms/paths/largefirst"
	"github.com/cloudrearrange/rearrange/cloud"
)

// polish records attempts to improve the best plan.
type polish struct {
	cost int64 // of the plan that was improved last
	vain int   // complete attempts without success since then
}

// mostVain is the number of complete attempts without success after which a plan counts as
// improved as far as possible.
const mostVain = 2

// goesOn tells whether another attempt is likely to succeed.
func (x *polish) goesOn(cost int64) bool { return cost != x.cost || x.vain < mostVain }

// An improvement tries one route of a VM per expansion, in a fraction of the time of one state
// of exact search. It looks at all VMs before it looks closely at some.
const (
	workPerTry   = 1 << 6
	triesPerVM   = 4
	triesToBegin = 1 << 6 // the time to begin an improvement of few VMs
)

// improve looks for a cheaper plan in the neighbourhood of the best one, with one seed after
// another, until mostVain attempts in a row fail.
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

// improver improves a plan until its cost is low enough.
type improver struct {
	plan   []cloud.Change
	enough int64
}

// Search implements [paths.Searcher].
func (x improver) Search(run *paths.Run) error {
	_, err := improve.Plan(run, x.plan, improve.Options{Bound: x.enough})
	return err
}

// attemptsAtOnce is the number of new plans made concurrently, independent of the number of cores.
const attemptsAtOnce = 8

// restart makes new plans, each in another random order, and improves them: the neighbourhood of
// another plan may contain a cheaper one. In middling clouds it waits until the best plan does
// not improve any more; in large ones there is not enough memory.
func (j *job) restart(run *paths.Run, work int64) error {
	if n := len(j.p.Start); n > manyVMs || n > fewVMs && j.found && j.polish.goesOn(j.cost) {
		return nil
	}
	left := (work/workPerTry + triesPerVM*int64(len(j.p.Start))) / attemptsAtOnce
	if left < triesPerVM*int64(len(j.p.Start)) {
		return nil // in a later round
	}
	var tasks []paths.Subtask
	for n := range attemptsAtOnce {
		tasks = append(tasks, paths.Subtask{
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
		return j.tools.greedy() // the same plan each time, but improved with another seed
	case 2:
		return j.plans.Attempt(largefirst.Thorough, seed)
	case 3:
		return j.plans.Attempt(largefirst.Capped, seed)
	default:
		return j.plans.Attempt(largefirst.Thrifty, seed)
	}
}

// anew makes a plan and improves it.
type anew struct {
	attempt paths.Searcher
	enough  int64
}

// Search implements [paths.Searcher].
func (x anew) Search(run *paths.Run) error {
	r, err := run.Nested(paths.Subtask{Searcher: x.attempt, Problem: run.Problem})
	if err != nil || !r.Status.HasPlan() {
		return err
	}
	return improver{r.Migrations, x.enough}.Search(run)
}
