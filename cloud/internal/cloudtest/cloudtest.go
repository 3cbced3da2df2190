package cloudtest

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Instance draws a small instance with everything that rules can look at: several
// resources, architectures, racks, zones, labels and groups that overlap. Its
// placements are random and seldom sane; host capacities fit the initial one with
// little to spare.
func Instance(t *rapid.T) *cloud.Instance {
	in := &cloud.Instance{Name: "random"}
	for r := range rapid.IntRange(1, 3).Draw(t, "resources") {
		in.Resources = append(in.Resources, cloud.Resource{Name: fmt.Sprintf("r%d", r), Unit: "unit"})
	}
	hosts := rapid.IntRange(2, 5).Draw(t, "hosts")
	machines := rapid.IntRange(0, 2).Draw(t, "machines of two hosts") > 0
	for v := range rapid.IntRange(1, 7).Draw(t, "vms") {
		vm := cloud.VM{Name: fmt.Sprintf("vm%d", v), Arch: arch(t)}
		if rapid.IntRange(0, 3).Draw(t, "asks for labels") == 0 {
			vm.Labels = map[string]string{"disk": pick(t, "disk", "ssd", "hdd"), "app": "x"}
		} else if machines && rapid.Bool().Draw(t, "on two hosts") {
			vm.Labels = map[string]string{"numa": "2"}
		}
		for range in.Resources {
			vm.Demand = append(vm.Demand, rapid.Int64Range(0, 4).Draw(t, "demand"))
		}
		in.VMs = append(in.VMs, vm)
	}
	in.Initial = Placement(t, len(in.VMs), hosts)
	in.Target = Placement(t, len(in.VMs), hosts)
	for h := range hosts {
		host := cloud.Host{
			Name: fmt.Sprintf("host%d", h), Arch: arch(t),
			Rack: pick(t, "rack", "", "a", "b"), Zone: pick(t, "zone", "y", "z"),
		}
		labels := map[string]string{}
		if rapid.Bool().Draw(t, "labelled") {
			labels["disk"] = pick(t, "disk", "ssd", "hdd")
		}
		if h == 0 || rapid.IntRange(0, 3).Draw(t, "of a generation") > 0 {
			labels["gen"] = pick(t, "gen", generations...)
		}
		if machines {
			labels["machine"] = fmt.Sprintf("m%d", h/2)
		}
		if len(labels) > 0 {
			host.Labels = labels
		}
		for r := range in.Resources {
			used := int64(0)
			for v, at := range in.Initial {
				if at == cloud.HostID(h) {
					used += in.VMs[v].Demand[r]
				}
			}
			reserved := rapid.Int64Range(0, 2).Draw(t, "reserved")
			host.Reserved = append(host.Reserved, reserved)
			host.Capacity = append(host.Capacity, reserved+used+rapid.Int64Range(0, 4).Draw(t, "spare"))
		}
		in.Hosts = append(in.Hosts, host)
	}
	for g := range rapid.IntRange(1, 4).Draw(t, "groups") {
		group := cloud.Group{Name: fmt.Sprintf("g%d", g)}
		for v := range in.VMs {
			if rapid.Bool().Draw(t, "member") {
				group.VMs = append(group.VMs, cloud.VMID(v))
			}
		}
		in.Groups = append(in.Groups, group)
	}
	if err := in.Check(); err != nil {
		t.Fatalf("a random instance is faulty: %v", err)
	}
	return in
}

// generations are the values of the label gen, which the first host has and most others.
var generations = []string{"old", "new", "newest"}

func arch(t *rapid.T) string { return pick(t, "arch", "", "x86_64", "i386", "arm64") }

func pick(t *rapid.T, label string, from ...string) string {
	return rapid.SampledFrom(from).Draw(t, label)
}

// Placement draws a placement; some VMs are absent.
func Placement(t *rapid.T, vms, hosts int) cloud.Placement {
	p := make(cloud.Placement, vms)
	for v := range p {
		p[v] = cloud.HostID(rapid.IntRange(-1, hosts-1).Draw(t, "host"))
	}
	return p
}

// By lists all kinds of failure domain that rules can name on [Instance].
func By(in *cloud.Instance) []string {
	by := []string{"host", "rack", "zone"}
	for _, h := range in.Hosts {
		if _, ok := h.Labels["disk"]; ok {
			return append(by, "disk")
		}
	}
	return by
}

