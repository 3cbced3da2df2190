package auto

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/direct"
)

// workPerOrder is the work of one expansion of package direct, per misplaced VM.
const workPerOrder = 1 << 1

// order looks for an order of direct migrations, or proves that there is none and bounds the cost
// of detours. It does nothing if another search has proved that there is none.
func (j *job) order(run *paths.Run, work int64) error {
	straight := bounds.MisplacedFrom(run, j.p.Start)
	if j.ordered || j.low > straight && !j.refuted {
		return nil
	}
	var misplaced int64
	for v, h := range j.p.Start {
		if h != j.p.Goal[v] {
			misplaced++
		}
	}
	budget := work / (workPerOrder * max(1, misplaced))
	if budget < leastBudget {
		return nil // in a later round
	}
	r, err := j.try(run, direct.Searcher{}, paths.Options{Expansions: budget})
	j.refuted = r.LowerBound > straight
	// A search that ended early, but not by the clock, has nothing more to prove.
	j.ordered = r.Counters.Expanded < budget && run.Look()
	return err
}
