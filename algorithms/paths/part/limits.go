package part

import (
	"math"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
)

// newLimits are what the hosts of a part can take of its VMs. Where they hold more at its start,
// the limits mend.
func newLimits(t *Part, sub *cloud.Instance) cloud.Rule {
	c, r := t.cutter, len(sub.Resources)
	limit := make([]int64, len(t.hosts)*r)
	for n, h := range t.hosts {
		for i := range r {
			limit[n*r+i] = c.limit[int(h)*r+i]
			if limit[n*r+i] != math.MaxInt64 {
				limit[n*r+i] -= c.used[int(h)*r+i]
			}
		}
	}
	for v, h := range sub.Initial {
		for i, d := range sub.VMs[v].Demand {
			if at := int(h)*r + i; limit[at] != math.MaxInt64 {
				limit[at] += d
			}
		}
	}
	out := []cloud.Rule{rules.NewLimits("limits of the part", sub, limit)}
	if c.mends {
		out, _, _ = cloud.Mend(sub, out, sub.Initial) // limits do mend
	}
	return out[0]
}
