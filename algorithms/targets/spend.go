package targets

import (
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/targets/packing"
	"github.com/cloudrearrange/rearrange/cloud"
)

// save spends the budget where it gains the most: it weighs the objective against the budget, with a factor for
// which the target costs about that much, and leaves the best target within the budget.
func (s *search) save(x *packing.Packing) {
	const rounds = 12
	best, score := x.Placement(), s.objective.Value(x.Placement())
	tries := s.effort() / rounds
	low, high := 0.0, 0.0 // factors too low and high enough; 0: not known
	for n := 0; n < rounds && s.goOn(); n++ {
		factor := (low + high) / 2
		switch {
		case n == 0:
			factor = float64(score[0]) / float64(max(1, s.t.cost, int64(s.t.migrations)))
		case high == 0:
			factor = 4 * low
		case low == 0:
			factor = high / 4
		}
		x.Weigh(factor)
		x.Improve(s.telling(x, s.few(tries)))
		if !x.Within() {
			low = factor
			continue
		}
		high = factor
		if now := s.objective.Value(x.Placement()); now.Compare(score) < 0 {
			best, score = x.Placement(), now
		}
	}
	x.Weigh(0)
	s.restore(x, best)
}

// trim has VMs go home again that gain too little.
func (s *search) trim(x *packing.Packing) {
	if s.t.gain == nil && s.t.gainCost == nil {
		return
	}
	now := func() int64 { return s.objective.Value(x.Placement())[0] }
	back := func(vms []cloud.VMID) bool {
		before := now()
		_, spent := x.Value()
		return x.GoHome(vms, func(cost int64, saved int) bool {
			return saved > 0 && s.spared(x) && !s.t.enough(now()-before, saved, spent-cost)
		})
	}
	for again := true; again; {
		again = false
		for _, v := range slices.Sorted(slices.Values(x.Away())) {
			again = back([]cloud.VMID{v}) || again
		}
		for _, h := range s.hosts {
			again = back(x.Natives(h)) || again
		}
	}
	if _, cost := x.Value(); !s.t.enough(s.before-now(), len(x.Away()), cost) {
		back(slices.Clone(x.Away()))
	}
}
