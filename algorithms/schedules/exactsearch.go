package schedules

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
)

// exactSearch answers whether a schedule of at most some length exists. It goes through time depth first and takes back what it did.
type exactSearch struct {
	run      *Run
	tails    []int64
	order    []int32         // the most urgent first
	twin     []int32         // an equal move that has to start before, or -1
	users    [][]int32       // by limit: its moves, the longest tail first
	leave    [][]int32       // by host: the moves from there
	come     [][]int32       // by host: the moves there
	limiters []cloud.Limiter // of the rules
	simple   bool            // see bySumOrWay
	dated    bool            // some move has windows or a due time, so that it matters what time it is

	state    *cloud.State
	used     []int64 // by limit
	now      int64
	ends     []int64 // by move; 0: not started
	ended    []bool
	asleep   []bool // could have started at an instant before, and nothing has come in its way since
	underWay []int32
	begun    []int32 // in the order of starts
	starts   []int64

	limit       int64 // the length that is asked for
	nodes, last int64 // starts, and instants left, so far and at most
	pause       int64 // nodes between two looks at the clock
	halted      bool
	failed      map[string]int64 // by situation: the time that did not suffice
	earliest    []int64
	leaving     []int32
	key         []byte
}

// answer is one of the following.
type answer int

const (
	no answer = iota
	yes
	unknown // the search was cut short
)

// mostFailed bounds the memory of the search: a situation takes about 100 bytes.
const mostFailed = 1 << 21

func newExactSearch(run *Run) *exactSearch {
	n := len(run.Moves)
	s := &exactSearch{
		run: run, tails: bounds.Tails(run.Problem), users: make([][]int32, len(run.Limits)), leave: make([][]int32, len(run.Instance.Hosts)),
		come:  make([][]int32, len(run.Instance.Hosts)),
		state: cloud.NewState(run.Instance, run.Rules, run.Start), used: make([]int64, len(run.Limits)), ends: make([]int64, n), ended: make([]bool, n),
		pause: max(4096/int64(max(n, 1)), 1), asleep: make([]bool, n), starts: make([]int64, n), failed: map[string]int64{}, earliest: make([]int64, n),
	}
	s.simple = !slices.ContainsFunc(run.Rules, func(r cloud.Rule) bool { return r.Continuous() && !bySumOrWay(run.Instance, r) })
	for _, r := range run.Rules {
		if l, ok := r.(cloud.Limiter); ok && r.Continuous() {
			s.limiters = append(s.limiters, l)
		}
	}
	s.dated = slices.ContainsFunc(run.Moves, func(m timetable.Move) bool { return len(m.Closed) > 0 || m.Due < timetable.NoDue })
	s.order = urgent(run, s.tails)
	for _, m := range sorted(run.Problem, func(m int32) int64 { return -s.tails[m] }) {
		for _, u := range run.Moves[m].Uses {
			s.users[u.Limit] = append(s.users[u.Limit], m)
		}
		if h := run.Moves[m].From; h != cloud.Absent {
			s.leave[h] = append(s.leave[h], m)
		}
		if h := run.Moves[m].To; h != cloud.Absent {
			s.come[h] = append(s.come[h], m)
		}
	}
	s.twin = s.twins()
	return s
}

// bySumOrWay tells whether a rule bounds sums on hosts, or depends on nothing but the move: then room for a move can appear only
// because another arrives that left its destination, and what fits together does so whichever starts first.
func bySumOrWay(in *cloud.Instance, r cloud.Rule) bool {
	if e, ok := r.(cloud.EarlyLimiter); ok {
		for resource := range in.Resources {
			if e.FreesEarly(resource) {
				return false
			}
		}
	}
	switch r.(type) {
	case cloud.Limiter, cloud.HostFilter, cloud.WayFilter:
		return true
	}
	return false
}

// twins finds for each move the one before it in the order that differs in nothing.
func (s *exactSearch) twins() []int32 {
	out := make([]int32, len(s.order))
	for i, m := range s.order {
		out[m] = -1
		for _, o := range slices.Backward(s.order[:i]) {
			if s.simple && s.equal(m, o) {
				out[m] = o
				break
			}
		}
	}
	return out
}

