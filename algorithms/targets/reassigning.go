package targets

import (
	"github.com/cloudrearrange/rearrange/algorithms/targets/packing"
	"github.com/cloudrearrange/rearrange/algorithms/targets/reassign"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
)

// reassigning tells whether the objective is machine reassignment, which has a search of its own. It knows
// nothing of most terms.
func (s *search) reassigning() bool {
	_, ok := s.objective.(*objectives.Reassign)
	t := s.t
	return ok && !t.budget() && t.headroom == 0 && t.spare == 0 && s.problem.Shun == nil && len(t.soft) == 0
}

// reassign anneals, unless there is a rule that the search does not know.
func (s *search) reassign(x *packing.Packing) {
	o := s.objective.(*objectives.Reassign)
	p, ok := reassign.Read(o, s.problem.Rules, s.problem.Stay)
	if !ok || !x.Sane() {
		return
	}
	spent := s.spent()
	at := x.Placement()
	from := make([]int32, len(at))
	for v, h := range at {
		from[v] = int32(h)
	}
	found := reassign.Anneal(p, from, reassign.Budget{Seed: s.seed(), Threads: s.threads(), GoOn: s.goOn, Spent: spent})
	for v, h := range found {
		at[v] = cloud.HostID(h)
	}
	s.restore(x, at)
}

// spent is which share of the search is over; where that is not known, it is taken for a brief one.
func (s *search) spent() func() float64 {
	if s.Search != nil && s.Search.Spent != nil {
		return s.Search.Spent
	}
	asked, all := 0, s.effort()
	return func() float64 { asked++; return float64(asked) / float64(all) }
}

func (s *search) threads() int {
	if s.Search == nil {
		return 1
	}
	return max(1, s.Search.Threads)
}
