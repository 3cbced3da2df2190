package timetable

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
	"github.com/cloudrearrange/rearrange/internal/heaps"
)

// Table is a schedule under construction, instant by instant: at each, first everything ends that ends then, then moves
// start. Rules, limits and earlier moves of the same VM are asked before each start, so that every table is a sane
// schedule as far as it goes.
type Table struct {
	*Problem
	Starts, Ends []int64 // by move; -1: not yet. Under an elastic model an end is known once it has come

	state    *cloud.State
	guard    *concurrency.Guard
	pace     concurrency.Pace // nil unless the model is elastic
	now      int64
	last     int64                // end
	underWay heaps.Heap[end]      // those without a pace
	of       map[cloud.VMID]int32 // by VM under way: its move; only where there is a pace
	ended    []int32
	left     int // moves that have not ended
	openings openings
	opened   bool
}

// NewTable makes a table in which nothing has started. O(instance).
func (p *Problem) NewTable() *Table {
	t := &Table{
		Problem: p, Starts: make([]int64, len(p.Moves)), Ends: make([]int64, len(p.Moves)),
		state: cloud.NewState(p.Instance, p.Rules, p.Start), guard: concurrency.GuardOf(p.Limits), left: len(p.Moves), underWay: heaps.Heap[end]{Before: end.before},
		openings: newOpenings(p),
	}
	for m := range t.Starts {
		t.Starts[m], t.Ends[m] = -1, -1
	}
	if e, ok := p.Model.(concurrency.Elastic); ok {
		t.pace, t.of = e.NewPace(), map[cloud.VMID]int32{}
	}
	return t
}

// Now is the current instant.
func (t *Table) Now() int64 { return t.now }

// Done tells whether all moves have ended.
func (t *Table) Done() bool { return t.left == 0 }

// Idle tells whether nothing is under way.
func (t *Table) Idle() bool {
	return len(t.of) == 0 && len(t.underWay.Items) == 0
}

// State is the state of the cloud now. It is not to be changed.
func (t *Table) State() *cloud.State { return t.state }

// Refusal says why a move may not start now: a limit, by its position, or one of the following.
type Refusal int32

// The refusals that are no limits.
const (
	Free    Refusal = -1 - iota // it may start
	Earlier                     // an earlier move of the same VM has not ended
	Unsane                      // a rule would be broken
	Slow                        // an elastic model leaves it too little
	Closed                      // it would be under way in a closed window; nothing else keeps it from starting
)

// Refuses tells what keeps a move from starting now, or [Free]. The move must not have started yet. O(uses + rules).
func (t *Table) Refuses(m int32) Refusal {
	move := &t.Moves[m]
	if b := move.Before; b >= 0 && (t.Ends[b] < 0 || t.Ends[b] > t.now) {
		return Earlier
	}
	if l := t.guard.Lacks(concurrency.Needs{Uses: move.Uses}); l >= 0 {
		return Refusal(l)
	}
	if !t.state.Allows(move.VM, move.To) {
		return Unsane
	}
	if t.pace != nil && !t.pace.Allows(&t.Plan.Steps[move.Step]) {
		return Slow
	}
	if at, ok := move.Open(t.now); !ok || at > t.now {
		if ok {
			t.openings.wake(m, at)
		}
		return Closed
	}
	return Free
}

// Begin starts a move that nothing refuses.
func (t *Table) Begin(m int32) {
	move := &t.Moves[m]
	t.Starts[m] = t.now
	t.openings.changes++
	t.state.Begin(move.VM, move.To)
	t.guard.Begin(concurrency.Needs{Uses: move.Uses})
	if t.pace != nil {
		t.pace.Begin(&t.Plan.Steps[move.Step], t.now)
		t.of[move.VM] = m
		return
	}
	t.Ends[m] = t.now + move.Time
	t.underWay.Push(end{t.Ends[m], m})
}

// Advance goes to the next instant at which something ends, and lets end all that ends then; or at which a move may start that was
// refused as [Closed], if that comes first. It returns the moves that ended, until the next call, and false where nothing is under way and no such move
// is left. Where nothing starts or ends, each move is waited for once, so that time does not go on for ever.
func (t *Table) Advance() (ended []int32, ok bool) {
	t.ended = t.ended[:0]
	if at, opens := t.openings.next(t); opens {
		if _, first, underWay := t.next(); !underWay || at < first {
			t.now = at
			t.opened = t.openings.over(t)
			return t.ended, true
		}
	}
	for {
		m, at, ok := t.next()
		if !ok || len(t.ended) > 0 && at > t.now {
			break
		}
		t.now = at
		t.end(m)
		t.ended = append(t.ended, m)
	}
	t.opened = t.openings.over(t)
	return t.ended, len(t.ended) > 0
}

// Opened tells whether the last step of time made a move possible that was refused as [Closed], as far as windows go.
func (t *Table) Opened() bool { return t.opened }

// Until goes on to an instant, and lets end all that ends by then.
func (t *Table) Until(at int64) {
	for {
		m, first, ok := t.next()
		if !ok || first > at {
			break
		}
		t.now = first
		t.end(m)
	}
	t.now = max(t.now, at)
}

// next is the move under way that ends first.
func (t *Table) next() (m int32, at int64, ok bool) {
	for t.pace != nil {
		vm, at, ok := t.pace.Next()
		if !ok {
			break
		}
		m := t.of[vm]
		if at > t.Starts[m] {
			if len(t.underWay.Items) > 0 && t.underWay.Items[0].at <= at {
				break
			}
			return m, at, true
		}
		// A step of no length ends after all starts of its instant: it takes nothing of its limits any more.
		t.pace.End(vm, at)
		delete(t.of, vm)
		t.Ends[m] = t.Starts[m] + 1
		t.underWay.Push(end{t.Ends[m], m})
	}
	if len(t.underWay.Items) == 0 {
		return 0, 0, false
	}
	return t.underWay.Items[0].move, t.underWay.Items[0].at, true
}

func (t *Table) end(m int32) {
	move := &t.Moves[m]
	if on, paced := t.of[move.VM]; paced && on == m {
		t.pace.End(move.VM, t.now)
		delete(t.of, move.VM)
		t.Ends[m] = t.now
	} else {
		t.underWay.Pop()
	}
	t.state.End(move.VM)
	t.guard.End(concurrency.Needs{Uses: move.Uses})
	t.left--
	t.last = t.now
	t.openings.changes++
}

// Makespan is the last end so far.
func (t *Table) Makespan() int64 { return t.last }

// InOrder starts all moves in an order, none before those that stand before it, each as early as it may. An order that is
// a path always ends; else an error names a move that never may start.
func (p *Problem) InOrder(order []int32) (*Table, error) {
	t := p.NewTable()
	for _, m := range order {
		for t.Refuses(m) != Free {
			if _, ok := t.Advance(); !ok {
				return nil, NoPath(&p.Moves[m])
			}
		}
		t.Begin(m)
	}
	for !t.Done() {
		t.Advance()
	}
	return t, nil
}

// NoPath is the error of a move that cannot start although nothing is under way.
func NoPath(m *Move) error {
	return fmt.Errorf("step %d of the plan can never start: the plan is no path, or some step runs before one that has to precede it", m.Step+1)
}

// end is when a move ends.
type end struct {
	at   int64
	move int32
}

func (e end) before(o end) bool { return e.at < o.at || e.at == o.at && e.move < o.move }
