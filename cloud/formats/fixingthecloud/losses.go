package fixingthecloud

import (
	"fmt"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/lost"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// losses tells what a problem does not say of an instance.
func losses(in *cloud.Instance, ram, cpu int, vms []cloud.VMID) []string {
	var out []string
	if n := len(in.VMs) - len(vms); n > 0 {
		out = append(out, fmt.Sprintf("VMs that no migration is about, because they are shut down, provisioned or never there (%d)", n))
	}
	if renamed(in, vms) {
		out = append(out, "names of hosts and VMs")
	}
	out = append(out, resourceLosses(in, ram, cpu)...)
	out = append(out, traitLosses(in)...)
	if len(in.Groups) > 0 {
		out = append(out, "groups")
	}
	return append(out, ruleLosses(in)...)
}

// renamed tells whether a name is another one than the importer gives.
func renamed(in *cloud.Instance, vms []cloud.VMID) bool {
	for h := range in.Hosts {
		if in.Hosts[h].Name != hostName(h) {
			return true
		}
	}
	for i, v := range vms {
		if in.VMs[v].Name != vmName(i) {
			return true
		}
	}
	return false
}

func resourceLosses(in *cloud.Instance, ram, cpu int) []string {
	want := []cloud.Resource{{Name: ramName}, {Name: cpuName}}
	if slices.Equal(in.Resources, want) {
		return nil
	}
	var out []string
	for r, resource := range in.Resources {
		switch {
		case r != ram && r != cpu:
			out = append(out, fmt.Sprintf("resource %q", resource.Name))
		case r == ram && (r != 0 || resource != want[0]):
			out = append(out, fmt.Sprintf("name, unit or rank of resource %q, which is written as ram", resource.Name))
		case r == cpu && (r != 1 || resource != want[1]):
			out = append(out, fmt.Sprintf("name, unit or rank of resource %q, which is written as cpu", resource.Name))
		}
	}
	if cpu < 0 {
		out = append(out, "that there is no cpu, which is written as 0")
	}
	return out
}

// traitLosses lists what hosts and VMs have besides amounts.
func traitLosses(in *cloud.Instance) []string {
	traits := []struct {
		what string
		host func(cloud.Host) bool
		vm   func(cloud.VM) bool
	}{
		{"reserved amounts, which are taken off the capacities", func(h cloud.Host) bool {
			return slices.ContainsFunc(h.Reserved, func(n int64) bool { return n != 0 })
		}, nil},
		{"architectures", func(h cloud.Host) bool { return h.Arch != "" }, func(v cloud.VM) bool { return v.Arch != "" }},
		{"zones", func(h cloud.Host) bool { return h.Zone != "" }, nil},
		{"racks", func(h cloud.Host) bool { return h.Rack != "" }, nil},
		{"labels", func(h cloud.Host) bool { return len(h.Labels) > 0 }, func(v cloud.VM) bool { return len(v.Labels) > 0 }},
		{"network interfaces", func(h cloud.Host) bool { return h.NICMbps != 0 }, nil},
		{"dirty rates and working sets", nil, func(v cloud.VM) bool { return v.DirtyMiBPerS != nil || v.WorkingSetMiB != 0 }},
		{"that VMs are interruptible", nil, func(v cloud.VM) bool { return v.Interruptible }},
		{"pages", nil, func(v cloud.VM) bool { return len(v.Pages) > 0 }},
	}
	var out []string
	for _, trait := range traits {
		if trait.host != nil && slices.ContainsFunc(in.Hosts, trait.host) || trait.vm != nil && slices.ContainsFunc(in.VMs, trait.vm) {
			out = append(out, trait.what)
		}
	}
	return out
}

// ruleLosses lists the objective, and the rules other than plain capacity, which the format takes for granted.
// The rule arch binds nobody where nobody has an architecture, which is told as such.
func ruleLosses(in *cloud.Instance) []string {
	var out []string
	var others []spec.Spec
	capacity := false
	for _, s := range rules.Specs(in, nil) {
		switch {
		case s.Name == "capacity" && len(s.Args) == 0:
			capacity = true
		case s.Name == "capacity":
			capacity = true
			out = append(out, fmt.Sprintf("rule %s, in place of which capacity is in force", s))
		case s.Name != "arch":
			others = append(others, s)
		}
	}
	out = append(out, lost.Rules(others)...)
	out = slices.Concat(out, lost.Wishes(in), lost.Numbers(in), lost.Network(in))
	if !capacity {
		out = append(out, "that capacities do not bind")
	}
	return out
}
