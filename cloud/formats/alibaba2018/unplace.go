package alibaba2018

import (
	"cmp"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// unplace chooses VMs to take off, so that the initial placement of the others breaks
// no rule. First everyone goes who could not come back to where it stands; then, those
// who need least first, whoever can comes back after all. All rules of the format say
// how much a host holds at most, so that a VM once refused stays refused: none of the
// chosen could be put back. Where all that is broken on a host is the capacity of one
// resource, the fewest possible go; elsewhere there may be smaller choices.
//
// It takes O(VMs × rules of a VM).
func unplace(in *cloud.Instance, bound []cloud.Rule) []cloud.VMID {
	s := cloud.NewState(in, bound, in.Initial)
	var limiters []cloud.Limiter
	for _, rule := range bound {
		if l, ok := rule.(cloud.Limiter); ok {
			limiters = append(limiters, l)
		}
	}
	need := map[cloud.VMID]float64{}
	var off []cloud.VMID
	for n, h := range in.Initial {
		if h == cloud.Absent {
			continue
		}
		v := cloud.VMID(n)
		s.Jump(v, cloud.Absent)
		if !s.Allows(v, h) {
			off = append(off, v)
			need[v] = needOf(s, limiters, v, h)
		}
		s.Jump(v, h)
	}
	for _, v := range off {
		s.Jump(v, cloud.Absent)
	}
	slices.SortFunc(off, func(a, b cloud.VMID) int { return cmp.Or(cmp.Compare(need[a], need[b]), cmp.Compare(a, b)) })
	off = slices.DeleteFunc(off, func(v cloud.VMID) bool {
		if !s.Allows(v, in.Initial[v]) {
			return false
		}
		s.Jump(v, in.Initial[v])
		return true
	})
	slices.Sort(off)
	return off
}

// needOf is how much of a host a VM needs, of the resources that the host has too
// little of with it: the largest of these shares. It ranks VMs, and decides nothing
// else. The state lacks the VM.
func needOf(s *cloud.State, limiters []cloud.Limiter, v cloud.VMID, h cloud.HostID) float64 {
	var out float64
	for _, l := range limiters {
		for r, n := range s.Instance().VMs[v].Demand {
			if limit := l.Limit(h, r); n > limit-s.Used(h, r) {
				out = max(out, float64(n)/float64(max(limit, 1)))
			}
		}
	}
	return out
}
