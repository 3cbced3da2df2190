package bidirectional

import (
	"slices"
	"unsafe"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
)

// unknown is the estimate of a state that was not computed yet.
const unknown = -1

// side is the search from one end.
type side struct {
	run         *paths.Run
	state       *space.State
	layout      *space.Layout
	table       *space.Table
	heuristic   space.Heuristic
	incremental space.Incremental // nil where the heuristic is not
	moves       func(out []space.Move, ask *space.Asker) ([]space.Move, bool)
	ask         *space.Asker      // while moves are listed
	other       *side             // the search from the other end
	met         func(i, j uint32) // is told of a state here and on the other side over which a better path leads

	// Open states wait by their evaluation g + h until it is no more than the bound,
	// and then stand ready by g. An estimate that is not incremental is computed when
	// a state goes from the one to the other; until then the parent's stands in.
	waiting, ready *space.Queue
	estimates      []int64 // by state, where the heuristic is not incremental

	at, child []uint64
	steps     []space.Move
	looks     []look
}

// look is one successor on its way into the table.
type look struct {
	hash    uint64
	h       int64
	touched uint64
}

// makeSide makes the search from an end.
func makeSide(run *paths.Run, e end, l *space.Layout, wide bool) *side {
	d := &side{
		run: run, state: space.NewState(e.p, l), layout: l, table: space.NewTable(l.Words(), wide), heuristic: e.heuristic,
		waiting: space.NewQueue(), ready: space.NewQueue(),
		at: make([]uint64, l.Words()), child: make([]uint64, l.Words()),
	}
	d.incremental, _ = d.heuristic.(space.Incremental)
	d.moves = d.state.MovesWhile
	d.ask = space.NewAsker(func(room int) bool { return run.Look() && run.MayHold(d.both(room), d.states()) })
	l.Pack(e.p.Start, d.at)
	start, _ := d.table.Find(d.at, space.Hash(d.at))
	d.table.SetWay(start, 0, space.NoParent)
	return d
}

// begin puts the start into the queue.
func (d *side) begin() error {
	h := d.heuristic.Estimate(d.state)
	if d.incremental == nil {
		d.estimates = append(d.estimates, h)
	}
	if h == space.DeadEnd {
		return nil
	}
	if h > space.MaxCost {
		return space.ErrTooLarge
	}
	d.waiting.Push(h, 0)
	return nil
}

// bytes is the memory held.
func (d *side) bytes() int64 {
	return d.table.Bytes() + d.waiting.Bytes() + d.ready.Bytes() + int64(cap(d.estimates))*8
}

// fits accounts for what both sides hold and tells whether the search may go on.
func (d *side) fits() bool { return d.run.Memory(d.both(cap(d.steps)), d.states()) }

// states is how many states both sides store.
func (d *side) states() int64 { return int64(d.table.Len()) + int64(d.other.table.Len()) }

// both is what both sides hold, with room for that number of steps out of a state. Each will be
// looked up.
func (d *side) both(room int) int64 {
	bytes := d.bytes() + d.other.bytes()
	if n := int64(room); n > fewSteps {
		bytes += n * int64(unsafe.Sizeof(space.Move{})+unsafe.Sizeof(look{}))
	}
	return bytes
}

// fewSteps are no more steps out of a state than it is worth to account for.
const fewSteps = 1 << 16

// exhausted tells whether no open state is left.
func (d *side) exhausted() bool {
	d.clean()
	return d.ready.Len() == 0 && d.waiting.Len() == 0
}

// clean removes entries of expanded states from the head of the ready ones.
func (d *side) clean() {
	for d.ready.Len() > 0 {
		if _, i := d.ready.Peek(); !d.table.Closed(i) {
			return
		}
		d.ready.Pop()
	}
}

// rouse takes the state of the least evaluation out of the waiting ones and makes it
// ready, unless it turns out that it is not, given the bound.
func (d *side) rouse(bound int64) error {
	_, i := d.waiting.Pop()
	if d.table.Closed(i) {
		return nil
	}
	g, _ := d.table.Way(i)
	if d.incremental == nil && d.estimates[i] != unknown && g+d.estimates[i] > bound {
		return nil // an entry of an older way; one of this way waits as well
	}
	if d.incremental == nil && d.estimates[i] == unknown {
		d.state.Visit(d.table.Key(i))
		h := d.heuristic.Estimate(d.state)
		d.estimates[i] = h
		switch best, found := d.run.Best(); {
		case h == space.DeadEnd, found && h >= best-g:
			d.table.SetClosed(i, true)
			return nil
		case h > space.MaxCost:
			return space.ErrTooLarge
		case g+h > bound:
			d.waiting.Push(g+h, i)
			return nil
		}
	}
	d.ready.Push(g, i)
	return nil
}

