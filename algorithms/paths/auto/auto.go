package auto

import (
	"math/big"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/cloud"
)

// Searcher is the recommended algorithm; see the package's documentation.
type Searcher struct {
	Gap    *big.Rat       // end when the plan is proved to cost at most so much more than the bound, relative to it
	Greedy paths.Searcher // makes the first plan
}

// Search implements [paths.Searcher].
func (a Searcher) Search(run *paths.Run) error {
	bound, deadEnd := bounds.Whole(run.Problem, run.Look)
	if deadEnd {
		run.GiveUp("the bound of the whole proves that no path exists")
		run.Exhausted()
		return nil
	}
	s := &search{run: run, Searcher: a, exact: newExact(run.Problem)}
	s.bound(bound)
	if err := s.task(a.Greedy, 0); err != nil {
		return err
	}
	for work := int64(firstWork); !s.ended && run.Expand(); work = 2 * min(work, mostWork) {
		if !s.exact.canGoOn() {
			run.GiveUp(s.why)
			break
		}
		if err := s.prove(work); err != nil {
			return err
		}
	}
	return nil
}

// The work of a round is counted in tests of a VM on a host, of which an expansion takes as
// many as the instance has pairs of them.
const (
	firstWork = 1 << 21
	mostWork  = 1 << 60
)

// search is one run of the algorithm.
type search struct {
	Searcher
	run   *paths.Run
	exact exact
	best  []cloud.Change
	found bool
	cost  int64
	low   int64  // proved: every path costs at least so much
	ended bool   // nothing is left to be done
	why   string // why the latest search gave up
}

// prove searches the whole exactly, for as much work as it may do.
func (s *search) prove(work int64) error {
	budget := s.exact.budget(work)
	if budget < leastBudget {
		return nil // in a later round
	}
	r, err := s.nested(s.exact.searcher(s.found), budget)
	if err != nil {
		return err
	}
	if !s.ended && r.Counters.Expanded < budget && s.run.Look() {
		s.exact.fallBack()
	}
	return nil
}

// task runs a search of the whole problem and takes note of what it found.
func (s *search) task(searcher paths.Searcher, expansions int64) error {
	_, err := s.nested(searcher, expansions)
	return err
}

func (s *search) nested(searcher paths.Searcher, expansions int64) (paths.Result, error) {
	r, err := s.run.Nested(paths.Task{
		Searcher: searcher, Problem: s.run.Problem,
		Options: paths.Options{Expansions: expansions, Known: s.best},
	})
	if err != nil {
		return r, err
	}
	if r.Status == cloud.Infeasible {
		s.run.GiveUp(r.Reason)
		s.run.Exhausted()
		s.ended = true
		return r, nil
	}
	if r.Status.HasPlan() && (!s.found || r.Cost < s.cost) {
		s.best, s.cost, s.found = r.Migrations, r.Cost, true
		s.run.Found(r.Migrations)
	}
	if r.Status.Early() {
		s.why = r.Reason
	}
	s.bound(r.LowerBound)
	return r, nil
}

// bound takes note of a bound, and ends the search if the plan is near enough to it.
func (s *search) bound(low int64) {
	s.low = max(s.low, low)
	s.run.Bound(s.low)
	if s.found && within(s.Gap, s.cost, s.low) {
		s.ended = true
		s.run.GiveUp("the plan is within the gap that was asked for")
	}
}
