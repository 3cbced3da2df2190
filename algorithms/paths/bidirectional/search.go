package bidirectional

import (
	"math"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
)

type searcher struct{ heuristic bounds.Maker }

// Search implements [paths.Searcher].
func (b searcher) Search(run *paths.Run) error {
	layout, ok := space.Prepare(run)
	if !ok {
		return nil
	}
	ends, ok := b.look(run, layout)
	if !ok {
		return nil
	}
	space.Widen(run, func(wide bool) error { return newSearch(run, layout, ends, wide).loop() })
	return nil
}

// end is what the search from one end is about: the problem, which is the original one or
// the reversed one, and what its heuristic says.
type end struct {
	p         *paths.Problem
	heuristic space.Heuristic
}

// look makes the ends, the start first. False: the run has to end.
func (b searcher) look(run *paths.Run, l *space.Layout) (ends [2]end, ok bool) {
	p := run.Problem
	back := reversed(p, l, run.Look)
	if !run.Keep(int64(len(p.Start)) * 8) {
		return ends, false
	}
	shown := relaxed(back, suspends(l))
	ends = [2]end{{p, b.heuristic(run, p, l)}, {back, b.heuristic(run, shown, l)}}
	return ends, ends[0].heuristic != nil && ends[1].heuristic != nil
}

// suspends tells whether some VM may be suspended.
func suspends(l *space.Layout) bool {
	for i := range l.Len() {
		if l.Hosts(i)[0] == cloud.Absent {
			return true
		}
	}
	return false
}

type search struct {
	run        *paths.Run
	layout     *space.Layout
	ends       [2]*side // from the start, from the goal
	least      int64    // what one step costs at least
	bound      int64    // no path is cheaper
	sinceClock int
}

func newSearch(run *paths.Run, l *space.Layout, ends [2]end, wide bool) *search {
	p := run.Problem
	s := &search{run: run, layout: l}
	for n, e := range ends {
		s.ends[n] = makeSide(run, e, l, wide)
	}
	if suspends(l) || !cloud.Reversible(p.Rules) {
		state := s.ends[1].state
		s.ends[1].moves = func(out []space.Move, ask *space.Asker) ([]space.Move, bool) {
			return stepsBack(p, state, out, ask)
		}
	}
	s.ends[0].other, s.ends[1].other = s.ends[1], s.ends[0]
	s.ends[0].met = s.met
	s.ends[1].met = func(i, j uint32) { s.met(j, i) }
	s.least = cheapest(p, l, run.Look)
	return s
}

// loop expands pairs of states until the bound says that the best path found is the
// cheapest, or one side has nothing left to expand.
func (s *search) loop() error {
	for _, d := range s.ends {
		if err := d.begin(); err != nil {
			return err
		}
	}
	for {
		switch more, err := s.prepare(); {
		case err != nil:
			return err
		case !more:
			return nil
		}
		for _, d := range s.ends {
			if d.clean(); d.ready.Len() == 0 {
				continue
			}
			goOn, err := d.expand()
			if err != nil || !goOn {
				return err
			}
			if s.proved() {
				return nil
			}
		}
		if !s.ends[0].fits() {
			return nil
		}
	}
}

// proved tells whether no path is cheaper than the best that was found.
func (s *search) proved() bool {
	best, found := s.run.Best()
	if !found {
		s.run.Bound(s.bound)
		return false
	}
	s.run.Bound(min(s.bound, best))
	return s.bound >= best
}

// prepare makes states ready, and raises the bound, until the heads of the two ready
// queues are a pair of the least bound. It tells whether there is such a pair and reason
// to expand it.
func (s *search) prepare() (more bool, err error) {
	forward, backward := s.ends[0], s.ends[1]
	for {
		if !s.tick() {
			return false, nil
		}
		for _, d := range s.ends {
			for d.waiting.Len() > 0 && d.waiting.Min() < s.bound {
				if err := d.rouse(s.bound); err != nil {
					return false, err
				}
				if !s.tick() {
					return false, nil
				}
			}
		}
		if forward.exhausted() || backward.exhausted() {
			s.run.Exhausted()
			return false, nil
		}
		next := int64(math.MaxInt64)
		if forward.ready.Len() > 0 && backward.ready.Len() > 0 {
			if next = forward.ready.Min() + backward.ready.Min() + s.least; next <= s.bound {
				return true, nil
			}
		}
		roused := false
		for _, d := range s.ends {
			if d.waiting.Len() == 0 {
				continue
			}
			if d.waiting.Min() <= s.bound {
				roused = true
				if err := d.rouse(s.bound); err != nil {
					return false, err
				}
				break
			}
			next = min(next, d.waiting.Min())
		}
		if !roused {
			if s.bound = next; s.proved() {
				return false, nil
			}
		}
	}
}

// clockEvery is how many states are made ready between two looks at the clock: of a large
// cloud, the estimate of each may take milliseconds.
const clockEvery = 8

func (s *search) tick() bool {
	if s.sinceClock++; s.sinceClock < clockEvery {
		return true
	}
	s.sinceClock = 0
	return s.run.Look()
}

// met announces the path over a state that both sides have reached: i is its number on
// the forward side, j on the backward side.
func (s *search) met(i, j uint32) {
	forward, backward := s.ends[0].table, s.ends[1].table
	keys := forward.KeysTo(i)
	for _, at := backward.Way(j); at != space.NoParent; _, at = backward.Way(at) {
		keys = append(keys, backward.Key(at))
	}
	var changes []cloud.Change
	for n := 1; n < len(keys); n++ {
		changes = append(changes, s.layout.Difference(keys[n-1], keys[n]))
	}
	s.run.Found(changes)
}