// makers draw a spec for each registered rule.
var makers = map[string]func(*rapid.T, *cloud.Instance, spec.Spec) spec.Spec{
	"capacity": func(t *rapid.T, in *cloud.Instance, s spec.Spec) spec.Spec {
		for _, r := range in.Resources {
			if rapid.Bool().Draw(t, "overcommitted") {
				s = s.With("overcommit."+r.Name, pick(t, "overcommit", "0.75", "1", "1.5", "4/3", "2"))
			}
		}
		if rapid.IntRange(0, 2).Draw(t, "not all transient") == 0 {
			s = s.WithValue("transient", spec.Words(in.Resources[rapid.IntRange(0, len(in.Resources)-1).Draw(t, "transient")].Name))
		}
		return s
	},
	"numa": func(t *rapid.T, in *cloud.Instance, s spec.Spec) spec.Spec {
		if _, paired := in.Hosts[0].Labels["machine"]; !paired {
			s = s.With("pair", "host")
		}
		if rapid.Bool().Draw(t, "overcommitted") {
			s = s.With("overcommit.r0", pick(t, "overcommit", "0.75", "1.5", "4/3"))
		}
		return timed(t, s)
	},
	"arch": func(t *rapid.T, _ *cloud.Instance, s spec.Spec) spec.Spec {
		if rapid.Bool().Draw(t, "emulates") {
			s = s.WithValue("runs."+pick(t, "runner", "x86_64", "arm64"), spec.Words(pick(t, "guest", "i386", "arm64")))
		}
		return s
	},
	"anti-affinity": func(t *rapid.T, in *cloud.Instance, s spec.Spec) spec.Spec {
		return timed(t, s.With("group", groups(t, in)).With("by", by(t, in)))
	},
	"affinity": func(t *rapid.T, in *cloud.Instance, s spec.Spec) spec.Spec {
		return timed(t, s.With("group", groups(t, in)).With("by", by(t, in)))
	},
	"max-per-host": maxPer,
	"max-per-rack": maxPer,
	"max-per-zone": maxPer,
	"interference": func(t *rapid.T, in *cloud.Instance, s spec.Spec) spec.Spec {
		return timed(t, s.With("group", groups(t, in)).With("with", groups(t, in)).
			With("max", pick(t, "max", "0", "1", "2")).With("by", by(t, in)))
	},
	"spread": func(t *rapid.T, in *cloud.Instance, s spec.Spec) spec.Spec {
		return timed(t, s.With("group", groups(t, in)).With("by", by(t, in)).With("min", pick(t, "min", "1", "2", "3")))
	},
	"depends": func(t *rapid.T, in *cloud.Instance, s spec.Spec) spec.Spec {
		on := []string{group(t, in)}
		if rapid.Bool().Draw(t, "two") {
			on = append(on, group(t, in))
		}
		return timed(t, s.With("group", group(t, in)).WithValue("on", spec.Words(on...)).With("by", by(t, in)))
	},
	"expression": expressionRule,
	"fence": func(t *rapid.T, in *cloud.Instance, s spec.Spec) spec.Spec {
		return timed(t, hosts(t, in, vms(t, in, s)))
	},
	"ban": func(t *rapid.T, in *cloud.Instance, s spec.Spec) spec.Spec {
		return timed(t, hosts(t, in, vms(t, in, s)))
	},
	"pin": func(t *rapid.T, in *cloud.Instance, s spec.Spec) spec.Spec { return timed(t, vms(t, in, s)) },
	"at-once": func(t *rapid.T, in *cloud.Instance, s spec.Spec) spec.Spec {
		if rapid.Bool().Draw(t, "not all resources") {
			s = s.WithValue("resources", spec.Words("r0"))
		}
		return s
	},
	"quarantine":  func(t *rapid.T, in *cloud.Instance, s spec.Spec) spec.Spec { return timed(t, hosts(t, in, s)) },
	"maintenance": func(t *rapid.T, in *cloud.Instance, s spec.Spec) spec.Spec { return timed(t, hosts(t, in, s)) },
	"direction": func(t *rapid.T, in *cloud.Instance, s spec.Spec) spec.Spec {
		if rapid.Bool().Draw(t, "some VMs") {
			s = vms(t, in, s)
		}
		order := rapid.Permutation(generations).Draw(t, "order")
		return timed(t, s.With("label", "gen").WithValue("order", spec.Words(order...)))
	},
	"max-vms": func(t *rapid.T, in *cloud.Instance, s spec.Spec) spec.Spec {
		s = s.With("max", pick(t, "max", "0", "1", "2", "4"))
		if rapid.Bool().Draw(t, "some hosts") {
			s = hosts(t, in, s)
		}
		return timed(t, s)
	},
	"labels": func(t *rapid.T, in *cloud.Instance, s spec.Spec) spec.Spec {
		if rapid.Bool().Draw(t, "some VMs") {
			s = vms(t, in, s)
		}
		if slices.ContainsFunc(in.VMs, func(vm cloud.VM) bool { return vm.Labels["disk"] != "" }) && rapid.IntRange(0, 3).Draw(t, "by key") > 0 {
			s = s.WithValue("keys", spec.Words("disk"))
		}
		for _, host := range in.Hosts {
			if value, ok := host.Labels["disk"]; ok && rapid.IntRange(0, 3).Draw(t, "needs") == 0 {
				s = s.With("needs.disk", value)
			}
		}
		return timed(t, s)
	},
}

