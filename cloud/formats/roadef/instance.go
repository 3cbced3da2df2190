package roadef

import (
	"fmt"
	"strconv"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// instance translates the model.
func (m *model) instance(name string, initial cloud.Placement, transient string) (*cloud.Instance, error) {
	in := &cloud.Instance{
		Name:        name,
		Description: "machine reassignment problem in the format of the ROADEF/EURO challenge 2012",
		Initial:     initial,
	}
	for r := range m.transient {
		in.Resources = append(in.Resources, cloud.Resource{Name: numbered("r", r)})
	}
	in.Hosts = make([]cloud.Host, len(m.machines))
	none := make([]int64, len(m.transient))
	for h := range m.machines {
		in.Hosts[h] = cloud.Host{
			Name: numbered("m", h), Capacity: m.machines[h].capacity, Reserved: none,
			Labels: map[string]string{
				"location":      strconv.FormatInt(m.machines[h].location, 10),
				"neighbourhood": strconv.FormatInt(m.machines[h].neighbourhood, 10),
			},
			Numbers: map[string]int64{},
		}
		for r, safe := range m.machines[h].safe {
			in.Hosts[h].Numbers[objectives.SafePrefix+numbered("r", r)] = safe
		}
	}
	in.VMs = make([]cloud.VM, len(m.processes))
	members := make([][]cloud.VMID, len(m.services))
	for p := range m.processes {
		in.VMs[p] = cloud.VM{Name: numbered("p", p), Demand: m.processes[p].demand}
		if n := m.processes[p].move; n != 0 {
			in.VMs[p].Numbers = map[string]int64{"move_cost": n}
		}
		s := m.processes[p].service
		members[s] = append(members[s], cloud.VMID(p))
	}
	for _, s := range m.grouped(members) {
		in.Groups = append(in.Groups, cloud.Group{Name: numbered("s", s), VMs: members[s]})
	}
	in.Rules = m.rules(len(in.Groups) > 0, transient)
	in.Objective = m.objective()
	in.MoveCosts = m.moveClasses()
	if err := in.Check(); err != nil {
		return nil, fmt.Errorf("%s: %w", m.file, err)
	}
	return in, nil
}

func numbered(prefix string, i int) string { return prefix + strconv.Itoa(i) }

// grouped lists the services that some rule speaks of. The others have one process
// at the most and nothing to obey: tens of thousands of them in the large models.
func (m *model) grouped(members [][]cloud.VMID) []int {
	needed := make([]bool, len(m.services))
	for s, service := range m.services {
		if len(members[s]) > 1 || service.spread > 1 {
			needed[s] = true
		}
		for _, on := range service.others(s) {
			needed[s], needed[on] = true, true
		}
	}
	var out []int
	for s, n := range needed {
		if n {
			out = append(out, s)
		}
	}
	return out
}

// others are the services that s, which is service number `self`, depends on, without
// itself and each once.
func (s *service) others(self int) []int {
	var out []int
	seen := map[int]bool{self: true}
	for _, on := range s.dependsOn {
		if !seen[on] {
			seen[on] = true
			out = append(out, on)
		}
	}
	return out
}

// rules are the hard constraints. A spread of one location holds for every service
// that stands somewhere.
func (m *model) rules(groups bool, transient string) []spec.Spec {
	out := []spec.Spec{m.capacity()}
	if names := m.transients(); transient == "target" && len(names) > 0 {
		out = append(out, spec.Named("at-once").WithValue("resources", spec.Words(names...)).With("continuous", "no"))
	}
	if groups {
		out = append(out, spec.Named("anti-affinity").With("group", "*"))
	}
	for s, service := range m.services {
		if service.spread > 1 {
			out = append(out, spec.Named("spread").With("group", numbered("s", s)).
				With("min", strconv.FormatInt(service.spread, 10)).With("by", "location"))
		}
	}
	for s, service := range m.services {
		on := prose.Texts(service.others(s), func(o int) string { return numbered("s", o) })
		if len(on) > 0 {
			out = append(out, spec.Named("depends").With("group", numbered("s", s)).
				WithValue("on", spec.Words(on...)).With("by", "neighbourhood"))
		}
	}
	return out
}

// capacity lists the transient resources unless all are: that is what the rule
// supposes when it is told nothing.
func (m *model) capacity() spec.Spec {
	names := m.transients()
	if len(names) == len(m.transient) {
		return spec.Named("capacity")
	}
	return spec.Named("capacity").WithValue("transient", spec.Words(names...))
}

// transients names the transient resources.
func (m *model) transients() []string {
	var names []string
	for r, transient := range m.transient {
		if transient {
			names = append(names, numbered("r", r))
		}
	}
	return names
}

// objective is that of the challenge. Without groups every VM is a service of its own, which is what no group means.
func (m *model) objective() *spec.Spec {
	s := spec.Named("reassign")
	for r, w := range m.load {
		if w != 0 {
			s = s.With("load."+numbered("r", r), strconv.FormatInt(w, 10))
		}
	}
	for i, b := range m.balances {
		s = s.WithValue("balance."+numbered("b", i), spec.Words(numbered("r", int(b[0])), numbered("r", int(b[1])),
			strconv.FormatInt(b[2], 10), strconv.FormatInt(b[3], 10)))
	}
	for i, name := range [...]string{"vm-moves", "service-moves", "host-moves"} {
		s = s.With(name, strconv.FormatInt(m.weights[i], 10))
	}
	return &s
}
