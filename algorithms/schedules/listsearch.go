package schedules

import (
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
)

// listSearch looks for ever shorter tables.
type listSearch struct {
	*Run
	ahead, back    *dispatcher      // of the problem, and of the mirrored one
	how            priorities       // of the next table
	safe, safeBack *witness         // the order of the best table, or of the plan
	order          *precedence      // learned from dead ends before the first table
	free           [2]int           // tables without these two: tried, and filled
	current        *timetable.Table // nil where the last attempt came to a dead end

	tails, bias []float64        // by move
	seen        []float64        // by move: tails that tables showed
	last        *timetable.Table // that showed them last
	base        *timetable.Table // of nudges
	critical    []int32          // moves of the base on the longest chains; nil: not known yet
	pressing    []float64        // by move: see Run.pressing
	lazy        []bool           // by move: see Run.lazy
}

// first makes tables without noise. Where all of them come to a dead end, it makes one that keeps the plan's order possible, and learns from
// dead ends to which rules other than limits lead.
func (s *listSearch) first() error {
	for m := range s.bias {
		s.bias[m] = float64(s.Moves[m].Time) + s.tails[m]
	}
	for i := range 4 {
		s.how.hold, s.how.drain = i%2 == 1, i >= 2
		s.try(s.ahead, 1)
	}
	if s.pressing != nil && !s.meets() {
		s.how.lazy = s.lazy
		s.press(4)
		s.try(s.ahead, 1)
	}
	if s.best != nil {
		return nil
	}
	s.how = priorities{load: 1, bias: s.bias, order: s.order, safe: s.safe}
	for !s.Stop() {
		t := s.ahead.fill(s.how)
		if t.Done() {
			s.Found(t)
			return nil
		}
		if err := s.order.learn(t); err != nil {
			return err
		}
	}
	t, err := s.InOrder(planned(s.Problem))
	if err == nil {
		s.Found(t)
	}
	return err
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
	s.how.hold, s.how.drain, s.how.order, s.how.safe = s.Rand.IntN(2) == 0, s.Rand.IntN(2) == 0, nil, nil
	if s.how.lazy = nil; s.lazy != nil && s.Rand.IntN(2) == 0 {
		s.how.lazy = s.lazy
	}
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
	if s.pressing != nil && s.Rand.IntN(3) > 0 {
		s.press(4 * s.Rand.Float64())
	}
	s.try(s.ahead, load)
}

// press makes moves more urgent that SLAs press for, by a weight relative to the urgency of others.
func (s *listSearch) press(weight float64) {
	most := slices.Max(s.bias)
	for m, p := range s.pressing {
		s.bias[m] += weight * most * p
	}
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

// nudge makes the table that the starts of another one yield if a few moves come earlier on the chains that make it as long
// as it is. It goes on from the result unless that is longer, and from the best table where none was shorter for a while.
func (s *listSearch) nudge() {
	if s.base == nil || (s.base.Makespan() > s.best.Makespan() || s.excess(s.base) > s.Run.unmet) && s.Rand.IntN(20) == 0 {
		s.base, s.critical = s.best, nil
	}
	if s.critical == nil && s.excess(s.base) > 0 {
		s.critical = s.late(s.base)
	}
	if s.critical == nil {
		for m, tail := range s.ahead.observed(s.base) {
			if float64(s.base.Ends[m])+tail >= float64(s.base.Makespan()) && s.base.Starts[m] > 0 {
				s.critical = append(s.critical, int32(m))
			}
		}
	}
	for m := range s.bias {
		s.bias[m] = -float64(s.base.Starts[m])
	}
	for range 1 + s.Rand.IntN(4) {
		if len(s.critical) > 0 {
			m := s.critical[s.Rand.IntN(len(s.critical))]
			s.bias[m] *= s.Rand.Float64()
		}
	}
	if s.try(s.ahead, 0); s.current != nil && s.goesOn() {
		s.base, s.critical = s.current, nil
	}
}

// goesOn tells whether the current table is good enough for the search to go on from it.
func (s *listSearch) goesOn() bool {
	if now, before := s.excess(s.current), s.excess(s.base); now != before {
		return now < before
	}
	return float64(s.current.Makespan()) <= float64(s.base.Makespan())*(1+s.slack())
}

// late lists the moves of a table that end too late, and those that leave the hosts to which these go, before they start.
func (s *listSearch) late(t *timetable.Table) []int32 {
	wait := make([]int64, len(s.Instance.Hosts)) // by host: the last start of a late move there
	var out []int32
	for m := range s.Moves {
		if move := &s.Moves[m]; t.Ends[m] > move.Due {
			out = append(out, int32(m))
			if move.To >= 0 {
				wait[move.To] = max(wait[move.To], t.Starts[m])
			}
		}
	}
	for m := range s.Moves {
		if from := s.Moves[m].From; from >= 0 && t.Ends[m] <= wait[from] && t.Starts[m] > 0 {
			out = append(out, int32(m))
		}
	}
	return out
}

// slack is by how much a table may be longer than the one that it comes from for the search to go on from it.
func (s *listSearch) slack() float64 {
	if s.Rand.IntN(10) == 0 {
		return 0.01
	}
	return 0
}

// try fills a table with the biases at hand.
func (s *listSearch) try(d *dispatcher, load float64) {
	how := s.how
	how.load, how.bias = load, s.bias
	if d == s.back {
		how.order, how.safe, how.lazy = nil, s.safeBack, nil
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
