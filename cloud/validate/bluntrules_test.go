package validate_test

import (
	"fmt"
	"math/big"
	"path"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
)

// counterparts are the rules of the catalogue once more. A new rule needs one here.
var counterparts = map[string]counterpart{
	"capacity":      {broken: bluntCapacity},
	"numa":          {broken: bluntNUMA},
	"arch":          {broken: bluntArch},
	"anti-affinity": {broken: func(s *scene, a args) []place { return bluntMaxPer(s, a, a.text("by", "host"), 1) }},
	"affinity":      {ofGroups: bluntAffinity},
	"max-per-host":  {broken: func(s *scene, a args) []place { return bluntMaxPer(s, a, "host", a.number("max")) }},
	"max-per-rack":  {broken: func(s *scene, a args) []place { return bluntMaxPer(s, a, "rack", a.number("max")) }},
	"max-per-zone":  {broken: func(s *scene, a args) []place { return bluntMaxPer(s, a, "zone", a.number("max")) }},
	"interference":  {broken: bluntInterference},
	"spread":        {ofGroups: bluntSpread},
	"depends":       {ofGroups: bluntDepends},
	"fence":         {broken: func(s *scene, a args) []place { return bluntFence(s, a, true) }},
	"ban":           {broken: func(s *scene, a args) []place { return bluntFence(s, a, false) }},
	"pin":           {holds: bluntPin},
	"quarantine":    {holds: bluntQuarantine},
	"maintenance":   {holds: bluntMaintenance},
	"max-vms":       {broken: bluntMaxVMs},
	"labels":        {broken: bluntLabels},
	"at-once":       {holds: bluntAtOnce},
	"expression":    {broken: bluntExpression},
	"direction":     {holds: bluntDirection},
}

func matches(pattern, name string) bool {
	ok, err := path.Match(pattern, name)
	return pattern == name || ok && err == nil
}

// group is a group of VMs.
type group struct {
	name string
	vms  []int
}

// groups finds the groups that a parameter names.
func (s *scene) groups(pattern string) []group {
	var out []group
	for _, g := range s.in.Groups {
		if !matches(pattern, g.Name) {
			continue
		}
		one := group{name: g.Name}
		for _, v := range g.VMs {
			one.vms = append(one.vms, int(v))
		}
		out = append(out, one)
	}
	return out
}

// vms are those that a rule is about.
func (s *scene) vms(a args) map[int]bool {
	out := map[int]bool{}
	if a.has("group") {
		for _, g := range s.groups(a.text("group", "")) {
			for _, v := range g.vms {
				out[v] = true
			}
		}
	}
	for v, vm := range s.in.VMs {
		for _, pattern := range a.texts("vms") {
			if matches(pattern, vm.Name) {
				out[v] = true
			}
		}
	}
	return out
}

// hosts are those that a rule is about.
func (s *scene) hosts(a args) map[cloud.HostID]bool {
	out := map[cloud.HostID]bool{}
	for h, host := range s.in.Hosts {
		for key, name := range map[string]string{"hosts": host.Name, "racks": host.Rack, "zones": host.Zone} {
			for _, pattern := range a.texts(key) {
				if name != "" && matches(pattern, name) {
					out[cloud.HostID(h)] = true
				}
			}
		}
	}
	return out
}

// except lists each VM on each host that holds it, but for those of which something holds.
func (s *scene) except(ok func(vm int, h cloud.HostID) bool) []place {
	var out []place
	for vm := range s.in.VMs {
		for _, h := range s.charged(vm) {
			if !ok(vm, h) {
				out = append(out, place{fmt.Sprintf("VM %d on host %d", vm, h), []cloud.HostID{h}, []int{vm}})
			}
		}
	}
	return out
}

// everywhere tells whether something holds for each VM on each host that holds it.
func (s *scene) everywhere(ok func(vm int, h cloud.HostID) bool) bool { return len(s.except(ok)) == 0 }

// host is a host as a place, for rules that look at all VMs.
func (s *scene) host(h int) place {
	p := place{name: s.in.Hosts[h].Name, hosts: []cloud.HostID{cloud.HostID(h)}}
	for vm := range s.in.VMs {
		p.vms = append(p.vms, vm)
	}
	return p
}

// domain is a failure domain as a place, for rules that look at some VMs.
func (s *scene) domain(of, by, name string, vms []int) place {
	p := place{name: of + " in " + name, vms: vms}
	for h := range s.in.Hosts {
		if s.places([]cloud.HostID{cloud.HostID(h)}, by)[0] == name {
			p.hosts = append(p.hosts, cloud.HostID(h))
		}
	}
	return p
}

