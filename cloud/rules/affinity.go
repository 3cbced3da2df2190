package rules

import (
	"strconv"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

const serverGroups = "OpenStack Nova, server groups: https://docs.openstack.org/nova/latest/user/server-groups.html"

func affinityEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "affinity",
			Synopsis: "all VMs of a group share a host (or rack, or zone)",
			Doc: "VMs that are absent do not count. A migrating VM counts in both places, so that two or more VMs that " +
				"are together can move only inside their place, and one alone moves freely; a discrete affinity lets " +
				"them part on the way. The affinity policy of OpenStack server groups, BtrPlace's Gather.",
			Params:   []spec.Param{groupParam(), byParam("host"), continuousParam()},
			Citation: serverGroups,
		},
		New: func(a spec.Args) (Binder, error) {
			return perGroup(a, a.String("by"), 2, func(g grouped) cloud.Rule { return &affinity{g} }), nil
		},
	}
}

// affinity keeps the VMs of one group together.
type affinity struct{ grouped }

// count lists the places in which the members count, and counts those who do.
func (a *affinity) count(v cloud.View) (names []string, present int) {
	seen := map[string]bool{}
	for _, vm := range a.in.Groups[a.group].VMs {
		counts := false
		for place := range places(a.in, v, vm, a.by) {
			counts = true
			if !seen[place] {
				seen[place] = true
				names = append(names, strconv.Quote(place))
			}
		}
		if counts {
			present++
		}
	}
	return names, present
}

// Violations gathers the places in which the members count. One member in two places is
// on its way and bothers nobody; of two or more members, some two are then apart.
func (a *affinity) Violations(v cloud.View, change *cloud.Change) []cloud.Violation {
	names, present := a.count(v)
	if present < 2 || len(names) < 2 {
		return nil
	}
	return []cloud.Violation{a.violation("the %d VMs of group %q that are there are not together: by %s they stand in %s",
		present, a.in.Groups[a.group].Name, a.by, strings.Join(names, ", "))}
}

// Places implements [cloud.Span].
func (a *affinity) Places() string { return a.by }

// Span implements [cloud.Span].
func (a *affinity) Span() (least, most int) { return 0, 1 }

// Mend implements [cloud.Mender].
func (a *affinity) Mend(start cloud.View) cloud.Mending {
	names, _ := a.count(start)
	return &affinityMending{affinity: *a, most: len(names)}
}

func (a *affinity) NewGuard(s *cloud.State) cloud.Guard {
	return affinityGuard{a.group, s.Census(a.by)}
}

type affinityGuard struct {
	group  int
	census *cloud.Census
}

// Allows asks whether all others stand where the VM goes, and none is under way from there or
// to there: they stand together.
func (g affinityGuard) Allows(s *cloud.State, _ cloud.VMID, from, to cloud.HostID) bool {
	if to == cloud.Absent {
		return true
	}
	all := g.census.Present(g.group)
	if from != cloud.Absent {
		all--
	}
	for _, m := range s.UnderWay() {
		if !isMember(s, m.VM, g.group) {
			continue
		}
		if m.From == cloud.Absent {
			all++
		}
		for _, end := range []cloud.HostID{m.From, m.To} {
			if end != cloud.Absent && g.census.Domain(end) != g.census.Domain(to) {
				return false
			}
		}
	}
	return others(s, g.census, g.group, from, to) == all
}
