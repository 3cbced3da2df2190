package targets

import (
	"github.com/cloudrearrange/rearrange/algorithms/targets/packing"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
)

// evener tells whether of two packings that cost the same the first one has a better objective.
func (s *search) evener(x, y *packing.Packing) bool {
	return !cheaper(y, x) && s.objective.Value(x.Placement()).Compare(s.objective.Value(y.Placement())) < 0
}

func cheaper(x, y *packing.Packing) bool {
	_, a := x.Value()
	_, b := y.Value()
	return a < b
}

// even lowers the objective of a packing that is cheap, at no more than its cost.
func (s *search) even(x *packing.Packing, tries int) *packing.Packing {
	p := s.problem
	p.Objective = s.objective
	if _, p.Cost = x.Value(); s.problem.Objective != nil {
		p.Objective = objectives.Ranked(s.problem.Objective, s.objective)
	}
	y := s.atHome(&p, s.seed())
	for _, h := range s.hosts {
		if x.IsClosed(h) {
			y.Shut(h)
		}
	}
	y.Place(x.Placement())
	y.Improve(s.few(tries))
	return y
}
