package bounds

import (
	"fmt"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
)

// Confined is a rule that follows from another one for all placements to which paths lead from a start, if all
// VMs that stand at the start stand in the end. It says to which hosts VMs get at all, and is a
// [cloud.HostFilter].
type Confined struct {
	reach
	of    cloud.Rule
	watch []cloud.VMID // nil: all
	in    *cloud.Instance
	// Why says in words what it says of its VMs; empty where that is what the other rule says.
	Why string
}

// reach is where VMs get to.
type reach interface {
	cloud.HostFilter
	cloud.VMClassifier
}

// Confine finds such rules among those in force on paths from a start. There are two kinds of them.
//
// VMs that have to share a place all the time ([cloud.Span]) cannot leave it one by one. So unless all but one of
// them can be suspended, they stay in it for good.
//
// A [cloud.WayFilter] says to which hosts a VM may get in any number of steps.
//
// O(rules × (VMs that they watch + hosts)).
func Confine(in *cloud.Instance, inForce []cloud.Rule, start cloud.Placement) []cloud.Rule {
	var out []cloud.Rule
	known := kinds{}
	for _, rule := range inForce {
		if !rule.Continuous() {
			continue
		}
		if w, ok := rule.(cloud.WayFilter); ok {
			out = append(out, &Confined{led{w, start}, rule, rule.Watches(), in, ""})
		}
		if s, ok := rule.(cloud.Span); ok {
			if _, most := s.Span(); most == 1 {
				if c := keep(in, rule, known.of(in, s.Places()), start); c != nil {
					out = append(out, c)
				}
			}
		}
	}
	return out
}

// String is the spec of the rule that it follows from.
func (c *Confined) String() string { return c.of.String() }

// Continuous implements [cloud.Rule].
func (c *Confined) Continuous() bool { return true }

// Watches implements [cloud.Rule].
func (c *Confined) Watches() []cloud.VMID { return c.watch }

// Violations implements [cloud.Rule]: it looks at both ends of VMs under way.
func (c *Confined) Violations(v cloud.View, _ *cloud.Change) []cloud.Violation {
	var out []cloud.Violation
	for _, vm := range watched(c.in, c) {
		ends := []cloud.HostID{v.HostOf(vm)}
		if to, underWay := v.Destination(vm); underWay {
			ends = append(ends, to)
		}
		for _, h := range ends {
			if h != cloud.Absent && !c.Admits(vm, h) {
				out = append(out, cloud.Violation{
					Rule: c.String(), Where: cloud.Where{By: "host", Place: c.in.Hosts[h].Name, VM: c.in.VMs[vm].Name},
					Msg: fmt.Sprintf("VM %q cannot get to host %q by any path", c.in.VMs[vm].Name, c.in.Hosts[h].Name),
				})
			}
		}
	}
	return out
}

// NewGuard implements [cloud.Rule].
func (c *Confined) NewGuard(*cloud.State) cloud.Guard { return rules.FilterGuard{HostFilter: c} }

// led is what a rule about the ends of migrations says of where VMs get to.
type led struct {
	ways  cloud.WayFilter
	start cloud.Placement
}

// Admits implements [cloud.HostFilter].
func (l led) Admits(v cloud.VMID, h cloud.HostID) bool {
	return l.start[v] == cloud.Absent || l.ways.Leads(v, l.start[v], h)
}

// VMClass implements [cloud.VMClassifier].
func (l led) VMClass(v cloud.VMID) int64 {
	if l.start[v] == cloud.Absent {
		return -1
	}
	return l.ways.WayClass(v, l.start[v])
}

// kept are VMs that stay in one place.
type kept struct {
	vms   []cloud.VMID
	of    []int32 // by host: place
	place int32
}

// keep finds out whether VMs that share a place stay in it for good.
func keep(in *cloud.Instance, rule cloud.Rule, d *domains, start cloud.Placement) *Confined {
	vms := slices.DeleteFunc(slices.Clone(watched(in, rule)), func(v cloud.VMID) bool { return start[v] == cloud.Absent })
	slices.Sort(vms)
	vms = slices.Compact(vms)
	lasting := 0
	for _, v := range vms {
		if !in.VMs[v].Interruptible {
			lasting++
		}
	}
	if lasting < 2 {
		return nil
	}
	k := kept{vms, d.of, d.of[start[vms[0]]]}
	where := "in " + d.by
	if d.by == "host" {
		where = "on host"
	}
	b := &Bounds{in: in}
	return &Confined{k, rule, vms, in, fmt.Sprintf("%s may never be apart and so stay %s %q", b.named(vms), where, d.names[k.place])}
}

// Admits implements [cloud.HostFilter].
func (k kept) Admits(v cloud.VMID, h cloud.HostID) bool {
	return k.of[h] == k.place || k.VMClass(v) < 0
}

// VMClass implements [cloud.VMClassifier].
func (k kept) VMClass(v cloud.VMID) int64 {
	if _, found := slices.BinarySearch(k.vms, v); found {
		return 0
	}
	return -1
}
