package rules

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func maintenanceEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "maintenance",
			Synopsis: "nothing arrives on some hosts",
			Doc: "No VM migrates to these hosts, resumes or is provisioned there. VMs that stand there initially may " +
				"stay or leave, and do not come back once they left: unlike those of other rules, such a migration " +
				"cannot be taken back. A discrete maintenance asks only that no VM stands there in the end that did " +
				"not stand there initially. A disabled compute service of OpenStack keeps its VMs and gets no new " +
				"ones; a host that enters maintenance mode in VMware vSphere takes none and waits until it is empty.",
			Params: append(hostParams(), continuousParam()),
			Citation: "OpenStack Nova, manage Compute services: https://docs.openstack.org/nova/latest/admin/services.html; " +
				"VMware vSphere Resource Management, Place a Host in Maintenance Mode",
			Properties: []spec.Property{Local},
		},
		New: func(a spec.Args) (Binder, error) {
			return shutHosts(a, func(h shut) cloud.Rule {
				if h.continuous {
					return &noArrivals{maintenance{h}}
				}
				return &maintenance{h}
			})
		},
	}
}

// shut is embedded by rules that shut some hosts to other VMs than those that stand there
// initially.
type shut struct {
	timed
	in      *cloud.Instance
	hosts   set[cloud.HostID]
	initial cloud.Placement
}

// shutHosts makes a rule about the hosts that the parameters select.
func shutHosts(a spec.Args, rule func(shut) cloud.Rule) (Binder, error) {
	if err := needHosts(a); err != nil {
		return nil, err
	}
	return func(in *cloud.Instance) ([]cloud.Rule, error) {
		hosts, err := selectHosts(in, a)
		if err != nil || len(hosts) == 0 {
			return nil, err
		}
		return []cloud.Rule{rule(shut{
			timed{a.Full().String(), a.Bool("continuous")}, in, newSet(hosts, len(in.Hosts)), initialOf(in),
		})}, nil
	}, nil
}

// VMClass implements [cloud.VMClassifier]: it tells VMs by their initial host where that
// is one of the hosts, and no others.
func (s *shut) VMClass(vm cloud.VMID) int64 {
	if home := s.initial[vm]; home != cloud.Absent && s.hosts.has(home) {
		return int64(home)
	}
	return -1
}

// Watches implements [cloud.Rule]: any VM might come.
func (s *shut) Watches() []cloud.VMID { return nil }

// maintenance is the discrete form: it judges who stands on the hosts. The continuous
// form is a type of its own, because abilities are found by type.
type maintenance struct{ shut }

// Admits implements [cloud.HostFilter].
func (m *maintenance) Admits(vm cloud.VMID, h cloud.HostID) bool {
	return m.initial[vm] == h || !m.hosts.has(h)
}

func (m *maintenance) Violations(v cloud.View, change *cloud.Change) []cloud.Violation {
	var out []cloud.Violation
	for _, h := range concerned(m.hosts.list, change) {
		for _, vm := range v.On(h) {
			if m.initial[vm] != h {
				out = append(out, m.at(single(m.in, vm, h), "host %q is in maintenance and VM %q, which did not stand there initially, stands on it",
					m.in.Hosts[h].Name, m.in.VMs[vm].Name))
			}
		}
	}
	return out
}

func (m *maintenance) NewGuard(*cloud.State) cloud.Guard { return FilterGuard{m} }

// noArrivals is the continuous form.
type noArrivals struct{ maintenance }

// Receives implements [cloud.ArrivalFilter].
func (m *noArrivals) Receives(_ cloud.VMID, to cloud.HostID) bool { return !m.hosts.has(to) }

// Reverse implements [cloud.OneWay].
func (m *noArrivals) Reverse() cloud.Rule { return &noDepartures{m.maintenance} }

// Violations of a change are arrivals, even of a VM that stood on the host initially.
func (m *noArrivals) Violations(v cloud.View, change *cloud.Change) []cloud.Violation {
	if change == nil {
		return m.maintenance.Violations(v, nil)
	}
	if _, listed := slices.BinarySearch(m.hosts.list, change.To); !listed {
		return nil
	}
	return []cloud.Violation{m.violation("VM %q arrives on host %q, which is in maintenance",
		m.in.VMs[change.VM].Name, m.in.Hosts[change.To].Name)}
}

func (m *noArrivals) NewGuard(*cloud.State) cloud.Guard { return ArrivalGuard{m} }

// noDepartures is the continuous form for a path that is walked backwards: a step out of
// a host takes back an arrival there, and a step in takes back a departure, which is
// sane for those who stood there initially.
type noDepartures struct{ maintenance }

// Reverse implements [cloud.OneWay].
func (m *noDepartures) Reverse() cloud.Rule { return &noArrivals{m.maintenance} }

func (m *noDepartures) Violations(v cloud.View, change *cloud.Change) []cloud.Violation {
	out := m.maintenance.Violations(v, change)
	if change == nil {
		return out
	}
	if _, listed := slices.BinarySearch(m.hosts.list, change.From); listed {
		out = append(out, m.violation("VM %q leaves host %q, which is in maintenance: walked forwards, it arrives there",
			m.in.VMs[change.VM].Name, m.in.Hosts[change.From].Name))
	}
	return out
}

func (m *noDepartures) NewGuard(*cloud.State) cloud.Guard {
	return DepartureGuard{&noArrivals{m.maintenance}}
}