func maxPer(t *rapid.T, in *cloud.Instance, s spec.Spec) spec.Spec {
	return timed(t, s.With("group", groups(t, in)).With("max", pick(t, "max", "1", "2", "3")))
}

// RuleSpec draws a spec of the named rule for an instance of [Instance]. It fails
// for a rule that it does not know, so that no rule escapes the laws.
func RuleSpec(t *rapid.T, in *cloud.Instance, name string) spec.Spec {
	m := makers[name]
	if m == nil {
		t.Fatalf("rule %q has no maker of random specs: add one to cloud/internal/cloudtest, so that it comes under the laws", name)
	}
	return m(t, in, spec.Named(name))
}

func group(t *rapid.T, in *cloud.Instance) string {
	return in.Groups[rapid.IntRange(0, len(in.Groups)-1).Draw(t, "group")].Name
}

func groups(t *rapid.T, in *cloud.Instance) string {
	if rapid.Bool().Draw(t, "every group") {
		return "g*"
	}
	return group(t, in)
}

// vms draws which VMs a rule is about: by group, by name, or both.
func vms(t *rapid.T, in *cloud.Instance, s spec.Spec) spec.Spec {
	how := rapid.IntRange(1, 3).Draw(t, "vms by")
	if how&1 != 0 {
		s = s.With("group", groups(t, in))
	}
	if how&2 != 0 {
		s = s.WithValue("vms", spec.Words(some(t, "vm", len(in.VMs), func(i int) string { return in.VMs[i].Name })...))
	}
	return s
}

// hosts draws which hosts a rule is about: by name, rack or zone, or several of them.
func hosts(t *rapid.T, in *cloud.Instance, s spec.Spec) spec.Spec {
	how := rapid.IntRange(1, 7).Draw(t, "hosts by")
	if how&1 != 0 {
		s = s.WithValue("hosts", spec.Words(some(t, "host", len(in.Hosts), func(i int) string { return in.Hosts[i].Name })...))
	}
	if how&2 != 0 {
		s = s.WithValue("racks", spec.Words(pick(t, "racks", "*", "[a]"))) // no host needs to be in a rack
	}
	if how&4 != 0 {
		s = s.WithValue("zones", spec.Words(in.Hosts[rapid.IntRange(0, len(in.Hosts)-1).Draw(t, "zone of")].Zone))
	}
	return s
}

// some draws a few names, or a pattern that matches all of them.
func some(t *rapid.T, label string, n int, name func(int) string) []string {
	if rapid.IntRange(0, 9).Draw(t, "every "+label) == 0 {
		return []string{label + "*"}
	}
	var out []string
	for _, i := range rapid.SliceOfN(rapid.IntRange(0, n-1), 1, 3).Draw(t, label) {
		out = append(out, name(i))
	}
	slices.Sort(out)
	return out
}

func by(t *rapid.T, in *cloud.Instance) string { return pick(t, "by", By(in)...) }

func timed(t *rapid.T, s spec.Spec) spec.Spec {
	if rapid.Bool().Draw(t, "discrete") {
		s = s.With("continuous", "no")
	}
	return s
}
