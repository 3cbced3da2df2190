package part

import (
	"fmt"
	"math"

	"github.com/cloudrearrange/rearrange/cloud"
)

// always is embedded by the rules of parts: all of them are continuous, and look at every
// VM.
type always struct{}

func (always) Continuous() bool { return true }

func (always) Watches() []cloud.VMID { return nil }

// limits are what the hosts of a part can take of its VMs.
type limits struct {
	always
	in    *cloud.Instance
	limit []int64 // [host*R + resource]
}

func newLimits(t *Part, sub *cloud.Instance) *limits {
	c, r := t.cutter, len(sub.Resources)
	l := &limits{in: sub, limit: make([]int64, len(t.hosts)*r)}
	for n, h := range t.hosts {
		for i := range r {
			l.limit[n*r+i] = c.limit[int(h)*r+i]
			if l.limit[n*r+i] != math.MaxInt64 {
				l.limit[n*r+i] -= c.used[int(h)*r+i]
			}
		}
	}
	for v, h := range sub.Initial {
		for i, d := range sub.VMs[v].Demand {
			if at := int(h)*r + i; l.limit[at] != math.MaxInt64 {
				l.limit[at] += d
			}
		}
	}
	return l
}

func (l *limits) String() string { return "limits of the part" }

// Limit implements [cloud.Limiter].
func (l *limits) Limit(h cloud.HostID, resource int) int64 {
	return l.limit[int(h)*len(l.in.Resources)+resource]
}

func (l *limits) Violations(v cloud.View, _ *cloud.Change) []cloud.Violation {
	var out []cloud.Violation
	for h := range l.in.Hosts {
		for r := range l.in.Resources {
			var sum int64
			for _, vm := range v.On(cloud.HostID(h)) {
				sum += l.in.VMs[vm].Demand[r]
			}
			if limit := l.Limit(cloud.HostID(h), r); sum > limit {
				out = append(out, cloud.Violation{Rule: l.String(), Msg: fmt.Sprintf("host %q holds VMs of the part that demand %d of %s, there is room for %d",
					l.in.Hosts[h].Name, sum, l.in.Resources[r].Name, limit)})
			}
		}
	}
	return out
}

func (l *limits) NewGuard(*cloud.State) cloud.Guard { return limitsGuard{l} }

type limitsGuard struct{ l *limits }

func (g limitsGuard) Allows(s *cloud.State, vm cloud.VMID, _, to cloud.HostID) bool {
	if to == cloud.Absent {
		return true
	}
	for r, d := range g.l.in.VMs[vm].Demand {
		if d > g.l.Limit(to, r)-s.Used(to, r) {
			return false
		}
	}
	return true
}
