package beam

import (
	"fmt"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
)

// Searcher is beam search (Bisiani 1987): breadth-first search by number of migrations
// that keeps, of each layer, a bounded number of states, those of least evaluation, cost
// so far plus heuristic. A state is in a later layer again only if it is reached at
// lower cost than before. A pass goes on after its first plan while there may be cheaper
// ones, and then the search is over.
//
// Complete: a pass that has found no path is followed by one of twice the width and twice
// as many layers, unless it has dropped no state (complete beam search by iterative
// weakening: Zhang 1998). The state space is finite, so some pass drops none, and then
// it has searched every state that can be reached, by its cheapest way: without a plan,
// none exists; with one, it is optimal. Backtracking to what was dropped (beam-stack
// search: Zhou and Hansen 2005) would save memory, not time, and is not done.
//
// A pass takes O(width × layers) expansions and as many states in memory, where a layer's
// number is at most a small multiple of that of VMs in the first pass. All passes
// together take about twice the time of the last.
type Searcher struct {
	Heuristic func(*paths.Run, *paths.Problem, *space.Layout) space.Heuristic // nil if the run has to end
	Width     int                                                             // of the first pass
	Complete  bool                                                            // whether to go on with wider ones
	Prune     space.Pruning
	Lookahead bool // at every state, try to reach the goal by direct migrations alone
}

// Search implements [paths.Searcher].
func (a Searcher) Search(run *paths.Run) error {
	layout, ok := space.Prepare(run)
	if !ok {
		return nil
	}
	heuristic := a.Heuristic(run, run.Problem, layout)
	if heuristic == nil {
		return nil
	}
	s := newSearch(run, layout, heuristic, a)
	if s.bound = s.heuristic.Estimate(s.state); s.bound == space.DeadEnd {
		run.Exhausted()
		return nil
	}
	run.Bound(s.bound)
	// Few plans migrate every VM more often than twice. The first pass is for those.
	width, layers := a.Width, 2*layout.Len()+8
	for {
		switch s.pass(width, layers) {
		case halted:
			return nil
		case exhausted:
			run.Exhausted()
			return nil
		}
		if _, found := run.Best(); found {
			return nil
		}
		if !a.Complete {
			run.GiveUp(fmt.Sprintf("a beam of %d states found no path", width))
			return nil
		}
		width, layers = 2*min(width, math.MaxInt32), 2*min(layers, math.MaxInt32)
	}
}

type search struct {
	run         *paths.Run
	layout      *space.Layout
	state       *space.State
	heuristic   space.Heuristic
	incremental space.Incremental // nil where the heuristic is not
	prune       *space.Pruner
	lookahead   *space.Lookahead
	goal        []uint64
	bound       int64 // the estimate of the start

	// The pass under way.
	table   *space.Table // of the states kept, with the ways to them
	beam    []member     // the layer under expansion
	next    *layer
	dropped bool // whether any state was
	at      []uint64
	child   []uint64
	moves   []space.Move
	ask     *space.Asker // while the migrations out of a state are listed
}

// member is a state of the layer under expansion.
type member struct {
	state uint32
	h     int64
}

// ending is how a pass came to its end.
type ending uint8

const (
	weak      ending = iota // states were dropped
	exhausted               // none was
	halted
)

func newSearch(run *paths.Run, layout *space.Layout, h space.Heuristic, a Searcher) *search {
	state := space.NewState(run.Problem, layout)
	s := &search{
		run: run, layout: layout, state: state, heuristic: h,
		prune: space.NewPruner(state, a.Prune), lookahead: space.NewLookahead(state, a.Lookahead, run.Look),
		goal: make([]uint64, layout.Words()), at: make([]uint64, layout.Words()), child: make([]uint64, layout.Words()),
	}
	s.incremental, _ = s.heuristic.(space.Incremental)
	layout.Pack(run.Problem.Goal, s.goal)
	s.ask = space.NewAsker(func(room int) bool { return run.Look() && run.MayHold(s.bytes(room), int64(s.table.Len())) })
	return s
}

// pass searches with a beam of some width through at most so many layers.
func (s *search) pass(width, layers int) ending {
	s.table = space.NewTable(s.layout.Words(), true)
	s.next = newLayer(s.layout.Words(), width)
	s.dropped = false
	s.layout.Pack(s.run.Problem.Start, s.at)
	s.prune.Canonical(s.at)
	s.next.add(s.at, candidate{space.Hash(s.at), 0, s.bound, space.NoParent})
	for range layers {
		s.advance()
		if len(s.beam) == 0 {
			if s.dropped {
				return weak
			}
			return exhausted
		}
		for _, m := range s.beam {
			if !s.expand(m.state, m.h) {
				return halted
			}
		}
	}
	return weak
}

