package auto

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/direct"
)

// workPerOrder is the work of one expansion of a search for an order of direct migrations,
// for each VM that is misplaced; it takes about as long as many successors.
const workPerOrder = 1 << 1

// order looks for a plan that migrates every misplaced VM once and nobody else, or proves
// that there is none and what detours cost at least. Where others have proved that there is
// none, it is not asked.
func (j *job) order(run *paths.Run, work int64) error {
	straight := bounds.MisplacedFrom(j.p, j.p.Start)
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
	// What ends before its time, and not by the clock, has answered, or never will.
	j.ordered = r.Counters.Expanded < budget && run.Look()
	return err
}