// expand expands the ready state of the least g. It tells whether the search may go on.
func (d *side) expand() (bool, error) {
	_, i := d.ready.Pop()
	g, _ := d.table.Way(i)
	copy(d.at, d.table.Key(i))
	d.state.Visit(d.at)
	var h int64
	if d.incremental != nil {
		h = d.heuristic.Estimate(d.state)
	} else {
		h = d.estimates[i]
	}
	best, found := d.run.Best()
	if h == space.DeadEnd || found && h >= best-g {
		d.table.SetClosed(i, true) // no better plan leads through here
		return true, nil
	}
	if h > space.MaxCost || g > space.MaxCost {
		return false, space.ErrTooLarge
	}
	if j, ok := d.other.table.Lookup(d.at, space.Hash(d.at)); ok {
		if rest, _ := d.other.table.Way(j); rest <= h {
			// The other side's way is proved the cheapest there is from here to its
			// end, and the path of both was found when they met.
			d.table.SetClosed(i, true)
			return true, nil
		}
	}
	if !d.run.Expand() {
		return false, nil
	}
	d.table.SetClosed(i, true)
	steps, all := d.moves(d.steps[:0], d.ask)
	if d.steps = steps; !all {
		return false, nil
	}
	d.run.Generated(int64(len(d.steps)))
	d.looks = slices.Grow(d.looks[:0], len(d.steps))[:len(d.steps)]
	copy(d.child, d.at)
	// First look where every successor would lie, then deal with them one by one: the
	// tables are larger than any cache.
	for n := range d.steps {
		if n%space.SuccessorsBetweenLooks == space.SuccessorsBetweenLooks-1 && !d.run.Look() {
			return false, nil
		}
		m, l := &d.steps[n], &d.looks[n]
		if d.incremental != nil {
			l.h = d.incremental.After(h, d.state, *m)
		} else {
			l.h = max(h-m.Cost, 0)
		}
		d.step(m)
		l.hash = space.Hash(d.child)
		copy(d.child, d.at)
		l.touched = d.table.Touch(l.hash) ^ d.other.table.Touch(l.hash)
	}
	for n := range d.steps {
		m, l := &d.steps[n], &d.looks[n]
		switch {
		case l.h == space.DeadEnd:
			continue
		case m.Cost > space.MaxCost-g || l.h > space.MaxCost:
			return false, space.ErrTooLarge
		case found && g+m.Cost+l.h >= best:
			continue
		case n%space.SuccessorsBetweenLooks == space.SuccessorsBetweenLooks-1 && !(d.fits() && d.run.Look()):
			return false, nil
		}
		d.step(m)
		err := d.reach(i, g+m.Cost, l.h, l.hash)
		copy(d.child, d.at)
		if err != nil {
			return false, err
		}
	}
	return true, nil
}

// step makes d.child the state after a move out of d.at.
func (d *side) step(m *space.Move) {
	d.layout.Step(d.child, int(m.Pos), d.state.Host[m.Pos], m.To)
}

// reach notes a way to the state in d.child, and a path where the other side has been
// there.
func (d *side) reach(parent uint32, g, h int64, hash uint64) error {
	if !d.table.Holds(g) {
		return space.ErrNarrow
	}
	i, added := d.table.Find(d.child, hash)
	switch {
	case added && d.incremental == nil:
		d.estimates = append(d.estimates, unknown)
	case !added:
		if old, _ := d.table.Way(i); g >= old {
			return nil
		}
		if d.incremental == nil && d.estimates[i] != unknown {
			if h = d.estimates[i]; h == space.DeadEnd {
				return nil
			}
		}
		if d.table.Closed(i) {
			d.table.SetClosed(i, false)
			d.run.Reopened(1)
		}
	}
	d.table.SetWay(i, g, parent)
	if j, ok := d.other.table.Lookup(d.child, hash); ok {
		rest, _ := d.other.table.Way(j)
		if best, found := d.run.Best(); !found || g+rest < best {
			d.met(i, j)
		}
	}
	d.waiting.Push(g+h, i)
	return nil
}