// advance makes the candidates the layer under expansion, the most promising first.
func (s *search) advance() {
	if s.next.shrink() {
		s.dropped = true
	}
	s.next.rank()
	s.beam = s.beam[:0]
	for _, n := range s.next.order {
		c := s.next.list[n]
		i, added := s.table.Find(s.next.key(n), c.hash)
		if !added {
			s.run.Reopened(1)
		}
		s.table.SetWay(i, c.g, c.parent)
		s.beam = append(s.beam, member{i, c.h})
	}
	s.next.reset()
}

// expand generates the successors of a state. It tells whether the search may go on.
func (s *search) expand(i uint32, h int64) bool {
	g, parent := s.table.Way(i)
	if best, found := s.run.Best(); found && best <= s.bound {
		return false // nothing is cheaper
	} else if found && g+h >= best {
		return true
	}
	if !s.run.Expand() || !s.fits() {
		return false
	}
	copy(s.at, s.table.Key(i))
	s.state.Visit(s.at)
	if moves, ok := s.lookahead.Finish(s.state); ok {
		s.finish(i, g, moves)
	}
	last := -1
	if parent != space.NoParent && s.prune.Repeat() {
		last = s.layout.Differs(s.table.Key(parent), s.at)
	}
	moves, all := s.prune.MovesWhile(s.state, s.moves[:0], last, math.MaxInt64, nil, s.ask)
	if s.moves = moves; !all {
		return false
	}
	s.run.Generated(int64(len(s.moves)))
	for n, m := range s.moves {
		if n%successorsBetweenLooks == successorsBetweenLooks-1 && !(s.fits() && s.run.Look()) {
			return false
		}
		if !s.reach(i, g, h, m) {
			space.TooLarge(s.run)
			return false
		}
	}
	return true
}

// successorsBetweenLooks is how many successors are dealt with between two looks at the
// clock and at what is held: in a large cloud a state has millions, and the estimate of
// each may take milliseconds.
const successorsBetweenLooks = 16

// fits accounts for what is held and tells whether the search may go on.
func (s *search) fits() bool { return s.run.Memory(s.bytes(cap(s.moves)), int64(s.table.Len())) }

// bytes is what is held, with room for that number of migrations out of a state.
func (s *search) bytes(room int) int64 {
	return s.table.Bytes() + s.next.bytes() + 16*int64(cap(s.beam)+room)
}

// finish announces the plan that leads to a state and by direct migrations from there to
// the goal.
func (s *search) finish(i uint32, g int64, moves []space.Move) {
	for _, m := range moves {
		if g += s.state.Cost(int(m.Pos), m.To); g < 0 || g > space.MaxCost {
			return
		}
	}
	if best, found := s.run.Best(); !found || g < best {
		s.run.Found(s.path(i, moves))
	}
}

// reach puts a successor among the candidates, if there is any use in it. False means
// that costs are too large.
func (s *search) reach(parent uint32, g, h int64, m space.Move) bool {
	from := s.state.Host[m.Pos]
	after := max(h-m.Cost, 0)
	if s.incremental != nil {
		if after = s.incremental.After(h, s.state, m); after == space.DeadEnd {
			return true
		}
	}
	if m.Cost > space.MaxCost-g || after > space.MaxCost {
		return false
	}
	c := candidate{g: g + m.Cost, h: after, parent: parent}
	best, found := s.run.Best()
	if found && c.g+c.h >= best {
		return true
	}
	if s.incremental != nil && c.h > 0 && !s.next.takes(c) {
		return true // the layer is full of better ones, and has dropped others; the goal is kept
	}
	copy(s.child, s.at)
	s.layout.Step(s.child, int(m.Pos), from, m.To)
	s.prune.Canonical(s.child)
	if slices.Equal(s.child, s.goal) {
		s.run.Found(s.path(parent, []space.Move{m}))
		return true
	}
	c.hash = space.Hash(s.child)
	if i, kept := s.table.Lookup(s.child, c.hash); kept {
		if old, _ := s.table.Way(i); old <= c.g {
			return true
		}
	}
	if s.next.holds(s.child, c) {
		return true
	}
	if s.incremental == nil && s.next.takes(c) {
		s.state.Apply(int(m.Pos), m.To)
		c.h = max(c.h, s.heuristic.Estimate(s.state))
		s.state.Apply(int(m.Pos), from)
		if c.h == space.DeadEnd || found && c.g+c.h >= best {
			return true
		}
		if c.h > space.MaxCost {
			return false
		}
	}
	if !s.next.takes(c) {
		s.dropped = true
		return true
	}
	if s.next.add(s.child, c) {
		s.dropped = true
	}
	return true
}

// path follows the parents back to the start, and then some moves on from the state.
func (s *search) path(i uint32, further []space.Move) []cloud.Change {
	return s.prune.Realize(s.table.KeysTo(i), further)
}
