package auto

import (
	"math"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/kernel"
)

// core is what remains of a problem for paths of an excess below so much.
type core struct {
	excess int64
	bundle *bundle
}

// worthIt is how many times smaller than the whole what remains of it must be at least.
const worthIt = 2

// reduce searches what remains of the problem, first for paths of an excess hardly above
// what is proved by now, then for ever greater ones, until that of the best plan known.
func (j *job) reduce(run *paths.Run, work int64) error {
	for j.core != nil && !j.done() && run.Look() {
		if j.core.bundle == nil && !j.kernelise(run) {
			j.core = nil
			return nil
		}
		c := j.core
		if err := c.bundle.round(run, work); err != nil {
			return err
		}
		// A path of a lesser excess than the core is for is one of the core.
		beyond := paths.Plus(bounds.MisplacedFrom(run, j.p.Start), c.excess)
		if _, none := c.bundle.infeasible(); none {
			j.bound(run, beyond)
		} else {
			j.bound(run, min(beyond, c.bundle.low()))
		}
		if moves, ok := c.bundle.plan(); ok {
			j.incumbent(run, moves)
		}
		if _, none := c.bundle.infeasible(); !none && !c.bundle.done() {
			return nil
		}
		c.excess, c.bundle = 2*min(c.excess, math.MaxInt64/4), nil
	}
	return nil
}

// kernelise makes the bundle of what remains, or tells that it is not worth it: the
// greater the excess, the more remains.
func (j *job) kernelise(run *paths.Run) bool {
	straight := bounds.MisplacedFrom(run, j.p.Start)
	excess := max(1, j.core.excess, j.low-straight+1)
	if j.found {
		excess = min(excess, j.cost-straight)
	}
	k := kernel.Reduce(j.p, j.layout, excess)
	if k == nil {
		return false
	}
	var pairs int64
	for _, x := range k.Pieces {
		pairs += int64(len(x.VMs)) * int64(len(x.Hosts))
	}
	if worthIt*pairs > j.exact.pairs {
		return false
	}
	j.core = &core{excess, newBundle(j, k.Pieces, k.First, k.Last)}
	return true
}
