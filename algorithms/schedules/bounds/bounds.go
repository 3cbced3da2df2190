package bounds

import (
	"cmp"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
)

// Bound is a proved lower bound on the end of the last move, counted from the start of the first.
type Bound struct {
	Name  string // of the kind of bound: "volume", "longest move", …
	Of    string // what it comes from: a limit, a VM, a host
	Value int64
}

// mostOfKind is how many bounds of each kind [All] returns: enough for a table of bottlenecks.
const mostOfKind = 8

// All computes every bound and returns the largest of each kind; the largest comes first, and among equals the simplest. It is empty where
// nothing moves. O(n log n) for n moves, apart from a constant number of rounds over the hosts that lack room.
func All(p *timetable.Problem) []Bound {
	if len(p.Moves) == 0 {
		return nil
	}
	p = withFreeRoom(p)
	l := newLoads(p)
	forward := newSide(p, l)
	backward := newSide(p.Reversed(), l)
	forward.raise()
	backward.raise()
	var out []Bound
	for _, kind := range [][]Bound{
		longest(p), chains(p), volumes(p, l), machines(p, l), critical(p, forward.heads, backward.heads),
		rooms(forward, backward), jackson(p, l, forward.heads, backward.heads),
		oddSets(p, l, forward.heads, backward.heads),
	} {
		sortBounds(kind)
		out = append(out, kind[:min(len(kind), mostOfKind)]...)
	}
	closed := closedToAll(p)
	for i := range out {
		out[i].Value = after(l.ends.next(out[i].Value), closed)
	}
	if late := openings(p, forward.heads, backward.heads); late != nil {
		out = append(out, *late)
	}
	sortBounds(out)
	return out
}

// sortBounds puts the largest first and leaves equal ones in their order.
func sortBounds(list []Bound) {
	slices.SortStableFunc(list, func(a, b Bound) int { return cmp.Compare(b.Value, a.Value) })
}

// Heads is the earliest start of each move: moves of the same VM have to end before, and hosts that lack room for it have to be left by
// enough VMs. O(n log n) for n moves, apart from a constant number of rounds over the hosts that lack room.
func Heads(p *timetable.Problem) []int64 {
	p = withFreeRoom(p)
	s := newSide(p, newLoads(p))
	s.raise()
	return s.heads
}

// Tails is the least time from the end of each move to the end of all: the heads of the reversed problem.
func Tails(p *timetable.Problem) []int64 { return Heads(p.Reversed()) }
