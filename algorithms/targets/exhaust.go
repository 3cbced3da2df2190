package targets

import (
	"cmp"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/targets/exact"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// exhaust lists the targets where they are few, the best ones first and of equally good ones the cheapest, and looks for a path to
// each: only for those that may be cheaper than every path so far. If it comes to its end, and each path is proved to be the
// cheapest one or not to exist, what it found is the whole frontier.
func (f *frontier) exhaust() error {
	if f.t.any || f.job.fixed || len(f.Instance.VMs)*len(f.Instance.Hosts) > mostPairs {
		return nil
	}
	q, err := f.question(f.job.strategy)
	if err != nil {
		return err
	}
	solver, _, err := paths.New(f.catalogue, spec.Named("auto"))
	if err != nil {
		return err
	}
	p := &exact.Problem{
		Question: q, Stay: !f.t.place, Price: f.fares(), Objective: f.objective, Enough: f.floor, Steps: mostSteps,
		GoOn: f.patience(0.4, 1<<62),
	}
	sure, limit := true, paths.Options{Timeout: pathTime, Expansions: pathStates, Seed: f.sweep.Seed, Cores: 1}
	for p.GoOn() {
		found := exact.Solve(p)
		if found.Placement == nil {
			f.complete = found.Complete && sure
			break
		}
		at := f.point(Choice{Target: found.Placement})
		at.Bound = f.costs.Least(at.Score[0])
		if err := f.walkOne(solver, at, limit); err != nil {
			return err
		}
		f.settle(at)
		sure = sure && found.Complete && (at.Status == cloud.Optimal || at.Status == cloud.Infeasible)
		if p.Except = append(p.Except, found.Placement); at.Status.HasPlan() {
			if at.Cost == 0 {
				f.complete = sure
				break
			}
			p.Below = min(at.Cost, cmp.Or(p.Below, at.Cost))
		}
		if p.Steps -= found.Steps; p.Steps <= 0 || len(p.Except) > mostExcept {
			break
		}
	}
	for _, at := range f.reached {
		at.Proved = f.complete
	}
	return nil
}

// mostExcept bounds how many targets are listed.
const mostExcept = 2000
