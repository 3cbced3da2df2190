package largefirst

import "github.com/cloudrearrange/rearrange/cloud"

// apart is which VMs must not share a host: the members of groups of which no more than
// one may stand on any host. The searches know of these, and of no other rule but limits,
// whose fault it is that a host does not take a VM: the one mate who stands there.
type apart struct {
	first  []int32 // by VM, and one more: where its groups begin in of; nil where there are no groups
	of     []int32
	groups [][]cloud.VMID
}

// keepsApart tells whether a rule is such a one.
func keepsApart(rule cloud.Rule) bool {
	q, ok := rule.(cloud.Quota)
	if !ok || !rule.Continuous() || q.Places() != "host" || rule.Watches() == nil {
		return false
	}
	_, oneWay := rule.(cloud.OneWay)
	// What is asked of one host is asked of all: a quota by host has one limit, or names
	// the hosts where it has another.
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
