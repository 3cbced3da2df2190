package schedules

import (
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
)

// precedence is what a scheduler that reorders moves learns from its dead ends: instants at which nothing is under way
// and nothing that is left may start, because moves took room out of the plan's order. It begins empty. Each dead
// end adds moves that have to start before others, always in the plan's order, and the scheduler begins anew. After
// a few dead ends, the first moves of the plan are held to the plan's order, at each further one at least twice as many. A plan that
// is a path therefore always ends: at the latest when all moves stand in its order.
type precedence struct {
	p       *timetable.Problem
	first   [][]int32 // by move: those that start before it
	waiting [][]int32 // by move: those that start after it
	ordered int32     // moves that come first, in the plan's order
	lessons int

	table *timetable.Table // that next belongs to
	next  int32            // the first move of the plan that has not started
}

// lessonsByRoom is how many dead ends are answered one by one, before the plan's order takes over piece by piece.
const lessonsByRoom = 32

func newPrecedence(p *timetable.Problem) *precedence {
	return &precedence{p: p, first: make([][]int32, len(p.Moves)), waiting: make([][]int32, len(p.Moves))}
}

// blocks tells whether a move has to wait for the start of another. O(moves that it waits for), and O(1) where nothing was
// learned.
func (o *precedence) blocks(t *timetable.Table, m int32) bool {
	for _, b := range o.first[m] {
		if t.Starts[b] < 0 {
			return true
		}
	}
	if o.ordered == 0 {
		return false
	}
	return o.front(t) < min(m, o.ordered)
}

// front is the first move of the plan that has not started. O(1) amortized over the starts of one table.
func (o *precedence) front(t *timetable.Table) int32 {
	if o.table != t {
		o.table, o.next = t, 0
	}
	for int(o.next) < len(t.Starts) && t.Starts[o.next] >= 0 {
		o.next++
	}
	return o.next
}

// freed appends the moves that the start of a move may have freed: candidates, to be asked about again. It is called after
// the start.
func (o *precedence) freed(t *timetable.Table, m int32, to []int32) []int32 {
	to = append(to, o.waiting[m]...)
	if o.ordered == 0 || m >= o.ordered {
		return to
	}
	f := o.front(t)
	if f < o.ordered {
		return append(to, f)
	}
	for c := f; int(c) < len(t.Starts); c++ { // the last of the ordered ones has started
		if t.Starts[c] < 0 {
			to = append(to, c)
		}
	}
	return to
}

// learn draws the lesson of a dead end: a table in which nothing is under way, moves are left, and each of them is refused
// or blocked. It is an error where the moves that have started are the first ones of the plan: the plan is no path then. O(moves).
//
// Of the moves that are left, it looks at those that the plan has before all others at their hosts. In the plan, such
// a move finds all departures that it needs behind it, so that room at its destination can lack only because of VMs that came there
// although the plan has them come later: these have to start after it. Rules that look further than one host,
// and dead ends one after the other, are left to the plan's order.
func (o *precedence) learn(t *timetable.Table) error {
	f := o.front(t)
	if !slices.ContainsFunc(t.Starts[f:], func(start int64) bool { return start >= 0 }) {
		return timetable.NoPath(&t.Moves[f])
	}
	if o.lessons++; o.lessons > lessonsByRoom || !o.learnRoom(t, f) {
		o.ordered = min(max(2*o.ordered, f+1), int32(len(t.Starts)))
	}
	return nil
}

// learnRoom tells whether it found moves that took room out of order.
func (o *precedence) learnRoom(t *timetable.Table, front int32) bool {
	came := map[cloud.HostID][]int32{} // the moves of VMs that came and still stand there
	for m := range t.Moves {
		move := &t.Moves[m]
		if t.Starts[m] >= 0 && move.To != cloud.Absent && t.State().HostOf(move.VM) == move.To {
			came[move.To] = append(came[move.To], int32(m))
		}
	}
	found := false
	seen := map[cloud.HostID]bool{}
	for b := front; int(b) < len(t.Starts); b++ {
		move := &t.Moves[b]
		if t.Starts[b] >= 0 {
			continue
		}
		earliest := !seen[move.From] && !seen[move.To]
		for _, h := range []cloud.HostID{move.From, move.To} {
			seen[h] = h != cloud.Absent
		}
		if !earliest || t.Refuses(b) == timetable.Free {
			continue
		}
		for _, c := range came[move.To] {
			if c > b {
				o.first[c], o.waiting[b] = append(o.first[c], b), append(o.waiting[b], c)
				found = true
			}
		}
	}
	return found
}
