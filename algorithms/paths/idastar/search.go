package idastar

import (
	"math"
	"slices"
	"unsafe"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
)

// search is what depth-first searches share.
type search struct {
	run         *paths.Run
	layout      *space.Layout
	state       *space.State
	heuristic   space.Heuristic
	incremental space.Incremental // nil where the heuristic is not
	prune       *space.Pruner
	symmetric   bool
	strays      space.Strays   // nil where the heuristic has not that ability
	reduces     bool           // leaves out what a path within the limit can do without
	like        []cloud.HostID // the canonical state under search, by position; scratch
	unit        int64          // of which all costs of paths are multiples
	order       order
	ask         *space.Asker // while the migrations out of a state are listed
	ample       []bool       // by position: goes to its target first of all, and stays
	lookahead   *space.Lookahead
	memory      *memory
	target      []cloud.HostID // by position
	goal, home  []uint64
	start       int64 // the estimate of the start

	// The search under way.
	top      int64 // its limit when it began
	limit    int64 // the same, or below the incumbent
	budget   int64
	room     int64 // bytes that the way of a sweep may take
	nodes    int64
	next     int64 // the least evaluation beyond top
	end      ending
	best     int64 // cost of the incumbent
	learns   bool  // whether bounds are raised by what is found out; see [Searcher]
	sweeps   bool  // whether it looks for any path at all; see [search.sweep]
	forecast forecast
	steps    []step
	choices  []choice
	path     trail
	at       []uint64 // the state under search
	key      []uint64 // of a successor, canonical; scratch
	moves    []space.Move
}

// ending is how a search came to its end.
type ending uint8

const (
	complete ending = iota
	overBudget
	halted
)

// step is a state on the way to the one under search.
type step struct {
	g        int64
	estimate int64 // the heuristic's; of use to incremental ones alone
	bound    int64 // the best known of what remains
	least    int64 // what the successors seen so far say of that
	next     int32 // in choices: the next one to try
	end      int32
	pos      int32 // the migration that led here
	from     cloud.HostID
	to       cloud.HostID
	again    bool // only what was left out before is searched
}

func (s *search) bytes() int64 {
	return s.memory.bytes() + s.path.bytes() + int64(cap(s.moves))*int64(unsafe.Sizeof(space.Move{})) + int64(cap(s.steps))*int64(unsafe.Sizeof(step{})) +
		int64(cap(s.choices))*int64(unsafe.Sizeof(choice{}))
}

// mayHold accounts for so many bytes more than are held, and tells whether the search may go
// on.
func (s *search) mayHold(more int64) bool {
	return s.run.MayHold(s.bytes()+more, int64(s.memory.used))
}

// iterate searches all states within a limit, as far as the budget of expansions goes.
func (s *search) iterate(limit, budget int64) {
	s.top, s.limit, s.budget = limit, min(limit, s.best-1), budget
	s.nodes, s.next, s.end = 0, math.MaxInt64, complete
	if s.reduces && !s.sweeps { // what is left out lies beyond the limit, nobody knows how far
		s.next = (limit/s.unit + 1) * s.unit
	}
	s.forecast.reset()
	s.memory.begin()
	copy(s.at, s.home)
	s.canonical()
	hash := space.Hash(s.key)
	if e := s.memory.find(s.key, hash); e != nil {
		s.memory.meet(e, 0, 0)
	} else {
		s.memory.store(s.key, hash, 0, s.start, 0)
	}
	s.path.push(s.key, hash)
	s.steps = append(s.steps, step{estimate: s.start, bound: s.start, pos: -1})
	s.expand(0, 0)
	for len(s.steps) > 0 {
		if at := &s.steps[len(s.steps)-1]; at.next < at.end && s.end == complete {
			at.next++
			s.try(at, s.choices[at.next-1])
		} else {
			s.back()
		}
	}
}

// sweep searches all states that can be reached, each once at whatever cost, as far as
// the budget goes, and tells whether it has found that none of them is the goal. Under a
// limit on cost, states are searched again when they are met again at lower cost; where
// there is no path, and therefore no limit that is high enough, that is a waste.
func (s *search) sweep(budget int64) (infeasible bool) {
	before := s.order
	s.order = order{}
	s.sweeps = true
	s.iterate(math.MaxInt64-1, budget)
	s.sweeps = false
	s.order = before
	return s.end == complete
}

// cut notes a state that is left out because its evaluation is beyond the limit.
func (s *search) cut(f int64) {
	if f > s.top {
		s.next = min(s.next, f)
		s.forecast.add(f - s.top)
	}
}