func bluntCapacity(s *scene, a args) []place {
	var out []place
	for h, host := range s.in.Hosts {
		for r, resource := range s.in.Resources {
			limit := big.NewRat(host.Capacity[r]-host.Reserved[r], 1)
			if ratio, ok := new(big.Rat).SetString(a.text("overcommit."+resource.Name, "1")); ok {
				limit.Mul(limit, ratio)
			}
			both := !a.has("transient") || slices.Contains(a.texts("transient"), resource.Name)
			used := int64(0)
			for _, vm := range s.on(h) {
				to, underWay := s.goes[vm]
				if leaves := underWay && to != cloud.Absent && to != cloud.HostID(h); both || !leaves {
					used += s.in.VMs[vm].Demand[r]
				}
			}
			if new(big.Rat).SetInt64(used).Cmp(limit) > 0 { // amounts are whole: no need to round the limit
				out = append(out, s.host(h)) // once for each resource
			}
		}
	}
	return out
}

// bluntNUMA adds up, for each node, what is charged to it. A node is two places: the node itself, and its partner with the
// double VMs there, which charge both.
func bluntNUMA(s *scene, a args) []place {
	var out []place
	pair := a.text("pair", "machine")
	machine := func(h int) string { return s.places([]cloud.HostID{cloud.HostID(h)}, pair)[0] }
	var doubles []int
	for vm := range s.in.VMs {
		if s.in.VMs[vm].Labels[a.text("double", "numa")] == "2" {
			doubles = append(doubles, vm)
		}
	}
	for h, host := range s.in.Hosts {
		partner := -1
		for o := range s.in.Hosts {
			if o != h && machine(o) != "" && machine(o) == machine(h) {
				partner = o
			}
		}
		for r, resource := range s.in.Resources {
			limit := big.NewRat(host.Capacity[r]-host.Reserved[r], 1)
			if ratio, ok := new(big.Rat).SetString(a.text("overcommit."+resource.Name, "1")); ok {
				limit.Mul(limit, ratio)
			}
			used := int64(0)
			for _, vm := range s.on(h) {
				if partner >= 0 && slices.Contains(doubles, vm) {
					used += (s.in.VMs[vm].Demand[r] + 1) / 2
				} else {
					used += s.in.VMs[vm].Demand[r]
				}
			}
			if partner >= 0 {
				for _, vm := range s.on(partner) {
					if slices.Contains(doubles, vm) {
						used += (s.in.VMs[vm].Demand[r] + 1) / 2
					}
				}
			}
			if new(big.Rat).SetInt64(used).Cmp(limit) <= 0 {
				continue
			}
			out = append(out, s.host(h))
			if partner >= 0 {
				out = append(out, place{name: host.Name + " by its partner", hosts: []cloud.HostID{cloud.HostID(partner)}, vms: doubles})
			}
		}
	}
	return out
}

func bluntArch(s *scene, a args) []place {
	return s.except(func(vm int, h cloud.HostID) bool {
		guest, host := s.in.VMs[vm].Arch, s.in.Hosts[h].Arch
		runs := a.texts("runs." + host)
		if host == "x86_64" && !a.has("runs.x86_64") {
			runs = []string{"i386"}
		}
		return guest == "" || host == "" || guest == host || slices.Contains(runs, guest)
	})
}

func bluntMaxPer(s *scene, a args, by string, most int) []place {
	var out []place
	for _, g := range s.groups(a.text("group", "")) {
		for name, n := range s.held(g.vms, by) {
			if n > most {
				out = append(out, s.domain(g.name, by, name, g.vms))
			}
		}
	}
	return out
}

func bluntInterference(s *scene, a args) []place {
	var out []place
	by := a.text("by", "host")
	for _, one := range s.groups(a.text("group", "")) {
		for _, other := range s.groups(a.text("with", "")) {
			most := a.number("max")
			if one.name == other.name {
				most++ // the VM itself, and the others that the rule allows
			}
			there := s.held(other.vms, by)
			for name := range s.held(one.vms, by) {
				if there[name] > most {
					out = append(out, s.domain(one.name+" with "+other.name, by, name, slices.Concat(one.vms, other.vms)))
				}
			}
		}
	}
	return out
}

func bluntFence(s *scene, a args, inside bool) []place {
	vms, hosts := s.vms(a), s.hosts(a)
	return s.except(func(vm int, h cloud.HostID) bool { return !vms[vm] || hosts[h] == inside })
}

