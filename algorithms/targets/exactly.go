package targets

import (
	"github.com/cloudrearrange/rearrange/algorithms/targets/exact"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
)

// exactly is the best placement of all where they are few and terms do not matter, or else the one found.
func (s *search) exactly(found cloud.Placement) cloud.Placement {
	if s.t.any || s.job.cheap || len(found)*len(s.hosts) > mostPairs {
		return found
	}
	q, err := s.question(s.job.strategy)
	if err != nil {
		return found
	}
	enough := s.floor
	if o, ok := s.objective.(*objectives.Load); ok && s.levelling() {
		resources, _ := o.Peak()
		enough[0] = max(enough[0], int64((s.limits.even(s.Instance, resources)+s.job.tolerance)*millionths))
	}
	best := exact.Solve(&exact.Problem{
		Question: q, Stay: !s.t.place, Price: s.Cost.Migrate, Objective: s.objective, Enough: enough, Known: found, Steps: mostSteps / 8,
		Allowed: func(v cloud.VMID, h cloud.HostID) bool {
			return s.problem.Stay == nil || !s.problem.Stay[v] || h == s.problem.Home[v]
		},
	})
	if best.Placement != nil {
		return best.Placement
	}
	return found
}
