package idastar

import (
	"math"

	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
)

// recall looks up the state at s.key, reached by a migration. It returns the known bound and
// whether to search the state, and notes a state to be searched as met. If again is not zero,
// only the successors that it omits are to be searched.
func (s *search) recall(g, bound int64, hash uint64, led via) (known int64, again via, fresh bool) {
	e := s.memory.find(s.key, hash)
	if e == nil {
		if s.memory.lossy && s.path.holds(s.key, hash) {
			return bound, 0, false
		}
		s.memory.store(s.key, hash, g, bound, led)
		return bound, 0, true
	}
	s.memory.raise(e, bound)
	bound = s.memory.bound(e)
	if bound == space.DeadEnd {
		return bound, 0, false
	}
	if f := plus(g, bound); f > s.limit {
		s.cut(f)
		return bound, 0, false
	}
	before, how, met := s.memory.met(e)
	if !met && s.memory.lossy && s.path.holds(s.key, hash) { // forgotten, and noted anew for its bound
		return bound, 0, false
	}
	if met && (before < g || s.sweeps) {
		return bound, 0, false
	}
	if met && before == g {
		if how == 0 || how == led {
			return bound, 0, false
		}
		s.memory.meet(e, g, 0) // for now nothing is left out there any more
		return bound, how, true
	}
	if met {
		s.run.Reopened(1)
	}
	s.memory.meet(e, g, led)
	return bound, 0, true
}

// finish tries to reach the goal by direct migrations alone, and tells whether that is
// as cheap as it can be from here.
func (s *search) finish(at *step) bool {
	moves, ok := s.lookahead.Finish(s.state)
	if !ok {
		return false
	}
	cost := int64(0)
	for _, m := range moves {
		cost = plus(cost, s.state.Cost(int(m.Pos), m.To))
	}
	s.found(plus(at.g, cost), moves)
	if cost > at.bound {
		return false
	}
	at.least = cost
	return true
}

// found announces the plan that leads along the way and by some migrations to the goal.
func (s *search) found(cost int64, further []space.Move) {
	if cost >= s.best {
		return
	}
	var plan []cloud.Change
	for _, at := range s.steps[1:] {
		plan = append(plan, cloud.Change{VM: s.layout.VM(int(at.pos)), From: at.from, To: at.to})
	}
	for _, m := range further {
		plan = append(plan, cloud.Change{VM: s.layout.VM(int(m.Pos)), From: s.state.Host[m.Pos], To: m.To})
	}
	if s.sweeps {
		s.end = overBudget // there is a path: that is all there was to find out
	}
	s.best = cost
	s.limit = min(s.limit, cost-1)
	s.run.Found(plan)
}

// plus adds up costs and bounds. A sum that does not fit is cut down, which leaves a
// lower bound; what a dead end costs is no sum.
func plus(a, b int64) int64 {
	switch {
	case a == space.DeadEnd || b == space.DeadEnd:
		return space.DeadEnd
	case a > math.MaxInt64-1-b:
		return math.MaxInt64 - 1
	}
	return a + b
}