func bluntPin(s *scene, a args) bool {
	vms := s.vms(a)
	return s.everywhere(func(vm int, h cloud.HostID) bool {
		home := s.in.Initial[vm]
		return !vms[vm] || home == cloud.Absent || h == home
	})
}

func bluntQuarantine(s *scene, a args) bool {
	hosts := s.hosts(a)
	return s.everywhere(func(vm int, h cloud.HostID) bool {
		home := s.in.Initial[vm]
		return h == home || !hosts[h] && !hosts[home]
	})
}

// bluntAtOnce adds up, on each host, what it holds initially and what is charged there besides.
func bluntAtOnce(s *scene, a args) bool {
	for h, host := range s.in.Hosts {
		for r, resource := range s.in.Resources {
			if only := a.texts("resources"); len(only) > 0 && !slices.Contains(only, resource.Name) {
				continue
			}
			var initially, coming int64
			for vm := range s.in.VMs {
				if s.in.Initial[vm] == cloud.HostID(h) {
					initially += s.in.VMs[vm].Demand[r]
				} else if slices.Contains(s.charged(vm), cloud.HostID(h)) {
					coming += s.in.VMs[vm].Demand[r]
				}
			}
			if coming > 0 && initially+coming > host.Capacity[r]-host.Reserved[r] {
				return false
			}
		}
	}
	return true
}

func bluntMaintenance(s *scene, a args) bool {
	hosts := s.hosts(a)
	if !a.discrete() {
		for _, e := range s.events {
			if hosts[e.To] {
				return false
			}
		}
	}
	return s.everywhere(func(vm int, h cloud.HostID) bool { return !hosts[h] || h == s.in.Initial[vm] })
}

// bluntEnds asks whether every step goes where a VM may go from its host: a suspend to the target of
// the VM. In the end the two ends are the initial host and the final one.
func bluntEnds(s *scene, a args, may func(vm int, from, to *cloud.Host) bool) bool {
	allowed := func(vm int, from, to cloud.HostID) bool {
		return from == cloud.Absent || to == cloud.Absent || from == to || may(vm, &s.in.Hosts[from], &s.in.Hosts[to])
	}
	if a.discrete() {
		return s.everywhere(func(vm int, h cloud.HostID) bool { return allowed(vm, s.in.Initial[vm], h) })
	}
	for _, e := range s.events {
		to := e.To
		if to == cloud.Absent {
			to = s.in.Target[e.VM]
		}
		if !allowed(int(e.VM), e.From, to) {
			return false
		}
	}
	return true
}

func bluntDirection(s *scene, a args) bool {
	vms, named := s.vms(a), a.has("group") || a.has("vms")
	label, order := a.text("label", ""), a.texts("order")
	return bluntEnds(s, a, func(vm int, from, to *cloud.Host) bool {
		source, labelled := from.Labels[label]
		destination, also := to.Labels[label]
		return named && !vms[vm] || !labelled || !also || slices.Index(order, source) <= slices.Index(order, destination)
	})
}

func bluntMaxVMs(s *scene, a args) []place {
	var out []place
	hosts, named := s.hosts(a), a.has("hosts") || a.has("racks") || a.has("zones")
	for h := range s.in.Hosts {
		if (!named || hosts[cloud.HostID(h)]) && len(s.on(h)) > a.number("max") {
			out = append(out, s.host(h))
		}
	}
	return out
}

func bluntLabels(s *scene, a args) []place {
	vms, named := s.vms(a), a.has("group") || a.has("vms")
	return s.except(func(vm int, h cloud.HostID) bool {
		if named && !vms[vm] {
			return true
		}
		carries := s.in.Hosts[h].Labels
		for key, value := range s.in.VMs[vm].Labels {
			if counts := !a.has("keys") || slices.Contains(a.texts("keys"), key); counts && carries[key] != value {
				return false
			}
		}
		for _, arg := range a.spec.Args {
			if key, ok := strings.CutPrefix(arg.Key, "needs."); ok && carries[key] != arg.Value.Text {
				return false
			}
		}
		return true
	})
}

