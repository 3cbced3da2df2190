package occupancy

import (
	"cmp"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// Occupancy tells how VMs fill hosts before and after, in one resource.
type Occupancy struct {
	*cloud.Instance
	Resource int
	Sides    [][]Load     // before, and after unless there is no target; by host
	Count    [Fates]int   // VMs that stand on one of these hosts before or after, by fate
	Amount   [Fates]int64 // what they demand
}

// Load is what stands on one host.
type Load struct {
	Host  cloud.HostID
	Limit int64 // what VMs may use together
	VMs   []Occupant
}

// Occupant is a VM on a host.
type Occupant struct {
	VM     cloud.VMID
	Demand int64
	Fate   Fate
}

// Fate is what becomes of a VM.
type Fate uint8

// The fates.
const (
	Stays  Fate = iota // on its host
	Moves              // to another host
	Leaves             // the cloud: it has no host in the target
	Enters             // the cloud: it has no host before
	Fates              // how many there are
)

func (f Fate) String() string {
	return [...]string{"stays", "moves", "is shut down", "is provisioned"}[f]
}

// Of looks at some hosts, each named once, or at all where none are given. Where no rule limits a host, its limit is
// what is not reserved. On each host, VMs that stay come first. O(rules × hosts + VMs log VMs).
func Of(in *cloud.Instance, bound []cloud.Rule, resource int, hosts []cloud.HostID) Occupancy {
	o := Occupancy{Instance: in, Resource: resource}
	if len(hosts) == 0 {
		for h := range in.Hosts {
			hosts = append(hosts, cloud.HostID(h))
		}
	}
	row := make([]int, len(in.Hosts)) // in a side, plus 1; 0 is none
	limits := cloud.Sort(in, bound).Limits
	var empty []Load
	for i, h := range hosts {
		l := Load{Host: h, Limit: in.Hosts[h].Capacity[resource] - in.Hosts[h].Reserved[resource]}
		if at := int(h)*len(in.Resources) + resource; limits != nil && limits[at] < math.MaxInt64 {
			l.Limit = limits[at]
		}
		empty = append(empty, l)
		row[h] = i + 1
	}
	placements := []cloud.Placement{in.Initial}
	o.Sides = [][]Load{empty}
	if in.Target != nil {
		placements, o.Sides = append(placements, in.Target), append(o.Sides, slices.Clone(empty))
	}
	for v := range in.VMs {
		x := Occupant{VM: cloud.VMID(v), Demand: in.VMs[v].Demand[resource], Fate: fateOf(in, v)}
		seen := false
		for i, p := range placements {
			if h := p[v]; h != cloud.Absent && row[h] > 0 {
				l := &o.Sides[i][row[h]-1]
				l.VMs = append(l.VMs, x)
				seen = true
			}
		}
		if seen {
			o.Count[x.Fate]++
			o.Amount[x.Fate] += x.Demand
		}
	}
	for _, l := range slices.Concat(o.Sides...) {
		slices.SortStableFunc(l.VMs, func(a, b Occupant) int { return cmp.Compare(a.Fate, b.Fate) })
	}
	return o
}

func fateOf(in *cloud.Instance, v int) Fate {
	switch {
	case in.Target == nil || in.Initial[v] == in.Target[v]:
		return Stays
	case in.Target[v] == cloud.Absent:
		return Leaves
	case in.Initial[v] == cloud.Absent:
		return Enters
	}
	return Moves
}

// Used is what the VMs demand. O(VMs).
func (l Load) Used() int64 {
	var sum int64
	for _, v := range l.VMs {
		sum += v.Demand
	}
	return sum
}

// Full is the share of all limits that is used on a side; NaN where no limit is above 0. O(hosts + VMs).
func (o Occupancy) Full(side int) float64 {
	used, limit := 0.0, int64(0)
	for _, l := range o.Sides[side] {
		used, limit = used+float64(l.Used()), limit+l.Limit
	}
	if limit <= 0 {
		return math.NaN()
	}
	return used / float64(limit)
}

// Empty counts the hosts without VMs on a side. O(hosts).
func (o Occupancy) Empty(side int) int {
	n := 0
	for _, l := range o.Sides[side] {
		if len(l.VMs) == 0 {
			n++
		}
	}
	return n
}

// Group is a group of hosts that are about equally full.
type Group struct {
	Hosts int
	Share [Fates]float64 // of their limits, by fate: the mean over the hosts
}

// Full is the share that is used.
func (g Group) Full() float64 {
	sum := 0.0
	for _, s := range g.Share {
		sum += s
	}
	return sum
}

// ByFullness puts hosts, the fullest first, into at most so many groups of equal size, but for the last. Hosts with no limit
// above 0 are left out. O(hosts log hosts + VMs).
func ByFullness(loads []Load, groups int) (out []Group) {
	usable := slices.DeleteFunc(slices.Clone(loads), func(l Load) bool { return l.Limit <= 0 })
	full := make(map[cloud.HostID]float64, len(usable))
	for _, l := range usable {
		full[l.Host] = float64(l.Used()) / float64(l.Limit)
	}
	slices.SortStableFunc(usable, func(a, b Load) int { return cmp.Compare(full[b.Host], full[a.Host]) })
	for part := range slices.Chunk(usable, max(1, (len(usable)+groups-1)/groups)) {
		g := Group{Hosts: len(part)}
		for _, l := range part {
			for _, v := range l.VMs {
				g.Share[v.Fate] += float64(v.Demand) / float64(l.Limit) / float64(len(part))
			}
		}
		out = append(out, g)
	}
	return out
}
