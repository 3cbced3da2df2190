package idastar

import (
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
)

// choice is a successor to try.
type choice struct {
	space.Move
	estimate, bound int64
}

// canonical makes s.key the state that stands for s.at.
func (s *search) canonical() {
	copy(s.key, s.at)
	if s.symmetric {
		s.prune.Canonical(s.key)
	}
}

// canonicalAfter is canonical after a migration from the state at the end of the way.
func (s *search) canonicalAfter(m space.Move, from cloud.HostID) {
	if !s.symmetric || !s.prune.Advances() {
		s.canonical()
		return
	}
	before := s.path.key(len(s.steps) - 1)
	s.layout.Unpack(before, s.like)
	copy(s.key, before)
	s.prune.Advance(s.key, s.like, int(m.Pos), from, m.To)
}

// successors lists the migrations that are not pruned for what the state is; false if the
// run ended meanwhile.
func (s *search) successors(at *step) bool {
	for i, h := range s.state.Host {
		if to := s.target[i]; s.ample[i] && h != to {
			s.moves = append(s.moves[:0], space.Move{Pos: int32(i), To: to, Cost: s.state.Cost(i, to)})
			return true
		}
	}
	below := s.below(at)
	if s.strays != nil && below < math.MaxInt64 {
		s.heuristic.Estimate(s.state) // to know of this state who may go astray
	}
	moves, all := s.prune.MovesWhile(s.state, s.moves[:0], -1, below, s.strays, s.ask)
	n := 0
	s.moves = moves
	for _, m := range s.moves {
		if !s.ample[m.Pos] {
			s.moves[n] = m
			n++
		}
	}
	s.moves = s.moves[:n]
	return all
}

// sort orders choices by evaluation; those of one evaluation stay as they are. There are
// few, for most successors are beyond the limit.
func sort(c []choice) {
	slices.SortStableFunc(c, func(a, b choice) int {
		switch x, y := a.Cost+a.bound, b.Cost+b.bound; {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
}

// assess is the bound of a successor, by a heuristic that is not incremental. It is kept
// in memory, so that it is not computed again by every search.
func (s *search) assess(m space.Move, bound int64) int64 {
	from := s.state.Host[m.Pos]
	s.layout.Step(s.at, int(m.Pos), from, m.To)
	s.canonicalAfter(m, from)
	hash := space.Hash(s.key)
	e := s.memory.find(s.key, hash)
	if e == nil {
		s.state.Apply(int(m.Pos), m.To)
		bound = max(bound, s.heuristic.Estimate(s.state))
		s.state.Apply(int(m.Pos), from)
		s.memory.store(s.key, hash, unvisited, bound, 0)
	} else {
		s.memory.raise(e, bound)
		bound = s.memory.bound(e)
	}
	s.layout.Step(s.at, int(m.Pos), m.To, from)
	return bound
}
