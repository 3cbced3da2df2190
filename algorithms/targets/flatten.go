package targets

import (
	"github.com/cloudrearrange/rearrange/algorithms/targets/packing"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
)

// levelling tells whether the objective is the highest load, for which all hosts are held below it: what the VMs on
// a host demand has to be what they charge it with.
func (s *search) levelling() bool {
	o, ok := s.objective.(*objectives.Load)
	if !ok || s.job.cheap || cloud.ChargerOf(s.Rules) != nil {
		return false
	}
	_, peak := o.Peak()
	return peak
}

// flatten lowers the highest load to what is enough, or as far as it can, and leaves it as the limit of
// every host. Once that has been found out, it only looks for another way to the same load.
func (s *search) flatten(x *packing.Packing) {
	o := s.objective.(*objectives.Load)
	resources, _ := o.Peak()
	highest := func() float64 { return float64(o.Value(x.Placement())[0]) / millionths }
	hold := func(most float64) { s.hold(x, resources, most) }
	try := func(most float64, tries int) bool { return s.level(x, resources, most, tries) }
	if s.reached > 0 {
		if !try(s.reached, s.effort()/4) {
			hold(highest())
		}
		return
	}
	enough := s.limits.even(s.Instance, resources) + s.job.tolerance
	low, high := max(enough, (float64(s.floor[0])-1)/millionths), highest() // the floor is rounded up
	if high > enough && try(enough, s.effort()/8) {
		high = highest()
	}
	for max(high, enough)-low > 1e-5 && s.goOn() {
		most := (low + high) / 2
		if try(most, s.effort()/4) {
			high = highest()
		} else {
			low = most
		}
	}
	s.reached = max(enough, high)
	hold(s.reached)
}

// hold keeps all hosts below a load from now on.
func (s *search) hold(x *packing.Packing, resources []int, most float64) {
	for _, h := range s.hosts {
		for _, i := range resources {
			s.limit(x, h, i, most)
		}
	}
}

// level brings all hosts below a load, within the budget, and tells whether it could.
func (s *search) level(x *packing.Packing, resources []int, most float64, tries int) bool {
	before := x.Placement()
	if s.hold(x, resources, most); !x.Repair(s.few(tries)) {
		return false
	}
	if s.t.budget() && !x.Within() {
		if x.Improve(s.few(tries)); !x.Within() {
			s.restore(x, before)
			return false
		}
	}
	s.tell(x)
	return true
}

// millionths is the unit of loads that are integers.
const millionths = 1e6
