package direct

import (
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Entry describes the algorithm for the registry.
func Entry() spec.Entry[func() paths.Searcher] {
	return spec.Entry[func() paths.Searcher]{
		Descriptor: spec.Descriptor{
			Name:       "direct",
			Synopsis:   "exact search for an order of direct migrations alone",
			Properties: []spec.Property{paths.Deterministic, paths.Seedless},
		},
		New: func(spec.Args) (func() paths.Searcher, error) {
			return func() paths.Searcher { return Searcher{} }, nil
		},
	}
}

// Searcher looks for an order of direct migrations.
type Searcher struct{}

// Search implements [paths.Searcher].
func (Searcher) Search(run *paths.Run) error {
	p := run.Problem
	l := space.NewLayout(p)
	run.Bound(bounds.MisplacedFrom(p, p.Start))
	q := ask(p, l)
	if q == nil {
		run.GiveUp("more than limits and host filters decides")
		return nil
	}
	answer, order := q.answer(run)
	switch answer {
	case Yes:
		run.Found(q.migrations(order))
	case No:
		run.Bound(bounds.MisplacedFrom(p, p.Start) + 1)
		run.GiveUp("no order of direct migrations leads to the target")
	}
	return nil
}

// firstTurn is how many expansions the first search may do before the other one has its
// turn, with as many; from then on they have twice as many each.
const firstTurn = 64

// answer searches from both ends in turns.
func (q *question) answer(run *paths.Run) (Answer, []int32) {
	ahead, back := newSearch(q, run), newSearch(q.reverse(), run)
	for turn := int64(firstTurn); ; turn *= 2 {
		for _, s := range []*search{ahead, back} {
			s.left, s.other = turn, ahead.held+back.held-s.held
			x := s.q.whole()
			switch s.solve(x) {
			case No:
				return No, nil
			case Yes:
				order := s.order(nil, x)
				if s == back {
					slices.Reverse(order)
				}
				return Yes, order
			}
			if !run.Look() {
				return Unknown, nil
			}
		}
	}
}

// migrations are those of an order of classes.
func (q *question) migrations(order []int32) []cloud.Change {
	next := make([]int, len(q.classes))
	out := make([]cloud.Change, 0, len(order))
	for _, c := range order {
		x := &q.classes[c]
		out = append(out, cloud.Change{VM: x.vms[next[c]], From: cloud.HostID(x.from), To: cloud.HostID(x.to)})
		next[c]++
	}
	return out
}