func (s *exactSearch) equal(a, b int32) bool {
	m, o := &s.run.Moves[a], &s.run.Moves[b]
	if m.From != o.From || m.To != o.To || m.Time != o.Time || m.Before >= 0 || o.Before >= 0 || m.After >= 0 || o.After >= 0 ||
		s.tails[a] != s.tails[b] || m.Due != o.Due || !slices.Equal(m.Closed, o.Closed) || !slices.Equal(m.Uses, o.Uses) || !slices.Equal(s.run.Instance.VMs[m.VM].Demand, s.run.Instance.VMs[o.VM].Demand) {
		return false
	}
	return !slices.ContainsFunc(s.run.Rules, func(r cloud.Rule) bool {
		watched := r.Watches()
		return r.Continuous() && slices.Contains(watched, m.VM) != slices.Contains(watched, o.VM)
	})
}

// ask tells whether a schedule of that length exists, and the run of one, if so. Last is the number of the node at which it gives up.
func (s *exactSearch) ask(length, last int64) answer {
	s.limit, s.last, s.halted = length, last, false
	switch {
	case s.instant():
		return yes
	case s.halted:
		return unknown
	}
	return no
}

// instant goes on from an instant at which nothing was left for later. Where rules are not simple, a start may make
// another one possible, so that all orders of the starts of an instant are tried.
func (s *exactSearch) instant() bool {
	rest := s.limit - s.now
	situation := s.situation()
	if enough, met := s.failed[situation]; met && rest <= enough {
		return false
	}
	var may []int32
	for _, m := range s.order {
		if s.ends[m] == 0 && !s.asleep[m] && s.ready(m) && s.free(m) {
			may = append(may, m)
		}
	}
	branch := s.choose
	if !s.simple {
		branch = s.permute
	}
	found := branch(may)
	if !found && !s.halted && len(s.failed) < mostFailed {
		s.failed[situation] = rest
	}
	return found
}

// situation is all that has a say in what may follow: what has ended, what is under way for how long, and what sleeps.
func (s *exactSearch) situation() string {
	s.key = s.key[:0]
	if s.dated {
		s.key = binary.AppendVarint(binary.AppendVarint(s.key, s.now), s.changed())
	}
	for m, end := range s.ends {
		switch {
		case s.ended[m]:
			s.key = append(s.key, 0)
		case end > 0:
			s.key = binary.AppendUvarint(s.key, uint64(end-s.now)+2)
		case s.asleep[m]:
			s.key = append(s.key, 2)
		default:
			s.key = append(s.key, 1)
		}
	}
	return string(s.key)
}

// choose starts some of the moves that may start now, or all, or none.
func (s *exactSearch) choose(may []int32) bool {
	for i, m := range may {
		if t := s.twin[m]; t >= 0 && s.ends[t] == 0 || !s.free(m) {
			continue
		}
		if s.tooLate(m, s.now) {
			return false
		}
		if s.spent() {
			return false
		}
		s.begin(m)
		found := s.choose(may[i+1:])
		s.cancel(m)
		if found || s.halted || !s.contested(m) {
			return found
		}
	}
	return s.pass()
}

// permute starts one of the moves that may start now, or none.
func (s *exactSearch) permute(may []int32) bool {
	for _, m := range may {
		if s.tooLate(m, s.now) {
			return false
		}
		if s.spent() {
			return false
		}
		s.begin(m)
		found := s.instant()
		s.cancel(m)
		if found || s.halted {
			return found
		}
	}
	return s.pass()
}

// spent counts a node, and tells whether the search is over.
func (s *exactSearch) spent() bool {
	s.nodes++
	s.halted = s.halted || s.nodes > s.last || s.nodes%s.pause == 0 && s.run.Stop()
	return s.halted
}

// pass goes to the next end.
func (s *exactSearch) pass() bool {
	if s.spent() {
		return false
	}
	if len(s.begun) == len(s.ends) {
		return s.finish()
	}
	next := s.next()
	if next == math.MaxInt64 || !s.fits(next) {
		return false
	}
	slept := slices.Clone(s.asleep)
	for m := range s.asleep {
		s.asleep[m] = s.simple && s.ends[m] == 0 && s.ready(int32(m)) && s.free(int32(m))
	}
	before, over := s.now, s.endAt(next)
	s.now = next
	found := s.instant()
	s.now = before
	s.takeBack(over)
	s.asleep = slept
	return found
}

