package summary

import (
	"cmp"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// Occupancy tells how VMs fill hosts before and after an instance is rearranged, in one
// of its resources.
type Occupancy struct {
	Instance *cloud.Instance
	Resource int
	Before   []Load // by host
	After    []Load // nil without a target
	// VMs and Amount, by Fate, are of the hosts that are told of: of all VMs that stand on
	// one of them before or after.
	VMs    [Fates]int
	Amount [Fates]int64 // what they demand
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

// The fates of VMs.
const (
	Stays  Fate = iota // on its host
	Moves              // to another host
	Leaves             // the cloud: it has no host in the target
	Enters             // the cloud: it has no host before
	Fates              // how many there are
)

// OccupancyOf looks at some hosts, each named once, or at all where none are given. The rules, bound to
// the instance, say what the limits are; where none does, a limit is what is not
// reserved. On each host, VMs that stay come first. O(rules × hosts + VMs log VMs).
func OccupancyOf(in *cloud.Instance, bound []cloud.Rule, resource int, hosts []cloud.HostID) Occupancy {
	o := Occupancy{Instance: in, Resource: resource}
	if len(hosts) == 0 {
		for h := range in.Hosts {
			hosts = append(hosts, cloud.HostID(h))
		}
	}
	row := make([]int, len(in.Hosts)) // in Before and After, plus 1; 0 is none
	limits := cloud.Sort(in, bound).Limits
	for i, h := range hosts {
		l := Load{Host: h, Limit: math.MaxInt64}
		if limits != nil {
			l.Limit = limits[int(h)*len(in.Resources)+resource]
		}
		if l.Limit == math.MaxInt64 {
			l.Limit = in.Hosts[h].Capacity[resource] - in.Hosts[h].Reserved[resource]
		}
		o.Before = append(o.Before, l)
		row[h] = i + 1
	}
	if in.Target != nil {
		o.After = slices.Clone(o.Before)
	}
	for v := range in.VMs {
		x := Occupant{VM: cloud.VMID(v), Demand: in.VMs[v].Demand[resource], Fate: FateOf(in, v)}
		from, to := in.Initial[v], cloud.HostID(cloud.Absent)
		if in.Target != nil {
			to = in.Target[v]
		}
		seen := false
		if from != cloud.Absent && row[from] > 0 {
			o.Before[row[from]-1].VMs = append(o.Before[row[from]-1].VMs, x)
			seen = true
		}
		if to != cloud.Absent && row[to] > 0 {
			o.After[row[to]-1].VMs = append(o.After[row[to]-1].VMs, x)
			seen = true
		}
		if seen {
			o.VMs[x.Fate]++
			o.Amount[x.Fate] += x.Demand
		}
	}
	for _, loads := range [][]Load{o.Before, o.After} {
		for i := range loads {
			slices.SortStableFunc(loads[i].VMs, func(a, b Occupant) int { return cmp.Compare(a.Fate, b.Fate) })
		}
	}
	return o
}

// FateOf tells what becomes of a VM of an instance, given by position.
func FateOf(in *cloud.Instance, v int) Fate {
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

// Used is what the VMs demand together.
func (l Load) Used() int64 {
	var sum int64
	for _, v := range l.VMs {
		sum += v.Demand
	}
	return sum
}

// Fullness is what the VMs demand over what they may use, NaN where that is nothing.
func (l Load) Fullness() float64 {
	if l.Limit <= 0 {
		return math.NaN()
	}
	return float64(l.Used()) / float64(l.Limit)
}

// Fullest is a group of hosts that are about equally full.
type Fullest struct {
	Hosts int
	Share [Fates]float64 // of their limits, by fate: the mean over the hosts
}

// ByFullness sorts hosts by how full they are, the fullest first, and puts them into at
// most so many groups of equal size, but for the last. Hosts whose limit is nothing are
// left out, and counted. O(hosts log hosts + VMs).
func ByFullness(loads []Load, groups int) (out []Fullest, leftOut int) {
	type host struct {
		full float64
		of   *Load
	}
	var sorted []host
	for i := range loads {
		if full := loads[i].Fullness(); !math.IsNaN(full) {
			sorted = append(sorted, host{full, &loads[i]})
		} else {
			leftOut++
		}
	}
	slices.SortStableFunc(sorted, func(a, b host) int { return cmp.Compare(b.full, a.full) })
	size := max(1, (len(sorted)+groups-1)/groups)
	for part := range slices.Chunk(sorted, size) {
		f := Fullest{Hosts: len(part)}
		for _, h := range part {
			for _, v := range h.of.VMs {
				f.Share[v.Fate] += float64(v.Demand) / float64(h.of.Limit) / float64(len(part))
			}
		}
		out = append(out, f)
	}
	return out, leftOut
}
