package bounds

import (
	"cmp"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// quota is a rule by which hosts have room for a number of VMs, such as anti-affinity.
type quota struct {
	cloud.Quota
	name    string
	watched map[cloud.VMID]bool // nil: all
}

func (q *quota) counts(vm cloud.VMID) int64 {
	if q.watched == nil || q.watched[vm] {
		return 1
	}
	return 0
}

// quotasOf lists those of the rules that count the VMs on each host.
func quotasOf(rules []cloud.Rule) []quota {
	var out []quota
	for _, rule := range rules {
		q, ok := rule.(cloud.Quota)
		if !ok || !rule.Continuous() || q.Places() != "host" {
			continue
		}
		x := quota{q, rule.String(), nil}
		if list := rule.Watches(); list != nil {
			x.watched = map[cloud.VMID]bool{}
			for _, vm := range list {
				x.watched[vm] = true
			}
		}
		out = append(out, x)
	}
	return out
}

// spot is a quota on a host.
type spot struct {
	host  cloud.HostID
	quota int
}

// findQuotas adds rooms for numbers of VMs. O(VMs that rules watch + moves × rules that watch their VMs).
func (s *side) findQuotas() {
	if len(s.quotas) == 0 {
		return
	}
	by := map[cloud.VMID][]int{} // the quotas that watch a VM
	var all []int                // those that watch every VM
	for k := range s.quotas {
		if s.quotas[k].watched == nil {
			all = append(all, k)
		}
		for vm := range s.quotas[k].watched {
			by[vm] = append(by[vm], k)
		}
	}
	used, comes := map[spot]int64{}, map[spot]int64{}
	for m := range s.p.Moves {
		if move := &s.p.Moves[m]; move.To != cloud.Absent {
			for _, list := range [][]int{all, by[move.VM]} {
				for _, k := range list {
					comes[spot{move.To, k}]++
				}
			}
		}
	}
	for vm, h := range s.p.Start {
		if h != cloud.Absent {
			for _, list := range [][]int{all, by[cloud.VMID(vm)]} {
				for _, k := range list {
					used[spot{h, k}]++
				}
			}
		}
	}
	var scarce []spot
	for at, n := range comes {
		if s.quotas[at.quota].Most(at.host)-used[at] < n {
			scarce = append(scarce, at)
		}
	}
	slices.SortFunc(scarce, func(a, b spot) int { return cmp.Or(cmp.Compare(a.host, b.host), cmp.Compare(a.quota, b.quota)) })
	for _, at := range scarce {
		free := s.quotas[at.quota].Most(at.host) - used[at]
		s.rooms[at.host] = append(s.rooms[at.host], room{len(s.p.Instance.Resources) + at.quota, free, false})
	}
}