// next is the next instant at which a move ends, or may start that a window closes now; MaxInt64 where there is none.
func (s *exactSearch) next() int64 {
	next := int64(math.MaxInt64)
	for _, m := range s.underWay {
		next = min(next, s.ends[m])
	}
	if !s.dated {
		return next
	}
	since := s.changed() // if a move starts later than it could have since then, it could as well have started sooner
	for m := range s.run.Moves {
		if move := &s.run.Moves[m]; s.ends[m] == 0 && len(move.Closed) > 0 {
			if at, ok := move.Open(since); ok && at > s.now {
				next = min(next, at)
			}
		}
	}
	return next
}

// changed is when anything started or ended last.
func (s *exactSearch) changed() int64 {
	last := int64(0)
	for m, end := range s.ends {
		if s.ended[m] {
			last = max(last, end)
		} else if end > 0 {
			last = max(last, s.starts[m])
		}
	}
	return last
}

// tooLate tells whether a start at an instant would leave too little time.
func (s *exactSearch) tooLate(m int32, at int64) bool {
	move := &s.run.Moves[m]
	return at > s.limit-s.tails[m]-move.Time || at > move.Due-move.Time
}

func (s *exactSearch) takes(m, limit int32) int64 {
	for _, u := range s.run.Moves[m].Uses {
		if u.Limit == limit {
			return u.Least
		}
	}
	return 0
}

// ready tells whether the earlier move of the same VM has ended.
func (s *exactSearch) ready(m int32) bool {
	b := s.run.Moves[m].Before
	return b < 0 || s.ended[b]
}

// lacks is a limit that leaves too little for a move, or -1.
func (s *exactSearch) lacks(m int32) int32 {
	for _, u := range s.run.Moves[m].Uses {
		if s.used[u.Limit]+u.Least > s.run.Limits[u.Limit].Capacity {
			return u.Limit
		}
	}
	return -1
}

// free tells whether nothing keeps a move that is ready from starting now.
func (s *exactSearch) free(m int32) bool {
	if at, ok := s.run.Moves[m].Open(s.now); !ok || at > s.now {
		return false
	}
	return s.lacks(m) < 0 && s.state.Allows(s.run.Moves[m].VM, s.run.Moves[m].To)
}

func (s *exactSearch) begin(m int32) {
	move := &s.run.Moves[m]
	s.state.Begin(move.VM, move.To)
	s.use(m, 1)
	s.ends[m], s.starts[m] = s.now+move.Time, s.now
	s.underWay, s.begun = append(s.underWay, m), append(s.begun, m)
}

// cancel takes the latest start back.
func (s *exactSearch) cancel(m int32) {
	move := &s.run.Moves[m]
	s.state.End(move.VM)
	s.state.Jump(move.VM, move.From)
	s.use(m, -1)
	s.ends[m] = 0
	s.underWay, s.begun = s.underWay[:len(s.underWay)-1], s.begun[:len(s.begun)-1]
}

func (s *exactSearch) use(m int32, sign int64) {
	for _, u := range s.run.Moves[m].Uses {
		s.used[u.Limit] += sign * u.Least
	}
}

// endAt ends what ends then. It returns all that was under way before, those that ended last.
func (s *exactSearch) endAt(at int64) (before []int32) {
	before = s.underWay
	s.underWay = nil
	for _, m := range before {
		if s.ends[m] > at {
			s.underWay = append(s.underWay, m)
			continue
		}
		s.state.End(s.run.Moves[m].VM)
		s.use(m, -1)
		s.ended[m] = true
	}
	return before
}

// takeBack undoes endAt.
func (s *exactSearch) takeBack(before []int32) {
	for _, m := range slices.Backward(before) {
		if s.ended[m] {
			move := &s.run.Moves[m]
			s.state.Jump(move.VM, move.From)
			s.state.Begin(move.VM, move.To)
			s.use(m, 1)
			s.ended[m] = false
		}
	}
	s.underWay = before
}

// finish makes a table of the starts.
func (s *exactSearch) finish() bool {
	t := s.run.NewTable()
	for _, m := range s.begun {
		t.Until(s.starts[m])
		if t.Now() != s.starts[m] || t.Refuses(m) != timetable.Free {
			panic("schedules: the exact search starts a move that may not start")
		}
		t.Begin(m)
	}
	for !t.Done() {
		t.Advance()
	}
	if t.Makespan() > s.limit {
		return false
	}
	s.run.Found(t)
	return s.run.meets()
}
