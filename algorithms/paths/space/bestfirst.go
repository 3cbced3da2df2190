package space

import (
	"errors"
	"fmt"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// BestFirst is best-first graph search: A* (Hart, Nilsson and Raphael 1968, doi
// 10.1109/TSSC.1968.300136) with the given heuristic, Dijkstra's algorithm with one that
// is always zero. Complete; optimal when the heuristic is admissible, whether or not it
// is consistent, since states are reopened. A heuristic that is not incremental is
// computed when a state's turn comes, not when it is generated (lazy A*: Tolpin, Beja,
// Shimony, Felner and Karpas 2013, IJCAI). Time and memory are proportional to the
// states it stores, of which there may be hosts^VMs; an expansion tests each VM on each
// host that may ever hold it.
type BestFirst struct {
	Heuristic func(*paths.Problem, *Layout) Heuristic
}

// Search implements [paths.Searcher].
func (b BestFirst) Search(run *paths.Run) error {
	layout := NewLayout(run.Problem)
	if vm, stuck := layout.Stuck(); stuck {
		run.GiveUp(fmt.Sprintf("no host rule lets VM %q ever stand on its target host", run.Problem.Instance.VMs[vm].Name))
		run.Exhausted()
		return nil
	}
	for _, wide := range []bool{false, true} {
		s := newSearch(run, layout, b.Heuristic(run.Problem, layout), wide)
		switch err := s.loop(); err {
		case errNarrow:
			continue
		case errTooLarge:
			run.GiveUp("costs are too large to be added up exactly")
		}
		break
	}
	return nil
}

// What can keep a search from going on. The first asks for a wide table, the second is
// final.
var (
	errNarrow   = errors.New("space: a cost does not fit in 32 bits")
	errTooLarge = errors.New("space: a cost does not fit in 61 bits")
)

type search struct {
	run         *paths.Run
	layout      *Layout
	state       *State
	table       *table
	open        *queue
	heuristic   Heuristic
	incremental Incremental // nil where the heuristic is not
	goal        []uint64
	at          []uint64 // the state under expansion
	child       []uint64 // scratch
	moves       []Move
	looks       []look
}

// look is one successor on its way into the table.
type look struct {
	hash uint64
	slot uint64
	h    int64
}

func newSearch(run *paths.Run, layout *Layout, h Heuristic, wide bool) *search {
	s := &search{
		run: run, layout: layout, state: NewState(run.Problem, layout),
		table: newTable(layout.Words(), wide), open: newQueue(), heuristic: h,
		goal: make([]uint64, layout.Words()), at: make([]uint64, layout.Words()), child: make([]uint64, layout.Words()),
	}
	s.incremental, _ = h.(Incremental)
	layout.Pack(run.Problem.Goal, s.goal)
	return s
}

func (s *search) loop() error {
	s.layout.Pack(s.run.Problem.Start, s.at)
	start, _ := s.table.find(s.at, hash(s.at))
	s.table.setWay(start, 0, noParent)
	s.open.push(0, start)
	for s.open.len > 0 {
		f, i := s.open.pop()
		if s.table.flags[i]&closed != 0 {
			continue // expanded already, from an entry of a cheaper way
		}
		// Every path not yet found leads through an open state, and none of them is
		// evaluated below this one: f bounds the cost of all paths.
		s.run.Bound(f)
		if best, ok := s.run.Best(); ok && best <= f {
			return nil
		}
		g, _ := s.table.way(i)
		copy(s.at, s.table.key(i))
		s.state.Visit(s.at)
		h := s.heuristic.Estimate(s.state)
		switch {
		case h == DeadEnd:
			s.table.flags[i] |= closed
			continue
		case h > maxCost || g > maxCost:
			return errTooLarge
		case g+h > f && s.incremental == nil:
			s.open.push(g+h, i) // its turn has not come yet
			continue
		}
		if !s.run.Expand() {
			return nil
		}
		s.table.flags[i] |= closed
		if err := s.expand(i, g, h); err != nil {
			return err
		}
		if !s.run.Memory(s.table.bytes()+s.open.bytes(), int64(s.table.len())) {
			return nil
		}
	}
	s.run.Exhausted()
	return nil
}

// expand generates the successors of the state at s.at.
func (s *search) expand(i uint32, g, h int64) error {
	s.moves = s.state.Moves(s.moves[:0])
	s.run.Generated(int64(len(s.moves)))
	s.looks = slices.Grow(s.looks[:0], len(s.moves))[:len(s.moves)]
	copy(s.child, s.at)
	// First look where every successor would lie, then deal with them one by one: the
	// table is larger than any cache, and looks that do not wait for each other are
	// served by the memory at the same time.
	for n := range s.moves {
		m := &s.moves[n]
		l := &s.looks[n]
		w := s.layout.word[m.Pos]
		s.child[w] += s.layout.shift(int(m.Pos), s.state.Host[m.Pos], m.To)
		l.hash = hash(s.child)
		s.child[w] = s.at[w]
		seg, at := s.table.probe(l.hash)
		l.slot = seg.slots[at]
		if s.incremental != nil {
			l.h = s.incremental.After(h, s.state, *m)
		} else {
			l.h = max(h-m.Cost, 0)
		}
	}
	for n := range s.moves {
		m, l := &s.moves[n], &s.looks[n]
		if l.h == DeadEnd {
			continue
		}
		if m.Cost > maxCost-g || l.h > maxCost {
			return errTooLarge
		}
		w := s.layout.word[m.Pos]
		s.child[w] += s.layout.shift(int(m.Pos), s.state.Host[m.Pos], m.To)
		err := s.reach(i, g+m.Cost, l.h, l.hash)
		s.child[w] = s.at[w]
		if err != nil {
			return err
		}
	}
	return nil
}

// reach notes a way to the state in s.child.
func (s *search) reach(parent uint32, g, h int64, hash uint64) error {
	if g > maxNarrow && !s.table.wide {
		return errNarrow
	}
	i, added := s.table.find(s.child, hash)
	if !added {
		if old, _ := s.table.way(i); g >= old {
			return nil
		}
		if s.table.flags[i]&closed != 0 {
			s.table.flags[i] &^= closed
			s.run.Reopened(1)
		}
	}
	s.table.setWay(i, g, parent)
	if slices.Equal(s.child, s.goal) {
		if best, ok := s.run.Best(); !ok || g < best {
			s.run.Found(s.path(i))
		}
	}
	s.open.push(g+h, i)
	return nil
}

// path follows the parents back to the start.
func (s *search) path(i uint32) []cloud.Change {
	var out []cloud.Change
	for {
		_, parent := s.table.way(i)
		if parent == noParent {
			break
		}
		out = append(out, s.layout.Difference(s.table.key(parent), s.table.key(i)))
		i = parent
	}
	slices.Reverse(out)
	return out
}
