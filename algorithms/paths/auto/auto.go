package auto

import (
	"math/big"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
)

// searcher is the recommended algorithm; see the package's documentation.
type searcher struct {
	gap   *big.Rat // end when the plan is proved to cost at most so much more than the bound, relative to it
	tools *tools
}

// The work of a round is counted in tests of a VM on a host, of which an expansion takes some
// for each pair of a VM and a host where it may stand.
const (
	firstWork = 1 << 13
	mostWork  = 1 << 60
)

// Search implements [paths.Searcher].
func (a searcher) Search(run *paths.Run) error {
	j := newJob(run.Problem, a.tools)
	j.gap = a.gap
	if err := j.begin(run); err != nil {
		return err
	}
	for work := int64(firstWork); !j.done() && !j.helpless() && run.Expand(); work = 2 * min(work, mostWork) {
		if err := j.round(run, work); err != nil {
			return err
		}
	}
	switch {
	case j.infeasible:
		run.GiveUp(j.why)
		run.Exhausted()
	case j.done():
		run.GiveUp("the plan is within the gap that was asked for")
	default:
		run.GiveUp(j.why)
	}
	return nil
}
