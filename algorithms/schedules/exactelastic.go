package schedules

import (
	"encoding/binary"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
)

// elasticSearch tries starts at 0 and at ends under an elastic model. What a pace did cannot be taken back, so every branch is a table
// made anew. It proves nothing: a schedule in which a step starts at another instant may be shorter, as those under way go faster until then.
type elasticSearch struct {
	run       *Run
	tails     []int64
	order     []int32 // the most urgent first
	decisions []int32 // moves to start, and waits
	seen      map[string]bool
	nodes     int64 // left
}

// await is the decision to start nothing more at the current instant.
const await int32 = -1

func newElasticSearch(run *Run, nodes int64) *elasticSearch {
	s := &elasticSearch{run: run, tails: bounds.Tails(run.Problem), seen: map[string]bool{}, nodes: nodes}
	s.order = urgent(run, s.tails)
	return s
}

// from tries all ways on from the decisions. O(moves) for each, apart from the pace.
func (s *elasticSearch) from() {
	if s.nodes == 0 || s.run.Stop() {
		return
	}
	s.nodes--
	t := s.replay()
	if t.Done() {
		s.run.Found(t)
		return
	}
	if s.late(t) || s.known(t) {
		return
	}
	for _, m := range s.order {
		if t.Starts[m] < 0 && t.Refuses(m) == timetable.Free {
			s.decide(m)
		}
	}
	if !t.Idle() {
		s.decide(await)
	}
}

func (s *elasticSearch) decide(d int32) {
	s.decisions = append(s.decisions, d)
	s.from()
	s.decisions = s.decisions[:len(s.decisions)-1]
}

func (s *elasticSearch) replay() *timetable.Table {
	t := s.run.NewTable()
	for _, d := range s.decisions {
		if d == await {
			t.Advance()
		} else {
			t.Begin(d)
		}
	}
	return t
}

// late tells whether a table cannot become shorter than the best one.
func (s *elasticSearch) late(t *timetable.Table) bool {
	last := int64(anyLength)
	if s.run.meets() {
		last = s.run.Best().Makespan() - 1
	}
	for m, start := range t.Starts {
		if start < 0 {
			start = t.Now()
		}
		if end := start + s.run.Moves[m].Time; end+s.tails[m] > last || end > s.run.Moves[m].Due {
			return true
		}
	}
	return t.Now() > last
}

// known tells whether a table was met before in which everything started when it did in this one, and notes it.
func (s *elasticSearch) known(t *timetable.Table) bool {
	key := binary.AppendVarint(nil, t.Now())
	for _, start := range t.Starts {
		key = binary.AppendVarint(key, start)
	}
	before := s.seen[string(key)]
	if len(s.seen) < mostFailed {
		s.seen[string(key)] = true
	}
	return before
}
