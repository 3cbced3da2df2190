package space

import (
	"math"
	"slices"
	"unsafe"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// BestFirst is best-first graph search: A* (Hart, Nilsson and Raphael 1968, doi
// 10.1109/TSSC.1968.300136), and by its fields all that differs from it in the order of
// expansion only.
//
// It is complete, and optimal when the last weight is 1 and the heuristic admissible,
// whether or not it is consistent, since states are reopened. A heuristic that is not
// incremental is computed when a state's turn comes, not when it is generated (lazy A*:
// Tolpin et al. 2013, IJCAI). Time and memory are proportional to the states it stores,
// of which there may be hosts^VMs; an expansion tests each VM on each host that may ever
// hold it.
type BestFirst struct {
	// Heuristic makes the heuristic within the limits of the run; nil if these end it.
	Heuristic func(*paths.Run, *paths.Problem, *Layout) Heuristic
	// Weights are what the heuristic is multiplied with. With several, the search goes
	// on with the next one as soon as it has found a plan (anytime repairing A*:
	// Likhachev, Gordon and Thrun 2003, NIPS). A plan found with weight w costs at
	// most w times the optimum. Nil is one weight of 1.
	Weights []Weight
	// Prune is what is left out of the search.
	Prune Pruning
	// Lookahead: at every expansion, try to reach the goal by direct migrations
	// alone, which yields plans early and often the last one.
	Lookahead bool
	// Below: the search looks only for paths that cost less, so it can prune more; 0 means
	// no limit. If it finds none, it proves no more than that.
	Below int64
}

// Weight is a rational number of at least 1: Num / Den. With Den 0 it is infinite: only
// the estimate counts (greedy best-first search: Doran and Michie 1966, doi
// 10.1098/rspa.1966.0205).
type Weight struct{ Num, Den int64 }

// evaluate is the order of expansion. With a finite weight it is at most Num × the cost
// of the cheapest path through the state.
func (w Weight) evaluate(g, h int64) int64 { return w.Den*g + w.Num*h }

// bound is what an evaluation that no open state is below proves of every path: some
// open state lies on a cheapest path of cost C by a cheapest way, so that g + h <= C and
// its evaluation is at most Num × C.
func (w Weight) bound(f int64) int64 {
	if w.Den == 0 {
		return 0
	}
	return (f + w.Num - 1) / w.Num
}

// MaxWeight bounds the numerator and the denominator of a weight.
const MaxWeight = 1000

// Search implements [paths.Searcher].
func (b BestFirst) Search(run *paths.Run) error {
	layout, ok := Prepare(run)
	if !ok {
		return nil
	}
	heuristic := b.Heuristic(run, run.Problem, layout)
	if heuristic == nil {
		return nil
	}
	weights := b.Weights
	if weights == nil {
		weights = []Weight{{1, 1}}
	}
	Widen(run, func(wide bool) error { return newSearch(run, layout, heuristic, b, wide).all(weights) })
	return nil
}

type search struct {
	run         *paths.Run
	layout      *Layout
	state       *State
	table       *Table
	open        *Queue
	weight      Weight
	heuristic   Heuristic
	incremental Incremental // nil if the heuristic is not
	strays      Strays      // nil if the heuristic lacks this ability
	below       int64       // see [BestFirst]
	prune       *Pruner
	lookahead   *Lookahead
	goal        []uint64
	at          []uint64 // the state under expansion
	child       []uint64 // scratch
	factors     []uint64 // of the words in a hash
	moves       []Move
	looks       []look
	ask         *Asker // while the migrations out of a state are listed
}

// look is one successor on its way into the table.
type look struct {
	hash uint64
	word uint64 // of the key, the one that changes
	slot uint64 // read so that it is in the cache when it is needed
	h    int64
}

func newSearch(run *paths.Run, layout *Layout, h Heuristic, b BestFirst, wide bool) *search {
	s := &search{
		run: run, layout: layout, state: NewState(run.Problem, layout), below: b.Below,
		table: NewTable(layout.Words(), wide), heuristic: h,
		goal: make([]uint64, layout.Words()), at: make([]uint64, layout.Words()), child: make([]uint64, layout.Words()),
	}
	s.incremental, _ = s.heuristic.(Incremental)
	s.strays, _ = s.heuristic.(Strays)
	for w := range layout.Words() {
		s.factors = append(s.factors, factor(w))
	}
	s.prune = NewPruner(s.state, b.Prune)
	s.lookahead = NewLookahead(s.state, b.Lookahead, run.Look)
	s.ask = NewAsker(func(room int) bool { return run.Look() && run.MayHold(s.bytes(room), int64(s.table.Len())) })
	layout.Pack(run.Problem.Goal, s.goal)
	return s
}

// all runs the search with one weight after the other.
func (s *search) all(weights []Weight) error {
	s.layout.Pack(s.run.Problem.Start, s.at)
	s.prune.Canonical(s.at)
	start, _ := s.table.Find(s.at, Hash(s.at))
	s.table.SetWay(start, 0, NoParent)
	for n, w := range weights {
		s.weight = w
		if err := s.refill(); err != nil {
			return err
		}
		again, err := s.loop(n+1 < len(weights))
		if err != nil || !again {
			return err
		}
	}
	return nil
}

// refill puts every state that is to be expanded into an empty queue, by the weight of
// the hour.
func (s *search) refill() error {
	s.open = NewQueue()
	for i := range uint32(s.table.Len()) {
		if s.table.Closed(i) {
			continue
		}
		g, _ := s.table.Way(i)
		s.state.Visit(s.table.Key(i))
		h := s.heuristic.Estimate(s.state)
		if best, found := s.limit(); h == DeadEnd || found && h >= best-g {
			s.table.SetClosed(i, true)
			continue
		}
		if h > MaxCost {
			return ErrTooLarge
		}
		s.open.Push(s.weight.evaluate(g, h), i)
	}
	return nil
}

// loop expands states until the weight has done its work. Again tells that a next
// weight may go on.
func (s *search) loop(more bool) (again bool, err error) {
	before, had := s.run.Best()
	for s.open.Len() > 0 {
		f, i := s.open.Pop()
		if s.table.Closed(i) {
			continue // expanded already, from an entry of a cheaper way
		}
		best, found := s.limit()
		if bound := s.weight.bound(f); found {
			s.run.Bound(min(bound, best)) // the incumbent may not have come by the queue
		} else {
			s.run.Bound(bound)
		}
		if found && (s.weight.Den*best <= f || s.weight.Den == 0 || more && (!had || best < before)) {
			return more && s.weight.bound(f) < best, nil
		}
		g, _ := s.table.Way(i)
		copy(s.at, s.table.Key(i))
		s.state.Visit(s.at)
		h := s.heuristic.Estimate(s.state)
		if h == DeadEnd || found && h >= best-g {
			s.table.SetClosed(i, true) // no better plan leads through here
			continue
		}
		if h > MaxCost || g > MaxCost {
			return false, ErrTooLarge
		}
		if turn := s.weight.evaluate(g, h); turn > f && s.open.Len() > 0 && turn > s.open.Min() {
			s.open.Push(turn, i) // its turn has not come yet
			if !s.run.Look() {   // an estimate may take longer than all else
				return false, nil
			}
			continue
		}
		if !s.run.Expand() {
			return false, nil
		}
		s.table.SetClosed(i, true)
		if moves, ok := s.lookahead.Finish(s.state); ok {
			s.run.Found(s.path(i, moves))
		}
		if err := s.expand(i, g, h); err != nil {
			return false, err
		}
		if !s.fits() {
			return false, nil
		}
	}
	if s.below > 0 {
		best, _ := s.limit()
		s.run.Bound(best)
		return false, nil
	}
	s.run.Exhausted()
	return false, nil
}

// limit is the cost below which a path is of interest, if there is any limit.
func (s *search) limit() (below int64, limited bool) {
	best, found := s.run.Best()
	switch {
	case s.below > 0 && (!found || s.below < best):
		return s.below, true
	case found:
		return best, true
	}
	return math.MaxInt64, false
}

// fits accounts for what is held and tells whether the search may go on.
func (s *search) fits() bool { return s.run.Memory(s.bytes(cap(s.moves)), int64(s.table.Len())) }

// bytes is what is held, with room for that number of migrations out of a state. Each will be
// looked up.
func (s *search) bytes(room int) int64 {
	bytes := s.table.Bytes() + s.open.Bytes()
	if n := int64(room); n > fewMoves {
		bytes += n * int64(unsafe.Sizeof(Move{})+unsafe.Sizeof(look{}))
	}
	return bytes
}

// fewMoves are no more migrations out of a state than it is worth to account for.
const fewMoves = 1 << 16

// SuccessorsBetweenLooks is how many successors of one state are made between two looks
// at the clock and at what is held: in a large cloud a state has millions of them, and
// each may take a part of a millisecond and tens of kilobytes.
const SuccessorsBetweenLooks = 256

// expand generates the successors of the state at s.at.
func (s *search) expand(i uint32, g, h int64) error {
	best, found := s.limit()
	moves, all := s.prune.MovesWhile(s.state, s.moves[:0], s.lastMoved(i), below(best, g), s.strays, s.ask)
	if s.moves = moves; !all {
		return nil
	}
	s.run.Generated(int64(len(s.moves)))
	s.looks = slices.Grow(s.looks[:0], len(s.moves))[:len(s.moves)]
	copy(s.child, s.at)
	symmetric := s.prune.Symmetric()
	made := 0 // canonical states
	sum := uint64(0)
	for w, x := range s.at {
		sum += x * s.factors[w]
	}
	// First look where every successor would lie, then deal with them one by one: the
	// table is larger than any cache, and looks that do not wait for each other are
	// served by the memory at the same time.
	for n := range s.moves {
		m, l := &s.moves[n], &s.looks[n]
		if s.incremental != nil {
			l.h = s.incremental.After(h, s.state, *m)
		} else {
			l.h = max(h-m.Cost, 0)
		}
		if found && l.h <= MaxCost && m.Cost <= MaxCost-g && g+m.Cost+l.h >= best {
			l.h = DeadEnd // no better plan leads through there
		}
		if l.h == DeadEnd {
			continue
		}
		w := s.layout.word[m.Pos]
		shift := s.layout.shift(int(m.Pos), s.state.Host[m.Pos], m.To)
		l.word = s.at[w] + shift
		if symmetric {
			if made++; made%SuccessorsBetweenLooks == 0 && !s.run.Look() {
				return nil
			}
			s.prune.Advance(s.child, s.state.Host, int(m.Pos), s.state.Host[m.Pos], m.To)
			l.hash = Hash(s.child)
			copy(s.child, s.at)
		} else {
			l.hash = mix(sum + shift*s.factors[w])
		}
		seg, at := s.table.probe(l.hash)
		l.slot = seg.slots[at]
	}
	for n := range s.moves {
		m, l := &s.moves[n], &s.looks[n]
		switch {
		case l.h == DeadEnd:
			continue
		case m.Cost > MaxCost-g || l.h > MaxCost:
			return ErrTooLarge
		case n%SuccessorsBetweenLooks == SuccessorsBetweenLooks-1 && !(s.fits() && s.run.Look()):
			return nil
		}
		w := s.layout.word[m.Pos]
		if symmetric {
			s.prune.Advance(s.child, s.state.Host, int(m.Pos), s.state.Host[m.Pos], m.To)
		} else {
			s.child[w] = l.word
		}
		if err := s.reach(i, g+m.Cost, l.h, l.hash); err != nil {
			return err
		}
		if symmetric {
			copy(s.child, s.at)
		} else {
			s.child[w] = s.at[w]
		}
	}
	return nil
}

// lastMoved is the position of the VM whose migration led to a state; -1 where that is
// not to be had.
func (s *search) lastMoved(i uint32) int {
	_, parent := s.table.Way(i)
	if parent == NoParent || !s.prune.repeat {
		return -1
	}
	return s.layout.differs(s.table.Key(parent), s.table.Key(i))
}

// reach notes a way to the state in s.child.
func (s *search) reach(parent uint32, g, h int64, hash uint64) error {
	if !s.table.Holds(g) {
		return ErrNarrow
	}
	i, added := s.table.Find(s.child, hash)
	if !added {
		if old, _ := s.table.Way(i); g >= old {
			return nil
		}
		if s.table.Closed(i) {
			s.table.SetClosed(i, false)
			s.run.Reopened(1)
		}
	}
	s.table.SetWay(i, g, parent)
	if slices.Equal(s.child, s.goal) {
		if best, ok := s.run.Best(); !ok || g < best {
			s.run.Found(s.path(i, nil))
		}
	}
	s.open.Push(s.weight.evaluate(g, h), i)
	return nil
}

// path follows the parents back to the start, and then some moves on from the state.
func (s *search) path(i uint32, further []Move) []cloud.Change {
	return s.prune.Realize(s.table.KeysTo(i), further)
}
