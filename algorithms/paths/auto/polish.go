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

// goesOn tells whether improving may find something.
func (x *polish) goesOn(cost int64) bool { return cost != x.cost || x.vain < mostVain }

// pays tells whether improving has just found something.
func (x *polish) pays(cost int64) bool { return x.cost != 0 && cost != x.cost }

// An improvement tries a route of a VM per expansion, of which many are as quick as one
// state of exact search. It looks at all VMs before it looks closely at some.
const (
	workPerTry = 1 << 6
	triesPerVM = 4
)

// improve looks for a cheaper plan in the neighbourhood of the best one.
func (j *job) improve(run *paths.Run, work int64) error {
	if !j.found || !j.polish.goesOn(j.cost) {
		return nil
	}
	if j.cost != j.polish.cost {
		j.polish = polish{cost: j.cost}
	}
	o := paths.Options{Expansions: work/workPerTry + triesPerVM*int64(len(j.p.Start)), Seed: run.Rand.Uint64()}
	r, err := j.try(run, improver{j.best, j.enough()}, o)
	if j.cost == j.polish.cost && r.Counters.Expanded < o.Expansions {
		j.polish.vain++
	}
	return err
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
