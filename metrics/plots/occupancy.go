package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/prose"
)

// occupancy tells how VMs fill hosts before and after, in one resource.
type occupancy struct {
	*cloud.Instance
	resource int
	sides    [][]load     // before, and after unless there is no target; by host
	vms      [fates]int   // that stand on one of these hosts before or after
	amount   [fates]int64 // what they demand
}

// load is what stands on one host.
type load struct {
	host  cloud.HostID
	limit int64 // what VMs may use together
	vms   []occupant
}

type occupant struct {
	vm     cloud.VMID
	demand int64
	fate   fate
}

type fate uint8

const (
	stays  fate = iota // on its host
	moves              // to another host
	leaves             // the cloud: it has no host in the target
	enters             // the cloud: it has no host before
	fates              // how many there are
)

func (f fate) String() string {
	return [...]string{"stays", "moves", "is shut down", "is provisioned"}[f]
}

// occupancyOf looks at some hosts, each named once, or at all where none are given. Where no rule limits a host, its limit is
// what is not reserved. On each host, VMs that stay come first. O(rules × hosts + VMs log VMs).
func occupancyOf(in *cloud.Instance, bound []cloud.Rule, resource int, hosts []cloud.HostID) occupancy {
	o := occupancy{Instance: in, resource: resource}
	if len(hosts) == 0 {
		for h := range in.Hosts {
			hosts = append(hosts, cloud.HostID(h))
		}
	}
	row := make([]int, len(in.Hosts)) // in a side, plus 1; 0 is none
	limits := cloud.Sort(in, bound).Limits
	var empty []load
	for i, h := range hosts {
		l := load{host: h, limit: in.Hosts[h].Capacity[resource] - in.Hosts[h].Reserved[resource]}
		if at := int(h)*len(in.Resources) + resource; limits != nil && limits[at] < math.MaxInt64 {
			l.limit = limits[at]
		}
		empty = append(empty, l)
		row[h] = i + 1
	}
	placements := []cloud.Placement{in.Initial}
	o.sides = [][]load{empty}
	if in.Target != nil {
		placements, o.sides = append(placements, in.Target), append(o.sides, slices.Clone(empty))
	}
	for v := range in.VMs {
		x := occupant{vm: cloud.VMID(v), demand: in.VMs[v].Demand[resource], fate: fateOf(in, v)}
		seen := false
		for i, p := range placements {
			if h := p[v]; h != cloud.Absent && row[h] > 0 {
				l := &o.sides[i][row[h]-1]
				l.vms = append(l.vms, x)
				seen = true
			}
		}
		if seen {
			o.vms[x.fate]++
			o.amount[x.fate] += x.demand
		}
	}
	for _, l := range slices.Concat(o.sides...) {
		slices.SortStableFunc(l.vms, func(a, b occupant) int { return cmp.Compare(a.fate, b.fate) })
	}
	return o
}

func fateOf(in *cloud.Instance, v int) fate {
	switch {
	case in.Target == nil || in.Initial[v] == in.Target[v]:
		return stays
	case in.Target[v] == cloud.Absent:
		return leaves
	case in.Initial[v] == cloud.Absent:
		return enters
	}
	return moves
}

func (l load) used() int64 {
	var sum int64
	for _, v := range l.vms {
		sum += v.demand
	}
	return sum
}

// counts says how much there is, how full the hosts are and how many are empty.
func (o occupancy) counts() string {
	vms, limit := 0, int64(0)
	for _, n := range o.vms {
		vms += n
	}
	for _, l := range o.sides[0] {
		limit += l.limit
	}
	both := func(of func(side []load) string) string {
		if len(o.sides) == 1 {
			return of(o.sides[0])
		}
		return of(o.sides[0]) + " before, " + of(o.sides[1]) + " after"
	}
	text := prose.Count(len(o.sides[0]), "host") + ", " + prose.Count(vms, "VM")
	if limit > 0 {
		text += "; used of all limits: " + both(func(side []load) string {
			used := 0.0
			for _, l := range side {
				used += float64(l.used())
			}
			return share(used / float64(limit))
		})
	}
	return text + "; empty hosts: " + both(func(side []load) string {
		return fmt.Sprint(len(slices.DeleteFunc(slices.Clone(side), func(l load) bool { return len(l.vms) > 0 })))
	}) + ". "
}

// fullest is a group of hosts that are about equally full.
type fullest struct {
	hosts int
	share [fates]float64 // of their limits, by fate: the mean over the hosts
}

// byFullness puts hosts, the fullest first, into at most so many groups of equal size, but for the last. Hosts with no limit
// above 0 are left out. O(hosts log hosts + VMs).
func byFullness(loads []load, groups int) (out []fullest) {
	usable := slices.DeleteFunc(slices.Clone(loads), func(l load) bool { return l.limit <= 0 })
	full := make(map[cloud.HostID]float64, len(usable))
	for _, l := range usable {
		full[l.host] = float64(l.used()) / float64(l.limit)
	}
	slices.SortStableFunc(usable, func(a, b load) int { return cmp.Compare(full[b.host], full[a.host]) })
	for part := range slices.Chunk(usable, max(1, (len(usable)+groups-1)/groups)) {
		f := fullest{hosts: len(part)}
		for _, l := range part {
			for _, v := range l.vms {
				f.share[v.fate] += float64(v.demand) / float64(l.limit) / float64(len(part))
			}
		}
		out = append(out, f)
	}
	return out
}
