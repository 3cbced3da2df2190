package space

import (
	"fmt"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// Heuristic estimates the cost from a state to the goal, never above the true cost.
type Heuristic interface {
	// Initial is the estimate of the state, from scratch.
	Initial(s *cloud.State) int64
	// After is the estimate once vm has gone from one host to another, given the
	// estimate h before. S is the state before the move. [DeadEnd] means that
	// the goal cannot be reached from there.
	After(h int64, s *cloud.State, vm cloud.VMID, from, to cloud.HostID) int64
}

// DeadEnd is the estimate of a state from which the goal cannot be reached.
const DeadEnd = math.MaxInt64

// maxCost keeps sums of cost and estimate within int64.
const maxCost = math.MaxInt64 / 4

// BestFirst is the best-first graph search: A* (Hart, Nilsson and Raphael 1968, doi
// 10.1109/TSSC.1968.300136) with the given heuristic, Dijkstra's algorithm with the
// heuristic that is always zero. Complete; optimal when the heuristic is admissible,
// whether or not it is consistent, since states are reopened. Its time and memory
// are proportional to the states it stores, of which there may be hosts^VMs; an
// expansion tests each VM on each host that may ever hold it.
type BestFirst struct {
	Heuristic func(*paths.Problem) Heuristic
}

// Search implements [paths.Searcher].
func (b BestFirst) Search(run *paths.Run) error {
	p := run.Problem
	layout := NewLayout(p)
	if vm, stuck := layout.Stuck(); stuck {
		run.GiveUp(fmt.Sprintf("no host rule lets VM %q ever stand on its target host", p.Instance.VMs[vm].Name))
		run.Exhausted()
		return nil
	}
	s := &search{
		run: run, layout: layout, table: newTable(layout.Words()),
		heuristic: b.Heuristic(p), state: p.NewState(),
		goal: make([]uint64, layout.Words()), child: make([]uint64, layout.Words()),
	}
	layout.Pack(p.Goal, s.goal)
	s.loop()
	return nil
}

type search struct {
	run       *paths.Run
	layout    *Layout
	table     *table
	open      open
	heuristic Heuristic
	state     *cloud.State
	goal      []uint64
	child     []uint64 // scratch
}

func (s *search) loop() {
	h := s.heuristic.Initial(s.state)
	if h == DeadEnd {
		s.run.GiveUp("the heuristic proves the goal out of reach")
		s.run.Exhausted()
		return
	}
	s.layout.Pack(s.run.Problem.Start, s.child)
	start, _ := s.table.find(s.child)
	s.open.push(entry{f: h, h: h, state: start})
	for s.open.len() > 0 {
		e := s.open.pop()
		if s.table.closed[e.state] || e.g > s.table.g[e.state] {
			continue // stale: a cheaper way was found, or the state is done
		}
		// Every path not yet found leads through an open state, and none of them
		// is evaluated below e: e.f bounds the cost of all paths.
		s.run.Bound(e.f)
		if best, ok := s.run.Best(); ok && best <= e.f {
			return
		}
		if !s.run.Expand() {
			return
		}
		s.table.closed[e.state] = true
		if !s.expand(e) || !s.run.Memory(s.table.bytes()+s.open.bytes(), int64(s.table.len())) {
			return
		}
	}
	s.run.Exhausted()
}

// expand generates the successors of a state; false means that the search must end.
func (s *search) expand(e entry) bool {
	// The table's keys may move while it grows, so the state's own is copied.
	copy(s.child, s.table.key(e.state))
	s.layout.Visit(s.state, s.child)
	cost := s.run.Problem.Cost
	generated := int64(0)
	for i, v := range s.layout.vms {
		from := s.state.HostOf(v)
		for _, to := range s.layout.hosts[i] {
			if to == from || !s.state.Allows(v, to) {
				continue
			}
			generated++
			h := s.heuristic.After(e.h, s.state, v, from, to)
			if h == DeadEnd {
				continue
			}
			c := cost.Migrate(v, from, to)
			if c > maxCost-e.g || h > maxCost {
				s.run.GiveUp("costs are too large to be added up exactly")
				return false
			}
			s.layout.put(s.child, i, to)
			s.reach(e.state, e.g+c, h)
		}
		s.layout.put(s.child, i, from)
	}
	s.run.Generated(generated)
	return true
}

// reach notes a way to the state in s.child.
func (s *search) reach(parent int32, g, h int64) {
	i, added := s.table.find(s.child)
	if !added {
		if g >= s.table.g[i] {
			return
		}
		if s.table.closed[i] {
			s.table.closed[i] = false
			s.run.Reopened(1)
		}
	}
	s.table.g[i], s.table.parent[i] = g, parent
	if equal(s.child, s.goal) {
		if best, ok := s.run.Best(); !ok || g < best {
			s.run.Found(s.path(i))
		}
	}
	s.open.push(entry{f: g + h, h: h, g: g, state: i})
}

// path follows the parents back to the start.
func (s *search) path(i int32) []cloud.Change {
	var out []cloud.Change
	for ; s.table.parent[i] >= 0; i = s.table.parent[i] {
		out = append(out, s.layout.Difference(s.table.key(s.table.parent[i]), s.table.key(i)))
	}
	slices.Reverse(out)
	return out
}
