package rules

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func pinEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "pin",
			Synopsis: "some VMs never stand on another host than their initial one",
			Doc: "No migration of such a VM is sane; a discrete pin lets it make room and asks that it ends where " +
				"it began. It may be shut down, and suspended where it is interruptible. A VM that is absent " +
				"initially is not pinned. BtrPlace's Root, which is continuous only.",
			Params:     append(vmParams(), continuousParam()),
			Citation:   btrPlace,
			Properties: []spec.Property{Local},
		},
		New: func(a spec.Args) (Binder, error) {
			if err := needVMs(a); err != nil {
				return nil, err
			}
			return func(in *cloud.Instance) ([]cloud.Rule, error) {
				vms, err := selectVMs(in, a)
				initial := initialOf(in)
				vms = slices.DeleteFunc(vms, func(v cloud.VMID) bool { return initial[v] == cloud.Absent })
				if err != nil || len(vms) == 0 {
					return nil, err
				}
				return []cloud.Rule{&pin{
					timed: timed{a.Full().String(), a.Bool("continuous")}, in: in,
					vms: newSet(vms, len(in.VMs)), initial: initial,
				}}, nil
			}, nil
		},
	}
}

// pin keeps VMs where they stand initially.
type pin struct {
	timed
	in      *cloud.Instance
	vms     set[cloud.VMID] // none that is absent initially
	initial cloud.Placement
}

// Admits implements [cloud.HostFilter].
func (p *pin) Admits(vm cloud.VMID, h cloud.HostID) bool { return p.initial[vm] == h || !p.vms.has(vm) }

// VMClass implements [cloud.VMClassifier].
func (p *pin) VMClass(vm cloud.VMID) int64 {
	if p.vms.has(vm) {
		return int64(p.initial[vm])
	}
	return -1
}

func (p *pin) Watches() []cloud.VMID { return p.vms.list }

func (p *pin) Violations(v cloud.View, change *cloud.Change) []cloud.Violation {
	var out []cloud.Violation
	for vm, h := range standing(v, p.vms.list, change) {
		if home := p.initial[vm]; h != home {
			out = append(out, p.at(single(p.in, vm, h), "VM %q stands on host %q and is pinned to host %q",
				p.in.VMs[vm].Name, p.in.Hosts[h].Name, p.in.Hosts[home].Name))
		}
	}
	return out
}

func (p *pin) NewGuard(*cloud.State) cloud.Guard { return FilterGuard{p} }
