package timetable

import (
	"fmt"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
	"github.com/cloudrearrange/rearrange/cloud/slas"
	"github.com/cloudrearrange/rearrange/internal/heaps"
)

// abilities lists the SLAs that have an ability.
func abilities[T slas.SLA](p *Problem) []T {
	var out []T
	for _, s := range p.SLAs {
		if able, ok := s.(T); ok {
			out = append(out, able)
		}
	}
	return out
}

// LimitsOf lists the limits of a model of concurrency, and those of SLAs after them.
func LimitsOf(m concurrency.Model, levels []slas.SLA) []concurrency.Limit {
	out := m.Limits()
	for _, s := range levels {
		if l, ok := s.(slas.Limiter); ok {
			out = append(slices.Clip(out), l.Limits()...)
		}
	}
	return out
}

// Needs is what a step asks for: of the limits of the model, and of those of the SLAs.
func (p *Problem) Needs(step *cloud.Step) concurrency.Needs {
	n := p.Model.Needs(step)
	base := int32(len(p.Model.Limits()))
	for _, l := range abilities[slas.Limiter](p) {
		for _, u := range l.Uses(step) {
			n.Uses = append(slices.Clip(n.Uses), concurrency.Use{Limit: base + u.Limit, Least: u.Least, Full: u.Full})
		}
		base += int32(len(l.Limits()))
	}
	return n
}

// readTimes asks the SLAs when moves may be under way, and when they have to have ended.
func (p *Problem) readTimes() error {
	_, elastic := p.Model.(concurrency.Elastic)
	for _, c := range abilities[slas.Closer](p) {
		for i := range p.Moves {
			m := &p.Moves[i]
			closed := c.Closed(&p.Plan.Steps[m.Step])
			if len(closed) > 0 && elastic {
				return fmt.Errorf("SLA %s: under %s it is not known when a step starts when it will end: expected a model under which steps do not slow each other down", c, p.Model)
			}
			for _, w := range closed {
				m.Closed = append(m.Closed, w.Shift(p.DownTime))
			}
		}
	}
	for _, d := range abilities[slas.Dater](p) {
		last := int64(NoDue)
		for _, i := range p.Ups {
			if at, ok := d.Due(&p.Plan.Steps[i]); ok { // all provisions end together
				last = min(last, at-p.UpTime)
			}
		}
		for i := range p.Moves {
			m := &p.Moves[i]
			at, ok := d.Due(&p.Plan.Steps[m.Step])
			if !ok {
				at = NoDue
			}
			if at = min(at, last); at < NoDue {
				m.Due = min(m.Due, at-p.DownTime)
			}
		}
	}
	return nil
}

// OpensAt tells whether a window of an SLA that is closed to a step ends when it starts.
func (p *Problem) OpensAt(step *cloud.Step) bool {
	for _, c := range abilities[slas.Closer](p) {
		for _, w := range c.Closed(step) {
			if step.Start == w.To || w.Every > 0 && step.Start > w.To && (step.Start-w.To)%w.Every == 0 {
				return true
			}
		}
	}
	return false
}

// Relaxed is the problem without closed windows and due times.
func (p *Problem) Relaxed() *Problem {
	out := *p
	out.Moves = slices.Clone(p.Moves)
	for i := range out.Moves {
		out.Moves[i].Closed, out.Moves[i].Due = nil, NoDue
	}
	return &out
}

// mostWindows is how many windows are looked at for one start, where several come again and again.
const mostWindows = 1 << 14

// Open is the first start of a move from an instant on that no window closes; false where none was found.
func (m *Move) Open(at int64) (int64, bool) {
	for range mostWindows {
		before := at
		for _, w := range m.Closed {
			var ok bool
			if at, ok = w.Open(at, m.Time); !ok {
				return 0, false
			}
		}
		if at == before {
			return at, true
		}
	}
	return 0, false
}

// openings are the instants at which moves may start that were refused because of a closed window.
type openings struct {
	heap    heaps.Heap[end]
	changes int64   // starts and ends so far
	woken   []int64 // by move: changes, plus 1, when an opening was noted last; nil where no window is closed
}

func newOpenings(p *Problem) openings {
	o := openings{heap: heaps.Heap[end]{Before: end.before}}
	if slices.ContainsFunc(p.Moves, func(m Move) bool { return len(m.Closed) > 0 }) {
		o.woken = make([]int64, len(p.Moves))
	}
	return o
}

// wake notes an opening, unless one was noted since anything started or ended.
func (o *openings) wake(m int32, at int64) {
	if o.woken[m] != o.changes+1 {
		o.woken[m] = o.changes + 1
		o.heap.Push(end{at, m})
	}
}

// next is the first opening for a move that has not started.
func (o *openings) next(t *Table) (at int64, ok bool) {
	for len(o.heap.Items) > 0 {
		if first := o.heap.Items[0]; first.at > t.now && t.Starts[first.move] < 0 {
			return first.at, true
		}
		o.heap.Pop()
	}
	return 0, false
}

// over forgets the openings that have come, and tells whether there were any for moves that have not started.
func (o *openings) over(t *Table) bool {
	any := false
	for len(o.heap.Items) > 0 && o.heap.Items[0].at <= t.now {
		any = any || t.Starts[o.heap.Items[0].move] < 0
		o.heap.Pop()
	}
	return any
}
