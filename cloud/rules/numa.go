package rules

import (
	"fmt"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func numaEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "numa",
			Synopsis: "hosts are NUMA nodes: a VM uses one of them, or half of it each of the two nodes of a machine",
			Doc: "It takes the place of capacity where each host of the instance is a NUMA node, half of a machine. The two halves of a machine carry " +
				"the same value of the host label that pair names. A double VM says so: the label that double names has the value 2. It stands on " +
				"either half of a machine, and each half is charged with half of what it demands, rounded up. All other VMs charge " +
				"the host that they stand on. A host without a partner is a machine of one node: all VMs are charged to it in full. " +
				"The limit of a host is (capacity - reserved) × overcommit, rounded down. While a VM migrates it is charged at both ends, also from one half of a " +
				"machine to the other.",
			Params: []spec.Param{
				{Name: "pair", Type: spec.String, Default: "machine", Doc: "the host label that the halves of a machine share, two at the most; rack, zone, or host: each host alone"},
				{Name: "double", Type: spec.String, Default: "numa", Doc: "the VM label that is 2 for a VM on two nodes, and 1 or absent for one on one node"},
				overcommitParam(), continuousParam(),
			},
			Citation: "X. Ding et al., Towards VM Rescheduling Optimization Through Deep Reinforcement Learning, EuroSys 2025, " +
				"doi:10.1145/3689031.3717476",
		},
		New: func(a spec.Args) (Binder, error) {
			return func(in *cloud.Instance) ([]cloud.Rule, error) {
				r, err := newNUMA(in, a)
				if err != nil {
					return nil, err
				}
				return []cloud.Rule{r}, nil
			}, nil
		},
	}
}

// numa bounds what each half of a machine is charged with.
type numa struct {
	timed
	in      *cloud.Instance
	pair    string
	partner []cloud.HostID // by host; Absent for one that is alone
	double  []bool         // by VM
	demands []int64        // [vm*R + resource]
	charged []int64        // the same, halved for double VMs
	limit   []int64        // [host*R + resource]
}

func newNUMA(in *cloud.Instance, a spec.Args) (*numa, error) {
	m := &numa{timed: timed{a.Full().String(), a.Bool("continuous")}, in: in, pair: a.String("pair"), double: make([]bool, len(in.VMs))}
	if err := CheckBy(in, m.pair); err != nil {
		return nil, err
	}
	var err error
	if m.limit, err = overcommitted(in, a); err != nil {
		return nil, err
	}
	if m.partner, err = partners(in, m.pair); err != nil {
		return nil, err
	}
	label := a.String("double")
	m.demands, m.charged = in.Demands(), slices.Clone(in.Demands())
	for v := range in.VMs {
		switch nodes := in.VMs[v].Labels[label]; nodes {
		case "2":
			m.double[v] = true
			halves := m.charged[v*len(in.Resources) : (v+1)*len(in.Resources)]
			for r, d := range halves {
				halves[r] = d/2 + d%2
			}
		case "", "1":
		default:
			return nil, fmt.Errorf("VM %q has the label %s=%s, expected 1 or 2", in.VMs[v].Name, label, nodes)
		}
	}
	return m, nil
}

// partners are the other halves of machines, by host.
func partners(in *cloud.Instance, pair string) ([]cloud.HostID, error) {
	first := map[string]cloud.HostID{}
	out := make([]cloud.HostID, len(in.Hosts))
	for h := range in.Hosts {
		out[h] = cloud.Absent
		name := in.Hosts[h].Domain(pair)
		if name == "" {
			continue
		}
		other, met := first[name]
		if !met {
			first[name] = cloud.HostID(h)
			continue
		}
		if out[other] != cloud.Absent {
			return nil, fmt.Errorf("hosts %q, %q and %q have the same %s, %q: a machine has two halves", in.Hosts[other].Name,
				in.Hosts[out[other]].Name, in.Hosts[h].Name, pair, name)
		}
		out[other], out[h] = cloud.HostID(h), other
	}
	return out, nil
}

// Watches implements [cloud.Rule].
func (m *numa) Watches() []cloud.VMID { return nil }

