package cli

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
)

// sayEvery is how long a search is silent at most.
const sayEvery = 5 * time.Second

// teller tells how a search goes on: each better plan at once, and how things stand when
// nothing was told for some time.
type teller struct {
	w    io.Writer
	unit string

	mu    sync.Mutex
	began time.Time
	told  time.Time
	best  paths.Incumbent // by now; without a plan its cost is 0
}

func newTeller(w io.Writer, unit string) *teller {
	now := time.Now()
	return &teller{w: w, unit: unit, began: now, told: now}
}

// incumbent is for [paths.Options.OnIncumbent].
func (s *teller) incumbent(i paths.Incumbent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.learn(i)
	s.line(i.Elapsed, true, "")
}

// progress is for [paths.Options.OnProgress].
func (s *teller) progress(i paths.Incumbent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.learn(i)
}

func (s *teller) learn(i paths.Incumbent) {
	if s.best.Cost == 0 || i.Cost > 0 && i.Cost < s.best.Cost {
		s.best.Cost = i.Cost
	}
	s.best.Bound = max(s.best.Bound, i.Bound)
}

// every tells how things stand whenever nothing was told for the interval, until the
// result is called.
func (s *teller) every(interval time.Duration) (stop func()) {
	done := make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		tick := time.NewTicker(interval / 5)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case now := <-tick.C:
				s.mu.Lock()
				if now.Sub(s.told) >= interval {
					s.line(now.Sub(s.began), s.best.Cost > 0, ", still searching")
				}
				s.mu.Unlock()
			}
		}
	})
	return func() { close(done); group.Wait() }
}

func (s *teller) line(elapsed time.Duration, found bool, more string) {
	s.told = time.Now()
	if !found {
		fmt.Fprintf(s.w, "%8.3f s  no plan yet, lower bound %s %s%s\n", elapsed.Seconds(), humanize.Comma(s.best.Bound), s.unit, more)
		return
	}
	fmt.Fprintf(s.w, "%8.3f s  cost %s %s, lower bound %s%s%s\n", elapsed.Seconds(), humanize.Comma(s.best.Cost), s.unit,
		humanize.Comma(s.best.Bound), gap(s.best.Cost, s.best.Bound), more)
}
