package direct

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Entry describes the algorithm for the catalogue.
func Entry() spec.Entry[func() paths.Searcher] {
	return spec.Entry[func() paths.Searcher]{
		Descriptor: spec.Descriptor{
			Name:     "direct",
			Synopsis: "an order of direct migrations alone: a cheapest plan, or a better bound where there is none",
			Doc: "Looks for a plan in which every misplaced VM migrates once and no other VM moves. If there is none, it proves so " +
				"and ends without a plan. Needs costs that do not depend on hosts, no rules but limits and host filters, " +
				"and VMs that may not be suspended.",
			Citation:   "stubborn sets: Alkhazraji, Wehrle, Mattmüller and Helmert 2012, A stubborn set algorithm for optimal planning, ECAI",
			Properties: []spec.Property{paths.Deterministic, paths.Seedless},
		},
		New: func(spec.Args) (func() paths.Searcher, error) {
			return func() paths.Searcher { return Searcher{} }, nil
		},
	}
}

// Searcher looks for an order of direct migrations. It announces a cheapest plan if there is
// such an order, and a lower bound otherwise.
type Searcher struct{}

// Search implements [paths.Searcher].
func (Searcher) Search(run *paths.Run) error {
	p := run.Problem
	bound := bounds.MisplacedFrom(run, p.Start)
	run.Bound(bound)
	q := ask(run)
	if q == nil {
		run.GiveUp("direct needs costs that do not depend on hosts, no rules but limits and host filters, and no VM that may be suspended")
		return nil
	}
	s := newSolver(run, q)
	segments := s.pieces(q.whole(), nil)
	switch s.solve(segments, false) {
	case yes:
		run.Found(q.plan(segments))
	case no:
		run.GiveUp("no order of direct migrations leads to the target")
	default:
		run.GiveUp("too many VMs exchange places to search for an order")
	}
	for _, x := range segments {
		if x.piece != nil && x.piece.answer == no {
			// Different pieces have different VMs, so the prices of their detours add up.
			least := int64(0)
			s.least(x.piece.ends[0], func(amount int64) {
				least = amount
				run.Bound(paths.Plus(bound, least))
			})
			bound = paths.Plus(bound, least)
		}
	}
	return nil
}

// plan returns the plan of segments whose pieces all have an order.
func (q *ordering) plan(segments []segment) []cloud.Change {
	next := make([]int, len(q.classes))
	var out []cloud.Change
	for _, x := range segments {
		if x.piece != nil {
			x.classes = x.piece.order
		}
		for _, c := range x.classes {
			y := &q.classes[c]
			out = append(out, cloud.Change{VM: y.vms[next[c]], From: cloud.HostID(y.from), To: cloud.HostID(y.to)})
			next[c]++
		}
	}
	return out
}
