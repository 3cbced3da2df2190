package schedules

import (
	"cmp"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
)

// witness keeps schedulers that reorder moves out of dead ends, in the manner of the banker's algorithm: it knows an order
// in which all moves can run one after the other, and lets a move start out of that order only where the others can still run in
// it as far as room goes. That depends on the destination alone: a VM that leaves a host earlier than in the order is in
// nobody's way. Rules other than limits on what hosts hold are not looked at.
type witness struct {
	moves   []timetable.Move
	demands []int64   // [vm*R + resource]
	limit   []int64   // [host*R + resource]
	events  [][]int32 // by host, in the order: moves that come, and the complements of those that leave
	begun   []int32   // by host: how many of these have started, from the first on
	load    []int64   // by resource: room for one check
}

// newWitness makes the witness of an order that is a path. O(moves + hosts × resources).
func (d *dispatcher) newWitness(order []int32) *witness {
	r, hosts := len(d.Instance.Resources), len(d.Instance.Hosts)
	w := &witness{
		moves: d.Moves, demands: d.Instance.Demands(), limit: d.room, events: make([][]int32, hosts), begun: make([]int32, hosts),
		load: make([]int64, r),
	}
	for _, m := range order {
		move := &d.Moves[m]
		if move.To != cloud.Absent {
			w.events[move.To] = append(w.events[move.To], m)
		}
		if move.From != cloud.Absent {
			w.events[move.From] = append(w.events[move.From], ^m)
		}
	}
	return w
}

// reset prepares for a new table.
func (w *witness) reset() { clear(w.begun) }

// allows tells whether a move that nothing refuses leaves the others a way to run. O(moves that are left at the destination × resources).
func (w *witness) allows(t *timetable.Table, m int32) bool {
	h := w.moves[m].To
	if h == cloud.Absent {
		return true
	}
	r := len(w.load)
	of := func(m int32) []int64 { return w.demands[int(w.moves[m].VM)*r:][:r] }
	for i, n := range of(m) {
		w.load[i] = t.State().Used(h, i) + n
	}
	list := w.events[h]
	for int(w.begun[h]) < len(list) && ended(t, list[w.begun[h]]) {
		w.begun[h]++
	}
	list = list[w.begun[h]:]
	for _, e := range list { // moves under way from here will be gone
		if e < 0 && t.Starts[^e] >= 0 && !ended(t, e) {
			for i, n := range of(^e) {
				w.load[i] -= n
			}
		}
	}
	limit := w.limit[int(h)*r:][:r]
	for _, e := range list {
		switch {
		case e < 0 && t.Starts[^e] < 0:
			for i, n := range of(^e) {
				w.load[i] -= n
			}
		case e >= 0 && e != m && t.Starts[e] < 0:
			for i, n := range of(e) {
				if w.load[i] += n; w.load[i] > limit[i] {
					return false
				}
			}
		}
	}
	return true
}

// ended tells whether the move of an event has ended.
func ended(t *timetable.Table, e int32) bool {
	m := max(e, ^e)
	return t.Ends[m] >= 0 && t.Ends[m] <= t.Now()
}

// startOrder is the order in which the moves of a table start. They can run one after the other in it.
func startOrder(t *timetable.Table) []int32 {
	out := make([]int32, len(t.Moves))
	for m := range out {
		out[m] = int32(m)
	}
	slices.SortStableFunc(out, func(a, b int32) int {
		return cmp.Or(cmp.Compare(t.Starts[a], t.Starts[b]), cmp.Compare(t.Ends[a], t.Ends[b]))
	})
	return out
}
