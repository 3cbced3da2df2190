package auto

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/improve"
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
// the other; once that is taken to be as good as it gets, every other time from the first
// one again, whose neighbourhood may lead elsewhere.
func (j *job) improve(run *paths.Run, work int64) error {
	left := work/workPerTry + triesPerVM*int64(len(j.p.Start))
	for j.found && !j.done() && left > 0 && run.Look() {
		if j.cost != j.polish.cost {
			j.polish = polish{cost: j.cost}
		}
		plan := j.best
		if j.polish.vain >= mostVain && j.polish.vain%2 == 0 {
			plan = j.first
		}
		r, err := j.try(run, improver{plan, j.enough()}, paths.Options{Expansions: left, Seed: run.Rand.Uint64()})
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