// expand lists what there is to try from the state at the end of the way. What skip
// omits is left out; if only is not zero, all is left out but what that omits.
func (s *search) expand(skip, only via) {
	at := &s.steps[len(s.steps)-1]
	first := len(s.choices)
	at.least, at.next, at.end = s.below(at), int32(first), int32(first)
	at.again = only != 0
	if s.nodes++; s.nodes > s.budget || s.sweeps && s.bytes()-s.memory.bytes() > s.room {
		s.end = overBudget
		return
	}
	if !s.run.Expand() || !s.run.Memory(s.bytes(), int64(s.memory.used)) {
		s.end = halted
		return
	}
	if !at.again && s.finish(at) {
		return
	}
	if !s.successors(at) {
		s.end = halted
		return
	}
	generated := int64(0)
	for _, m := range s.moves {
		if only != 0 && !s.order.omits(only, m) {
			continue
		}
		estimate, bound := int64(0), max(at.bound-m.Cost, 0)
		if s.incremental != nil {
			if estimate = s.incremental.After(at.estimate, s.state, m); estimate == space.DeadEnd {
				continue
			}
			bound = max(bound, estimate)
		}
		if s.order.omits(skip, m) {
			at.least = min(at.least, plus(m.Cost, bound))
			continue
		}
		generated++
		if s.incremental == nil {
			if !s.run.Look() { // an estimate may take longer than all else
				at.least, s.choices, s.end = math.MaxInt64, s.choices[:first], halted
				return
			}
			if bound = s.assess(m, bound); bound == space.DeadEnd {
				continue
			}
		}
		if f := plus(at.g, plus(m.Cost, bound)); f > s.limit {
			s.cut(f)
			at.least = min(at.least, plus(m.Cost, bound))
			continue
		}
		if n := cap(s.choices); len(s.choices) == n && n > fewChoices {
			// While the list grows there are two.
			if more := n + n/4; s.mayHold(int64(more) * int64(unsafe.Sizeof(choice{}))) {
				s.choices = slices.Grow(s.choices, more-n)
			} else {
				at.least, s.choices, s.end = math.MaxInt64, s.choices[:first], halted
				return
			}
		}
		s.choices = append(s.choices, choice{m, estimate, bound})
	}
	s.run.Generated(generated)
	at.end = int32(len(s.choices))
	sort(s.choices[first:])
}

// fewChoices are no more choices than it is worth to account for before the list grows.
const fewChoices = 1 << 12

// below is what a path from the state on must cost less than to be of interest to what is
// left out; MaxInt64 where nothing is left out for that.
func (s *search) below(at *step) int64 {
	if !s.reduces || s.sweeps {
		return math.MaxInt64
	}
	return s.limit + 1 - at.g
}

// try goes to a successor unless there is nothing new to be found there.
func (s *search) try(at *step, c choice) {
	from := s.state.Host[c.Pos]
	g := at.g + c.Cost
	if g+c.bound > s.limit { // there is a cheaper incumbent by now
		at.least = min(at.least, c.Cost+c.bound)
		return
	}
	s.layout.Step(s.at, int(c.Pos), from, c.To)
	if slices.Equal(s.at, s.goal) {
		at.least = min(at.least, c.Cost)
		s.found(g, []space.Move{c.Move})
		s.layout.Step(s.at, int(c.Pos), c.To, from)
		return
	}
	s.canonicalAfter(c.Move, from)
	hash := space.Hash(s.key)
	var led via
	if s.order.active() && !s.ample[c.Pos] {
		led = viaOf(c.Pos, from)
	}
	bound, again, fresh := s.recall(g, c.bound, hash, led)
	if !fresh {
		at.least = min(at.least, plus(c.Cost, bound))
		s.layout.Step(s.at, int(c.Pos), c.To, from)
		return
	}
	s.path.push(s.key, hash)
	s.state.Apply(int(c.Pos), c.To)
	s.steps = append(s.steps, step{g: g, estimate: c.estimate, bound: bound, pos: c.Pos, from: from, to: c.To})
	if again != 0 {
		led = 0
	}
	s.expand(led, again)
}

// back leaves the state at the end of the way.
func (s *search) back() {
	last := len(s.steps) - 1
	at := s.steps[last]
	bound := at.bound
	if !at.again && s.end == complete {
		bound = max(bound, at.least)
		if bound > at.bound && s.learns {
			hash := s.path.hashes[last]
			if e := s.memory.find(s.path.key(last), hash); e != nil {
				s.memory.raise(e, bound)
			}
		}
	}
	s.path.pop()
	s.steps = s.steps[:last]
	if last == 0 {
		s.choices = s.choices[:0]
		return
	}
	s.state.Apply(int(at.pos), at.from)
	s.layout.Step(s.at, int(at.pos), at.to, at.from)
	before := &s.steps[last-1]
	before.least = min(before.least, plus(at.g-before.g, bound))
	s.choices = s.choices[:before.end]
}
