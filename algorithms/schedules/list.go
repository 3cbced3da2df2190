package schedules

import (
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// List is the entry of list scheduling.
func List() spec.Entry[Scheduler] {
	return spec.Entry[Scheduler]{
		Descriptor: spec.Descriptor{
			Name:     "list",
			Synopsis: "event-driven list scheduling, improved by restarts, justification and local search",
			Doc: "At each instant, all moves that may start do so, the most urgent first: those that take of the limit that is needed longest, " +
				"and those whose room others wait for. Then the search begins: tables with other weights and noise, and the best one with some of the moves that " +
				"end last started earlier. Each table is justified: scheduled backwards in the order of its ends, and forwards again in the order of the result, " +
				"for as long as that shortens it. The search ends when a schedule meets the lower bound, or after `patience` tables without a better one.",
			Params: []spec.Param{{
				Name: "patience", Type: spec.Int, Default: "5000", Bounds: spec.Between(0, math.MaxInt32), Unit: "tables",
				Doc: "the search ends after this many tables without a better one; 0 stops at the first table",
			}},
			Citation: "V. Valls, F. Ballestín, S. Quintanilla: Justification technique generalizations. In: Perspectives in Modern Project " +
				"Scheduling, 2006. https://doi.org/10.1007/978-0-387-33768-5_8",
		},
		New: func(a spec.Args) (Scheduler, error) { return list{a.Int("patience")}, nil },
	}
}

type list struct{ patience int64 }

// Schedule implements [Scheduler].
func (l list) Schedule(run *Run) error {
	s := &listSearch{Run: run, ahead: newDispatcher(run.Problem), order: newPrecedence(run.Problem), bias: make([]float64, len(run.Moves))}
	s.tails = s.ahead.tails()
	s.safe = s.ahead.newWitness(planned(run.Problem))
	if err := s.first(); err != nil || l.patience == 0 {
		return err
	}
	s.back = newDispatcher(mirrored(run.Problem))
	s.safeBack = s.back.newWitness(planned(run.Problem))
	s.justify(s.best)
	s.last, s.seen = s.best, slices.Clone(s.tails)
	if len(run.Moves) <= few {
		closeGap(run, 1<<14)
	}
	for turn, left := 0, l.patience; left > 0 && !run.Stop(); turn++ {
		before, best := run.tables, run.best
		s.choose()
		switch turn % 4 {
		case 1:
			s.nudge()
		case 3:
			s.relearn()
		default:
			s.restart()
		}
		if s.current != nil {
			s.justify(s.current)
		}
		if left -= run.tables - before; run.best != best {
			left = l.patience
			s.keep(run.best)
		}
	}
	return nil
}

// few is how many moves the exact search is tried on before any other.
const few = 12

// listSearch looks for ever shorter tables.
type listSearch struct {
	*Run
	ahead, back *dispatcher
	order       *precedence // what dead ends taught before the first table
	safe        *witness    // the order of the best table, or of the plan
	how         priorities  // of the next table
	safeBack    *witness
	free        [2]int    // tables without that order: tried, and filled
	tails, bias []float64 // by move
	seen        []float64
	last        *timetable.Table
	critical    []int32 // of the best table
	chainsOf    *timetable.Table
	current     *timetable.Table // nil where the last attempt came to a dead end
}

// first makes a table without noise that keeps the plan's order possible, and learns from dead ends where rules
// other than limits lead to such.
func (s *listSearch) first() error {
	for m := range s.bias {
		s.bias[m] = float64(s.Moves[m].Time) + s.tails[m]
	}
	for _, s.how.hold = range []bool{false, true} {
		s.try(s.ahead, 1)
	}
	if s.best != nil {
		return nil
	}
	s.how = priorities{1, s.bias, s.order, s.safe, false}
	for {
		t := s.ahead.fill(s.how)
		if t.Done() {
			s.Found(t)
			return nil
		}
		if err := s.order.learn(t); err != nil {
			return err
		}
	}
}

// keep makes the order of a table the one that others keep possible.
func (s *listSearch) keep(t *timetable.Table) {
	order := startOrder(t)
	s.safe = s.ahead.newWitness(order)
	n := int32(len(order))
	for i := range order {
		order[i] = n - 1 - order[i]
	}
	slices.Reverse(order)
	s.safeBack = s.back.newWitness(order)
}

// choose decides what the next table keeps to. That which avoids dead ends comes in as often as tables without it fail.
func (s *listSearch) choose() {
	s.how.hold, s.how.order, s.how.safe = s.Rand.IntN(2) == 0, nil, nil
	if s.Rand.Float64() > float64(s.free[1]+1)/float64(s.free[0]+1) {
		s.how.order, s.how.safe = s.order, s.safe
	}
}

// restart makes a table with other weights, and noise.
func (s *listSearch) restart() {
	load, tail, noise := 0.5+s.Rand.Float64(), 1.5*s.Rand.Float64(), 1.5*s.Rand.Float64()
	if s.Rand.IntN(2) == 0 {
		noise = math.Pow(10, -3*s.Rand.Float64())
	}
	for m := range s.bias {
		s.bias[m] = float64(s.Moves[m].Time)*(1+noise*s.Rand.Float64()) + tail*s.tails[m]*(1+noise*s.Rand.Float64()/4)
	}
	s.try(s.ahead, load)
}

// relearn makes a table by the tails that the tables before it showed.
func (s *listSearch) relearn() {
	for m, seen := range s.ahead.observed(s.last) {
		s.seen[m] = max(0.9*s.seen[m], seen)
	}
	noise := 0.1 * s.Rand.Float64()
	for m := range s.bias {
		s.bias[m] = float64(s.Moves[m].Time) + s.seen[m]*(1+noise*s.Rand.Float64())
	}
	s.try(s.ahead, s.Rand.Float64())
	if s.current != nil {
		s.last = s.current
	}
}

// nudge makes the table that the starts of the best one yield if a few moves come earlier on the chains that make it as long
// as it is.
func (s *listSearch) nudge() {
	if s.chainsOf != s.best {
		s.chainsOf, s.critical = s.best, s.critical[:0]
		for m, tail := range s.ahead.observed(s.best) {
			if float64(s.best.Ends[m])+tail >= float64(s.best.Makespan()) && s.best.Starts[m] > 0 {
				s.critical = append(s.critical, int32(m))
			}
		}
	}
	for m := range s.bias {
		s.bias[m] = -float64(s.best.Starts[m])
	}
	for range 1 + s.Rand.IntN(4) {
		if len(s.critical) > 0 {
			m := s.critical[s.Rand.IntN(len(s.critical))]
			s.bias[m] *= s.Rand.Float64()
		}
	}
	s.try(s.ahead, 0)
}

// try fills a table with the biases at hand.
func (s *listSearch) try(d *dispatcher, load float64) {
	how := s.how
	how.load, how.bias = load, s.bias
	if d == s.back {
		how.order, how.safe = nil, s.safeBack
	}
	s.current = d.fill(how)
	done := s.current.Done()
	if d == s.ahead && how.safe == nil {
		s.free[0]++
		if done {
			s.free[1]++
		}
	}
	switch {
	case !done:
		s.tables++
		s.current = nil
	case d == s.ahead:
		s.Found(s.current)
	default:
		s.tables++
	}
}

// justify shortens a table by scheduling it backwards and forwards in turn.
func (s *listSearch) justify(t *timetable.Table) {
	n := len(s.bias)
	for !s.Stop() {
		for m := range s.bias {
			s.bias[n-1-m] = float64(t.Ends[m])
		}
		if s.try(s.back, 0); s.current == nil {
			return
		}
		for m := range s.bias {
			s.bias[m] = float64(s.current.Ends[n-1-m])
		}
		if s.try(s.ahead, 0); s.current == nil || s.current.Makespan() >= t.Makespan() {
			return
		}
		t = s.current
	}
}

// mirrored is the reversed problem with its moves in the opposite order too, which is then that of a path.
func mirrored(p *timetable.Problem) *timetable.Problem {
	r := p.Reversed()
	n := int32(len(r.Moves))
	at := func(m int32) int32 {
		if m < 0 {
			return m
		}
		return n - 1 - m
	}
	moves := make([]timetable.Move, n)
	for i, m := range r.Moves {
		m.Before, m.After = at(m.Before), at(m.After)
		moves[at(int32(i))] = m
	}
	r.Moves = moves
	return r
}

// planned is the order of the plan.
func planned(p *timetable.Problem) []int32 {
	out := make([]int32, len(p.Moves))
	for m := range out {
		out[m] = int32(m)
	}
	return out
}
