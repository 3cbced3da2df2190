package rules

import (
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func maxVMsEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "max-vms",
			Synopsis: "at most max VMs stand on a host",
			Doc: "It holds for each host by itself, for all hosts unless some are named. A migrating VM counts on both " +
				"of its hosts. OpenStack's NumInstancesFilter is this rule; BtrPlace's RunningCapacity bounds the " +
				"VMs of several hosts together and is this rule for one host.",
			Params: slices.Concat([]spec.Param{{
				Name: "max", Type: spec.Int, Required: true, Bounds: spec.Between(0, math.MaxInt32), Unit: "VMs",
				Doc: "number of VMs on a host at the most",
			}}, hostParams(), []spec.Param{continuousParam()}),
			Citation: "OpenStack Nova, NumInstancesFilter: " +
				"https://docs.openstack.org/nova/latest/admin/scheduling.html",
			Properties: []spec.Property{Local},
		},
		New: func(a spec.Args) (Binder, error) {
			return func(in *cloud.Instance) ([]cloud.Rule, error) {
				hosts, err := selectHosts(in, a)
				if !selectsHosts(a) {
					for h := range in.Hosts {
						hosts = append(hosts, cloud.HostID(h))
					}
				}
				if err != nil || len(hosts) == 0 {
					return nil, err
				}
				return []cloud.Rule{&maxVMs{
					timed: timed{a.Full().String(), a.Bool("continuous")}, in: in,
					hosts: newSet(hosts, len(in.Hosts)), most: int(a.Int("max")),
				}}, nil
			}, nil
		},
	}
}

// maxVMs bounds the number of VMs on hosts.
type maxVMs struct {
	timed
	in    *cloud.Instance
	hosts set[cloud.HostID]
	most  int
}

func (m *maxVMs) Watches() []cloud.VMID { return nil }

// Places implements [cloud.Quota].
func (m *maxVMs) Places() string { return "host" }

// Most implements [cloud.Quota].
func (m *maxVMs) Most(h cloud.HostID) int64 {
	if m.hosts.has(h) {
		return int64(m.most)
	}
	return math.MaxInt64
}

func (m *maxVMs) Violations(v cloud.View, change *cloud.Change) []cloud.Violation {
	var out []cloud.Violation
	for _, h := range concerned(m.hosts.list, change) {
		if n := len(v.On(h)); n > m.most {
			out = append(out, m.at(onHost(m.in, h), "at most %d VMs may stand on host %q, found %d", m.most, m.in.Hosts[h].Name, n))
		}
	}
	return out
}

func (m *maxVMs) NewGuard(*cloud.State) cloud.Guard { return maxVMsGuard{m} }

// Mend implements [cloud.Mender].
func (m *maxVMs) Mend(start cloud.View) cloud.Mending { return newMending(m, m.in, start) }

type maxVMsGuard struct{ m *maxVMs }

func (g maxVMsGuard) arrives(s *cloud.State, vm cloud.VMID, from, to cloud.HostID) bool {
	return g.Allows(s, vm, from, to)
}

func (g maxVMsGuard) leaves(*cloud.State, cloud.VMID, cloud.HostID) bool { return true }

func (g maxVMsGuard) kept(s *cloud.State, h cloud.HostID) bool {
	return len(s.On(h)) <= g.m.most || !g.m.hosts.has(h)
}

func (g maxVMsGuard) Allows(s *cloud.State, _ cloud.VMID, _, to cloud.HostID) bool {
	return to == cloud.Absent || len(s.On(to)) < g.m.most || !g.m.hosts.has(to)
}
