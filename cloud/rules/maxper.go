package rules

import (
	"math"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func maxPerHostEntry() spec.Entry[Binder] {
	e := maxPerEntry("host")
	e.Citation = serverGroups + " (max_server_per_host)"
	e.Properties = []spec.Property{Local}
	return e
}

func maxPerRackEntry() spec.Entry[Binder] { return maxPerEntry("rack") }

func maxPerZoneEntry() spec.Entry[Binder] { return maxPerEntry("zone") }

func maxPerEntry(by string) spec.Entry[Binder] {
	where := map[string]string{"host": "on one host", "rack": "in one rack", "zone": "in one zone"}[by]
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "max-per-" + by,
			Citation: "own work",
			Synopsis: "at most max VMs of a group stand " + where,
			Doc: "A migrating VM counts on both of its hosts, and once where both are in the same place. " +
				"Hosts without a rack or zone count as one together. With a max of 1 it is anti-affinity.",
			Params: []spec.Param{
				groupParam(),
				{
					Name: "max", Type: spec.Int, Required: true, Bounds: spec.Between(1, math.MaxInt32), Unit: "VMs",
					Doc: "number of VMs of the group " + where + " at the most",
				},
				continuousParam(),
			},
		},
		New: func(a spec.Args) (Binder, error) {
			most := int(a.Int("max"))
			return perGroup(a, by, most+1, func(g grouped) cloud.Rule { return &maxPer{g, most} }), nil
		},
	}
}

// maxPer lets no place hold too many VMs of one group.
type maxPer struct {
	grouped
	most int
}

// Places implements [cloud.Quota].
func (m *maxPer) Places() string { return m.by }

// Most implements [cloud.Quota].
func (m *maxPer) Most(cloud.HostID) int64 { return int64(m.most) }

// Violations counts the members in each place.
func (m *maxPer) Violations(v cloud.View, change *cloud.Change) []cloud.Violation {
	var order []string
	held := map[string]int{}
	for _, vm := range m.in.Groups[m.group].VMs {
		for place := range places(m.in, v, vm, m.by) {
			if held[place]++; held[place] == m.most+1 {
				order = append(order, place)
			}
		}
	}
	var out []cloud.Violation
	for _, place := range order {
		out = append(out, m.at(cloud.Where{By: m.by, Place: place}, "%s %q holds %d VMs of group %q, at most %d may stand there",
			m.by, place, held[place], m.in.Groups[m.group].Name, m.most))
	}
	return out
}

func (m *maxPer) NewGuard(s *cloud.State) cloud.Guard {
	return maxPerGuard{m.group, m.most, s.Census(m.by)}
}

// Mend implements [cloud.Mender].
func (m *maxPer) Mend(start cloud.View) cloud.Mending { return newMending(m, m.in, start) }

type maxPerGuard struct {
	group, most int
	census      *cloud.Census
}

func (g maxPerGuard) arrives(s *cloud.State, vm cloud.VMID, from, to cloud.HostID) bool {
	return g.Allows(s, vm, from, to)
}

func (g maxPerGuard) leaves(*cloud.State, cloud.VMID, cloud.HostID) bool { return true }

func (g maxPerGuard) kept(s *cloud.State, h cloud.HostID) bool {
	return charged(s, g.census, g.group, g.census.Domain(h)) <= g.most
}

func (g maxPerGuard) Allows(s *cloud.State, _ cloud.VMID, from, to cloud.HostID) bool {
	return to == cloud.Absent || others(s, g.census, g.group, from, to) < g.most
}
