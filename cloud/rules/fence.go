package rules

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// btrPlace introduces the rules that bind VMs to hosts, and the difference between
// continuous and discrete ones.
const btrPlace = "F. Hermenier, J. Lawall, G. Muller: BtrPlace: A flexible consolidation manager for highly available " +
	"applications. IEEE TDSC 10(5), 2013. https://doi.org/10.1109/TDSC.2013.5; https://github.com/btrplace/scheduler"

func fenceEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "fence",
			Synopsis: "some VMs stand only on some hosts",
			Doc: "A migrating VM stands on both of its hosts, so that both lie within the fence; a discrete fence " +
				"lets it take a way outside. Hosts by pattern may be none, and then the VMs can stand nowhere. " +
				"BtrPlace's Fence; a VM-host affinity rule (\"must run on\") of VMware DRS; a host aggregate of " +
				"OpenStack with the flavours that are tied to it.",
			Params:     slices.Concat(vmParams(), hostParams(), []spec.Param{continuousParam()}),
			Citation:   btrPlace,
			Properties: []spec.Property{Local},
		},
		New: func(a spec.Args) (Binder, error) { return newFence(a, false) },
	}
}

func banEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "ban",
			Synopsis: "some VMs do not stand on some hosts",
			Doc: "A migrating VM stands on both of its hosts, so that neither is one it is banned from; a discrete " +
				"ban lets it pass there on its way. BtrPlace's Ban; a VM-host anti-affinity rule (\"must not run " +
				"on\") of VMware DRS.",
			Params:     slices.Concat(vmParams(), hostParams(), []spec.Param{continuousParam()}),
			Citation:   btrPlace,
			Properties: []spec.Property{Local},
		},
		New: func(a spec.Args) (Binder, error) { return newFence(a, true) },
	}
}

func newFence(a spec.Args, outside bool) (Binder, error) {
	if err := needVMs(a); err != nil {
		return nil, err
	}
	if err := needHosts(a); err != nil {
		return nil, err
	}
	return func(in *cloud.Instance) ([]cloud.Rule, error) {
		vms, err := selectVMs(in, a)
		if err != nil {
			return nil, err
		}
		hosts, err := selectHosts(in, a)
		if err != nil || len(vms) == 0 {
			return nil, err
		}
		return []cloud.Rule{&fence{
			timed: timed{a.Full().String(), a.Bool("continuous")}, in: in,
			vms: newSet(vms, len(in.VMs)), hosts: newSet(hosts, len(in.Hosts)), outside: outside,
		}}, nil
	}, nil
}

// fence keeps VMs on hosts, or off them.
type fence struct {
	timed
	in      *cloud.Instance
	vms     set[cloud.VMID]
	hosts   set[cloud.HostID]
	outside bool // the VMs are kept off the hosts
}

// Admits implements [cloud.HostFilter].
func (f *fence) Admits(vm cloud.VMID, h cloud.HostID) bool {
	return !f.vms.has(vm) || f.hosts.has(h) != f.outside
}

// VMClass implements [cloud.VMClassifier].
func (f *fence) VMClass(vm cloud.VMID) int64 {
	if f.vms.has(vm) {
		return 1
	}
	return 0
}

func (f *fence) Watches() []cloud.VMID { return f.vms.list }

func (f *fence) Violations(v cloud.View, change *cloud.Change) []cloud.Violation {
	var out []cloud.Violation
	for vm, h := range standing(v, f.vms.list, change) {
		_, listed := slices.BinarySearch(f.hosts.list, h)
		switch {
		case f.outside && listed:
			out = append(out, f.at(single(f.in, vm, h), "VM %q stands on host %q, from which it is banned", f.in.VMs[vm].Name, f.in.Hosts[h].Name))
		case !f.outside && !listed:
			out = append(out, f.at(single(f.in, vm, h), "VM %q stands on host %q, outside its fence", f.in.VMs[vm].Name, f.in.Hosts[h].Name))
		}
	}
	return out
}

func (f *fence) NewGuard(*cloud.State) cloud.Guard { return FilterGuard{f} }

// Mend implements [cloud.Mender].
func (f *fence) Mend(start cloud.View) cloud.Mending { return newMendingFilter(f, f.in, start) }
