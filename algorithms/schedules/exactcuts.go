package schedules

import (
	"cmp"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
)

// What cuts branches of the exact search off.

// fits tells whether moves and work that are left may fit the time left, given that nothing more starts before the next end.
func (s *exactSearch) fits(next int64) bool {
	for m, end := range s.ends {
		if end > 0 {
			s.earliest[m] = end - s.run.Moves[m].Time
		} else {
			s.earliest[m] = next
		}
	}
	for range 2 { // chains of waits are short
		for m := range s.ends {
			if s.ends[m] == 0 && s.tooLate(int32(m), s.await(int32(m))) {
				return false
			}
		}
	}
	for l, users := range s.users {
		if !s.bears(int32(l), users, s.now) {
			return false
		}
		if len(users) > mostEnergetic {
			continue
		}
		for _, m := range users {
			if s.ends[m] == 0 && !s.bears(int32(l), users, s.earliest[m]) {
				return false
			}
		}
	}
	return true
}

// mostEnergetic is how many moves may use a limit for which work is measured from each earliest start on: it takes the square of that.
const mostEnergetic = 40

// bears tells whether a limit can bear the work of the moves that start at some instant at the earliest, and have to end before their tails,
// for each length of these. What is under way counts from now on.
func (s *exactSearch) bears(l int32, users []int32, from int64) bool {
	work, capacity := 0.0, float64(s.run.Limits[l].Capacity)
	for _, m := range users {
		rest := s.run.Moves[m].Time
		switch {
		case s.ended[m]:
			continue
		case s.ends[m] > 0 && from == s.now:
			rest = s.ends[m] - s.now
		case s.earliest[m] < from:
			continue
		}
		work += float64(rest) * float64(s.takes(m, l))
		if work > capacity*float64(s.limit-s.tails[m]-from)*(1+1e-9) { // a rounding error must cut nothing off
			return false
		}
	}
	return true
}

// await raises the earliest start of a move by what has to end before, and returns it.
func (s *exactSearch) await(m int32) int64 {
	move := &s.run.Moves[m]
	at := s.earliest[m]
	if b := move.Before; b >= 0 && !s.ended[b] {
		at = max(at, s.earliest[b]+s.run.Moves[b].Time)
	} else if l := s.lacks(m); l >= 0 {
		at = max(at, s.firstEnd(s.users[l]))
	} else if s.simple && move.To != cloud.Absent && !s.state.Allows(move.VM, move.To) {
		at = max(at, s.roomFor(move))
	}
	if at < math.MaxInt64 {
		if open, ok := move.Open(at); ok {
			at = open
		}
	}
	s.earliest[m] = at
	return at
}

// roomFor is when enough of those that leave the destination of a move can have ended, at the earliest.
func (s *exactSearch) roomFor(move *timetable.Move) int64 {
	leaving := s.leaving[:0]
	for _, d := range s.leave[move.To] {
		if !s.ended[d] {
			leaving = append(leaving, d)
		}
	}
	s.leaving = leaving
	if len(leaving) == 0 {
		return math.MaxInt64
	}
	end := func(d int32) int64 { return s.earliest[d] + s.run.Moves[d].Time }
	slices.SortFunc(leaving, func(a, b int32) int { return cmp.Compare(end(a), end(b)) })
	at := end(leaving[0])
	for _, l := range s.limiters {
		for r, demand := range s.run.Instance.VMs[move.VM].Demand {
			lacks := s.state.Used(move.To, r) + demand - l.Limit(move.To, r)
			for i := 0; demand > 0 && lacks > 0; i++ {
				if i == len(leaving) {
					return math.MaxInt64
				}
				at = max(at, end(leaving[i]))
				lacks -= s.run.Instance.VMs[s.run.Moves[leaving[i]].VM].Demand[r]
			}
		}
	}
	return at
}

// firstEnd is the first end of those under way among some moves.
func (s *exactSearch) firstEnd(moves []int32) int64 {
	first := int64(math.MaxInt64)
	for _, d := range moves {
		if !s.ended[d] && s.ends[d] > 0 {
			first = min(first, s.ends[d])
		}
	}
	return first
}

// contested tells whether anything that has not started could be in the way of a move that may start now, so that it may be worth its while
// to wait.
func (s *exactSearch) contested(m int32) bool {
	move := &s.run.Moves[m]
	for _, u := range move.Uses {
		most := s.run.Limits[u.Limit].Capacity - s.used[u.Limit]
		for _, o := range s.users[u.Limit] {
			if s.ends[o] == 0 {
				if most -= s.takes(o, u.Limit); most < 0 {
					return true
				}
			}
		}
	}
	if move.To == cloud.Absent {
		return false
	}
	for _, l := range s.limiters {
		for r := range s.run.Instance.Resources {
			most := l.Limit(move.To, r) - s.state.Used(move.To, r)
			for _, o := range s.come[move.To] {
				if s.ends[o] == 0 {
					if most -= s.run.Instance.VMs[s.run.Moves[o].VM].Demand[r]; most < 0 {
						return true
					}
				}
			}
		}
	}
	return false
}