// Charge implements [cloud.Charger].
func (m *numa) Charge(vm cloud.VMID, at cloud.HostID) (amounts []int64, also cloud.HostID) {
	n := len(m.in.Resources)
	of, also := m.demands, cloud.Absent
	if m.double[vm] && m.partner[at] != cloud.Absent {
		of, also = m.charged, m.partner[at]
	}
	return of[int(vm)*n : (int(vm)+1)*n], also
}

// Bound implements [cloud.Charger].
func (m *numa) Bound(h cloud.HostID, resource int) int64 {
	return m.limit[int(h)*len(m.in.Resources)+resource]
}

// halves are a host and its partner, if it has one.
func (m *numa) halves(h cloud.HostID) []cloud.HostID {
	if other := m.partner[h]; other != cloud.Absent {
		return []cloud.HostID{h, other}
	}
	return []cloud.HostID{h}
}

// Violations implements [cloud.Rule]: it adds up both halves of each machine concerned.
func (m *numa) Violations(v cloud.View, change *cloud.Change) []cloud.Violation {
	var out []cloud.Violation
	if change != nil {
		if change.To != cloud.Absent { // a machine that a VM leaves cannot become overfull
			for _, h := range m.halves(change.To) {
				out = m.judge(v, h, out)
			}
		}
		return out
	}
	for h := range m.in.Hosts {
		out = m.judge(v, cloud.HostID(h), out)
	}
	return out
}

// judge adds up what a half is charged with.
func (m *numa) judge(v cloud.View, h cloud.HostID, out []cloud.Violation) []cloud.Violation {
	for r, resource := range m.in.Resources {
		var sum int64
		for _, half := range m.halves(h) {
			for _, vm := range v.On(half) {
				d := m.in.VMs[vm].Demand[r]
				switch {
				case m.double[vm] && m.partner[h] != cloud.Absent:
					sum += d - d/2
				case half == h:
					sum += d
				}
			}
		}
		if limit := m.Bound(h, r); sum > limit {
			unit := resource.Unit
			if unit != "" {
				unit = " " + unit
			}
			out = append(out, m.at(m.machine(h), "host %q is charged with %d%s of %s, its limit is %d",
				m.in.Hosts[h].Name, sum, unit, resource.Name, limit))
		}
	}
	return out
}

// machine is the machine of a host as a place.
func (m *numa) machine(h cloud.HostID) cloud.Where {
	if m.partner[h] == cloud.Absent {
		return onHost(m.in, h)
	}
	return cloud.Where{By: m.pair, Place: m.in.Hosts[h].Domain(m.pair)}
}

// NewGuard implements [cloud.Rule].
func (m *numa) NewGuard(*cloud.State) cloud.Guard { return numaGuard{m} }

type numaGuard struct{ m *numa }

// Allows takes O(VMs of the machine × resources): a state knows what VMs demand, not what they charge.
func (g numaGuard) Allows(s *cloud.State, vm cloud.VMID, _, to cloud.HostID) bool {
	if to == cloud.Absent {
		return true
	}
	more, also := g.m.Charge(vm, to)
	return g.holds(s, to, more) && (also == cloud.Absent || g.holds(s, also, more))
}

// holds tells whether a half can be charged with more than it is.
func (g numaGuard) holds(s *cloud.State, h cloud.HostID, more []int64) bool {
	for r, n := range more {
		// Subtracting cannot overflow: both sides are within 0 and MaxInt64.
		if n > g.m.Bound(h, r)-g.used(s, h, r) {
			return false
		}
	}
	return true
}

// used is what a half is charged with.
func (g numaGuard) used(s *cloud.State, h cloud.HostID, r int) int64 {
	sum, other, n := s.Used(h, r), g.m.partner[h], len(g.m.in.Resources)
	if other == cloud.Absent {
		return sum
	}
	for _, vm := range s.On(h) {
		if g.m.double[vm] {
			sum -= g.m.demands[int(vm)*n+r] - g.m.charged[int(vm)*n+r]
		}
	}
	for _, vm := range s.On(other) {
		if g.m.double[vm] {
			sum += g.m.charged[int(vm)*n+r]
		}
	}
	return sum
}
