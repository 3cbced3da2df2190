package largefirst

import "github.com/cloudrearrange/rearrange/cloud"

// apart holds the groups of which at most one member may stand on any host. If such a group
// keeps a VM off a host, the search knows which VM has to leave: the member that stands there.
// Of other rules it knows that only for limits.
type apart struct {
	first  []int32 // by VM, and one more: index in of where its groups begin; nil if there are no groups
	of     []int32
	groups [][]cloud.VMID
}

// keepsApart tells whether a rule keeps a group apart by host.
func keepsApart(rule cloud.Rule) bool {
	q, ok := rule.(cloud.Quota)
	if !ok || !rule.Continuous() || q.Places() != "host" || rule.Watches() == nil {
		return false
	}
	_, oneWay := rule.(cloud.OneWay)
	// Host 0 stands for all: a quota that watches a group has the same limit on every host.
	return !oneWay && q.Most(0) == 1
}

// newApart takes O(VMs + members of groups).
func newApart(in *cloud.Instance, rules []cloud.Rule) *apart {
	a := &apart{}
	for _, rule := range rules {
		if keepsApart(rule) {
			a.groups = append(a.groups, rule.Watches())
		}
	}
	if a.groups == nil {
		return a
	}
	a.first = make([]int32, len(in.VMs)+1)
	for _, vms := range a.groups {
		for _, v := range vms {
			a.first[v+1]++
		}
	}
	for v := range in.VMs {
		a.first[v+1] += a.first[v]
	}
	a.of = make([]int32, a.first[len(in.VMs)])
	next := append([]int32(nil), a.first...)
	for g, vms := range a.groups {
		for _, v := range vms {
			a.of[next[v]] = int32(g)
			next[v]++
		}
	}
	return a
}

// groupsOf lists the groups of a VM.
func (a *apart) groupsOf(v cloud.VMID) []int32 {
	if a.first == nil {
		return nil
	}
	return a.of[a.first[v]:a.first[v+1]]
}

// member tells whether a VM belongs to a group.
func (a *apart) member(v cloud.VMID, group int32) bool {
	for _, g := range a.groupsOf(v) {
		if g == group {
			return true
		}
	}
	return false
}
