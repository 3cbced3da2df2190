package targets

import (
	"math"

	"github.com/cloudrearrange/rearrange/cloud"
)

// Load is how full the hosts are in one placement.
type Load struct {
	HostsInUse int // that hold at least one VM
	// Highest is the load of the most loaded host. The load of a host is the largest
	// share that VMs charge it with of what it may be charged with, over the resources.
	Highest float64
}

// Measure tells how full the hosts are. O(hosts + VMs, per resource).
func (r *Request) Measure(p cloud.Placement) Load {
	room := newLimits(r)
	used := cloud.ChargesOf(r.Instance, r.Rules).Used(len(r.Instance.Hosts), p)
	holds := make([]bool, len(r.Instance.Hosts))
	for _, h := range p {
		if h != cloud.Absent {
			holds[h] = true
		}
	}
	var l Load
	for h := range holds {
		if holds[h] {
			l.HostsInUse++
		}
		l.Highest = max(l.Highest, room.load(cloud.HostID(h), used[h*room.resources:(h+1)*room.resources]))
	}
	return l
}

// limits is what the VMs on each host may use together.
type limits struct {
	resources int
	of        []int64 // [host*resources + resource]
	bound     bool    // whether a rule holds VMs to it
}

// newLimits asks the whole rules; without one that bounds the sum of demands, hosts are measured
// by their capacity without what is reserved.
func newLimits(r *Request) *limits {
	in := r.Instance
	l := &limits{resources: len(in.Resources), of: make([]int64, len(in.Hosts)*len(in.Resources))}
	var limiters []cloud.Limiter
	charger := cloud.ChargerOf(r.Rules)
	for _, rule := range cloud.Whole(r.Rules) {
		if x, ok := rule.(cloud.Limiter); ok {
			limiters = append(limiters, x)
		}
	}
	l.bound = len(limiters) > 0
	for h := range in.Hosts {
		for i := range in.Resources {
			n := in.Hosts[h].Capacity[i] - in.Hosts[h].Reserved[i]
			for k, x := range limiters {
				if limit := x.Limit(cloud.HostID(h), i); k == 0 || limit < n {
					n = limit
				}
			}
			if charger != nil {
				if limit := charger.Bound(cloud.HostID(h), i); !l.bound || limit < n {
					n = limit
				}
			}
			l.of[h*l.resources+i] = n
		}
	}
	return l
}

// average is what an average host may hold of each resource.
func (l *limits) average() []float64 {
	out := make([]float64, l.resources)
	for i, n := range l.of {
		out[i%l.resources] += float64(n)
	}
	for i := range out {
		out[i] /= float64(max(1, len(l.of)/l.resources))
	}
	return out
}

func (l *limits) host(h cloud.HostID) []int64 {
	return l.of[int(h)*l.resources : (int(h)+1)*l.resources]
}

// load is the largest share of its limits that a host's use takes; above 1 where no
// rule holds it to them, or the start breaks that rule.
func (l *limits) load(h cloud.HostID, used []int64) float64 {
	worst := 0.0
	for i, limit := range l.host(h) {
		worst = max(worst, portion(used[i], limit))
	}
	return worst
}

// portion is used/limit, where nothing of nothing is nothing.
func portion(used, limit int64) float64 {
	switch {
	case used == 0:
		return 0
	case limit <= 0:
		return math.Inf(1)
	}
	return float64(used) / float64(limit)
}
