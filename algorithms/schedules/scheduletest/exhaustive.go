package scheduletest

import (
	"encoding/binary"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
)

// Shortest is a schedule of least makespan, or nil if none ends. It tries all: at each instant, 0 or the end of a move, it starts
// every set of moves in every order in which the table lets them, and goes on to the next end. A move that starts at any other instant
// could start as well at the end before it: until then nothing was freed. Exponential: for up to 6 moves.
func Shortest(p *timetable.Problem) *timetable.Table {
	s := search{p: p, seen: map[string]bool{}}
	s.from()
	return s.best
}

// wait is the decision to start nothing more at the current instant.
const wait int32 = -1

type search struct {
	p         *timetable.Problem
	decisions []int32 // moves to start, and waits
	seen      map[string]bool
	best      *timetable.Table
}

// from tries all ways on. A table cannot take back what it did, so each is made anew from the decisions.
func (s *search) from() {
	t := s.replay()
	if s.best != nil && t.Now() >= s.best.Makespan() || s.known(t) {
		return
	}
	if t.Done() {
		s.best = t
		return
	}
	for m := range s.p.Moves {
		if t.Starts[m] < 0 && t.Refuses(int32(m)) == timetable.Free {
			s.decide(int32(m))
		}
	}
	if !t.Idle() {
		s.decide(wait)
	}
}

func (s *search) decide(d int32) {
	s.decisions = append(s.decisions, d)
	s.from()
	s.decisions = s.decisions[:len(s.decisions)-1]
}

func (s *search) replay() *timetable.Table {
	t := s.p.NewTable()
	for _, d := range s.decisions {
		if d == wait {
			t.Advance()
		} else {
			t.Begin(d)
		}
	}
	return t
}

// known tells whether a table was met before in which everything has started when it has in this one, and notes it. The order of
// starts at the same instant makes no difference to what may follow.
func (s *search) known(t *timetable.Table) bool {
	key := binary.AppendVarint(nil, t.Now())
	for m := range t.Starts {
		key = binary.AppendVarint(key, t.Starts[m])
		key = binary.AppendVarint(key, t.Ends[m])
	}
	before := s.seen[string(key)]
	s.seen[string(key)] = true
	return before
}