// bluntBetween are the tests that speak of the two ends of a migration.
func bluntBetween(s *scene) map[string]func(vm int, from, to *cloud.Host) bool {
	return map[string]func(vm int, from, to *cloud.Host) bool{
		"from.zone == to.zone || 'g0' in vm.groups": func(vm int, from, to *cloud.Host) bool {
			return from.Zone == to.Zone || slices.ContainsFunc(s.in.Groups, func(g cloud.Group) bool {
				return g.Name == "g0" && slices.Contains(g.VMs, cloud.VMID(vm))
			})
		},
		"from.labels.gen != 'new' || to.labels.gen in ['new', 'newest']": func(_ int, from, to *cloud.Host) bool {
			return from.Labels["gen"] != "new" || to.Labels["gen"] == "new" || to.Labels["gen"] == "newest"
		},
		"from.capacity.r0 <= to.capacity.r0 + vm.demand.r0": func(vm int, from, to *cloud.Host) bool {
			return from.Capacity[0] <= to.Capacity[0]+s.in.VMs[vm].Demand[0]
		},
		"from.rack != to.rack": func(_ int, from, to *cloud.Host) bool { return from.Rack != to.Rack },
		"to.name != 'host0'":   func(_ int, _, to *cloud.Host) bool { return to.Name != "host0" },
	}
}

// bluntExpression knows the tests that random rules and those of tables are made with, in Go. A test of a host is asked
// for each host, with vm nil; one of VM and host for each host that holds the VM. A test of the two ends
// of a migration is broken nowhere at the start.
func bluntExpression(s *scene, a args) []place {
	var out []place
	type facts struct {
		vm        *cloud.VM
		groups    []string
		host      *cloud.Host
		used, vms int64
	}
	divided := func(a, b int64) *big.Rat { return big.NewRat(a, b) }
	test, known := map[string]func(facts) bool{
		"true": func(facts) bool { return true },
		"vm.demand.r0 <= 2 || host.zone == 'y'": func(f facts) bool {
			return f.vm.Demand[0] <= 2 || f.host.Zone == "y"
		},
		"host.labels.disk != 'ssd' || 'g0' in vm.groups": func(f facts) bool {
			return f.host.Labels["disk"] != "ssd" || slices.Contains(f.groups, "g0")
		},
		"vm.arch == host.arch || vm.name endsWith '1' ? host.capacity.r0 - host.reserved.r0 > 2 : host.rack in ['a', 'b']": func(f facts) bool {
			if f.vm.Arch == f.host.Arch || strings.HasSuffix(f.vm.Name, "1") {
				return f.host.Capacity[0]-f.host.Reserved[0] > 2
			}
			return f.host.Rack == "a" || f.host.Rack == "b"
		},
		"10 % (vm.demand.r0 + 1) <= host.capacity.r0 / 2": func(f facts) bool {
			return 2*(10%(f.vm.Demand[0]+1)) <= f.host.Capacity[0]
		},
		"used.r0 <= 0.9 * host.capacity.r0":     func(f facts) bool { return 10*f.used <= 9*f.host.Capacity[0] },
		"vms <= 2 || host.labels.disk == 'ssd'": func(f facts) bool { return f.vms <= 2 || f.host.Labels["disk"] == "ssd" },
		"vms == 0 || used.r0 / vms <= 3":        func(f facts) bool { return f.vms == 0 || divided(f.used, f.vms).Cmp(divided(3, 1)) <= 0 },
		"vms <= 1":                              func(f facts) bool { return f.vms <= 1 },
		"vms == 1 || vms == 3":                  func(f facts) bool { return f.vms == 1 || f.vms == 3 },
		"vms != 3":                              func(f facts) bool { return f.vms != 3 },
		"used.r0 >= vms || host.zone == 'z'":    func(f facts) bool { return f.used >= f.vms || f.host.Zone == "z" },
		"used.r0 == 0 || 12 / used.r0 >= 2":     func(f facts) bool { return f.used == 0 || divided(12, f.used).Cmp(divided(2, 1)) >= 0 },
	}[a.text("test", "")]
	if between := bluntBetween(s)[a.text("test", "")]; between != nil {
		if !bluntEnds(s, a, between) {
			out = append(out, place{name: "a migration"})
		}
		return out
	}
	if !known {
		panic("no counterpart of the test " + a.text("test", ""))
	}
	if strings.Contains(a.text("test", ""), "vm.") {
		return s.except(func(vm int, h cloud.HostID) bool {
			var groups []string
			for _, g := range s.in.Groups {
				if slices.Contains(g.VMs, cloud.VMID(vm)) {
					groups = append(groups, g.Name)
				}
			}
			return test(facts{vm: &s.in.VMs[vm], groups: groups, host: &s.in.Hosts[h]})
		})
	}
	for h := range s.in.Hosts {
		f := facts{host: &s.in.Hosts[h]}
		for _, vm := range s.on(h) {
			f.vms++
			f.used += s.in.VMs[vm].Demand[0]
		}
		if !test(f) {
			out = append(out, s.host(h))
		}
	}
	return out
}
