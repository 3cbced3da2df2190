package openstack

import (
	"cmp"
	"maps"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// instance translates the lists.
func (c *listing) instance(name string) *cloud.Instance {
	in := &cloud.Instance{
		Name:        name,
		Description: "OpenStack cloud as its client lists it",
		Resources:   []cloud.Resource{{Name: "ram", Unit: "MiB"}, {Name: "vcpu", Unit: "core"}},
	}
	zones := c.zones()
	for n, h := range c.hypervisors {
		in.Hosts = append(in.Hosts, cloud.Host{
			Name: h.name, Zone: zones[n],
			Capacity: []int64{h.ramMiB, h.vcpus},
			Reserved: []int64{min(c.importer.reservedRAMMiB, h.ramMiB), 0},
		})
	}
	names := distinct(c.servers, func(s server) (name, id string) { return s.name, s.id })
	for n, s := range c.servers {
		f := c.flavors[s.flavor]
		in.VMs = append(in.VMs, cloud.VM{
			Name: names[n], Arch: f.arch, Labels: s.labels(&f),
			Demand: []int64{f.ramMiB, f.vcpus},
		})
		in.Initial = append(in.Initial, cloud.HostID(s.host)) // nowhere is Absent
	}
	in.Rules = append([]spec.Spec{c.importer.capacity(), spec.Named("arch")}, c.maintenance()...)
	in.Rules = append(in.Rules, c.pinned(names)...)
	c.addGroups(in)
	return in
}

// zones finds the zone of each hypervisor: the one that most of its servers name, of
// equals the first in the alphabet.
func (c *listing) zones() []string {
	count := make([]map[string]int, len(c.hypervisors))
	for _, s := range c.servers {
		if s.host == nowhere || s.zone == "" {
			continue
		}
		if count[s.host] == nil {
			count[s.host] = map[string]int{}
		}
		count[s.host][s.zone]++
	}
	out := make([]string, len(c.hypervisors))
	for h, n := range count {
		if n != nil {
			out[h] = slices.MaxFunc(slices.Sorted(maps.Keys(n)), func(a, b string) int {
				return cmp.Or(cmp.Compare(n[a], n[b]), cmp.Compare(b, a))
			})
		}
	}
	return out
}

func (s *server) labels(f *flavor) map[string]string {
	out := map[string]string{"id": s.id, "flavor": f.name, "status": s.status}
	if s.project != "" {
		out["project"] = s.project
	}
	if s.powerState != "" {
		out["power_state"] = s.powerState
	}
	if f.dedicated {
		out["cpu_policy"] = "dedicated"
	}
	return out
}

func (i importer) capacity() spec.Spec {
	s := spec.Named("capacity")
	if i.cpuRatio != "1" {
		s = s.With("overcommit.vcpu", i.cpuRatio)
	}
	if i.ramRatio != "1" {
		s = s.With("overcommit.ram", i.ramRatio)
	}
	return s
}

// maintenance is the rule for hypervisors that are down or disabled: their servers
// stay listed there, and Nova sends no others.
func (c *listing) maintenance() []spec.Spec {
	var closed []string
	for _, h := range c.hypervisors {
		if h.closed {
			closed = append(closed, h.name)
		}
	}
	if closed == nil {
		return nil
	}
	return []spec.Spec{spec.Named("maintenance").WithValue("hosts", spec.Words(closed...))}
}

// pinned keeps servers in the zones that they were created for, one rule a zone. A zone
// in which no host is known to be binds nobody: its hosts may be among those of which
// no server tells the zone.
func (c *listing) pinned(names []string) []spec.Spec {
	known := map[string]bool{}
	for _, zone := range c.zones() {
		known[zone] = true
	}
	members := map[string][]string{}
	for n, s := range c.servers {
		if s.pinnedZone != "" && known[s.pinnedZone] {
			members[s.pinnedZone] = append(members[s.pinnedZone], names[n])
		}
	}
	var out []spec.Spec
	for _, zone := range slices.Sorted(maps.Keys(members)) {
		out = append(out, spec.Named("fence").WithValue("vms", spec.Words(members[zone]...)).WithValue("zones", spec.Words(zone)))
	}
	return out
}

// addGroups adds server groups, and a rule for each that has a hard policy.
func (c *listing) addGroups(in *cloud.Instance) {
	names := distinct(c.groups, func(g group) (name, id string) { return g.name, g.id })
	for n, g := range c.groups {
		vms := make([]cloud.VMID, len(g.members))
		for i, s := range g.members {
			vms[i] = cloud.VMID(s)
		}
		in.Groups = append(in.Groups, cloud.Group{Name: names[n], VMs: vms})
		if g.policy == "anti-affinity" || g.policy == "affinity" {
			in.Rules = append(in.Rules, spec.Named(g.policy).With("group", names[n]))
		}
	}
}
