package rules

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func quarantineEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "quarantine",
			Synopsis: "VMs on some hosts stay on their host, and no other VM stands there",
			Doc: "It is about the VMs that stand on the hosts initially: none of them migrates, not even to another " +
				"host of the quarantine, and no other VM migrates to these hosts, resumes or is provisioned there. " +
				"They may be shut down, and suspended where they are interruptible. A discrete quarantine asks only " +
				"how it is in the end. BtrPlace's Quarantine, which is continuous only.",
			Params:     append(hostParams(), continuousParam()),
			Citation:   btrPlace,
			Properties: []spec.Property{Local},
		},
		New: func(a spec.Args) (Binder, error) {
			return shutHosts(a, func(h shut) cloud.Rule {
				q := &quarantine{shut: h}
				for v, at := range q.initial {
					if at != cloud.Absent && q.hosts.has(at) {
						q.inmates = append(q.inmates, cloud.VMID(v))
					}
				}
				return q
			})
		},
	}
}

// quarantine lets nobody in or out.
type quarantine struct {
	shut
	inmates []cloud.VMID // ascending: who stands on the hosts initially
}

// Admits implements [cloud.HostFilter].
func (q *quarantine) Admits(vm cloud.VMID, h cloud.HostID) bool {
	home := q.initial[vm]
	return h == home || !q.hosts.has(h) && (home == cloud.Absent || !q.hosts.has(home))
}

// Violations looks at the inmates and at the hosts apart, so that it need not look at
// every VM there is.
func (q *quarantine) Violations(v cloud.View, change *cloud.Change) []cloud.Violation {
	var out []cloud.Violation
	for vm, h := range standing(v, q.inmates, change) {
		if home := q.initial[vm]; h != home {
			out = append(out, q.at(single(q.in, vm, h), "VM %q stands on host %q; it may not leave host %q, which is in quarantine",
				q.in.VMs[vm].Name, q.in.Hosts[h].Name, q.in.Hosts[home].Name))
		}
	}
	for _, h := range concerned(q.hosts.list, change) {
		for _, vm := range v.On(h) {
			if _, inmate := slices.BinarySearch(q.inmates, vm); !inmate {
				out = append(out, q.at(single(q.in, vm, h), "VM %q stands on host %q, which is in quarantine", q.in.VMs[vm].Name, q.in.Hosts[h].Name))
			}
		}
	}
	return out
}

func (q *quarantine) NewGuard(*cloud.State) cloud.Guard { return FilterGuard{q} }
