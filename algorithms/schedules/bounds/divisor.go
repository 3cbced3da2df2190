package bounds

import (
	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
)

// roundUp raises bounds to multiples of the greatest common divisor of all times. A shortest schedule with every move
// shifted as far to the left as it goes starts each of them at the beginning or at the end of another one, so that its makespan is a sum of times.
// This needs rules under which an earlier end is never in the way of anything: those that limit what a place holds, or restrict
// where VMs stand. It needs times that do not depend on what else runs as well.
func roundUp(p *timetable.Problem, list []Bound) {
	if _, elastic := p.Model.(concurrency.Elastic); elastic {
		return
	}
	for _, r := range p.Rules {
		if r.Continuous() && !limits(r) {
			return
		}
	}
	divisor := int64(0)
	for i := range p.Moves {
		a, b := divisor, p.Moves[i].Time
		for b != 0 {
			a, b = b, a%b
		}
		divisor = a
	}
	if divisor == 0 {
		return
	}
	for i := range list {
		list[i].Value = (list[i].Value + divisor - 1) / divisor * divisor
	}
}

func limits(r cloud.Rule) bool {
	switch r.(type) {
	case cloud.Limiter, cloud.HostFilter, cloud.Quota:
		return true
	}
	return false
}
