package rules

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func archEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "arch",
			Synopsis: "a VM stands only on hosts that run its architecture",
			Citation: "own work",
			Doc: "A host runs guests of its own architecture; an absent architecture, of host or VM, " +
				"matches everything. Unless told otherwise an x86_64 host also runs i386 guests.",
			Params: []spec.Param{{
				Name: "runs", Map: true, Type: spec.String, List: true,
				Doc: "guest architectures that hosts of an architecture run besides their own; replaces the default for that architecture",
			}},
			Properties: []spec.Property{Local},
		},
		New: func(a spec.Args) (Binder, error) {
			return func(in *cloud.Instance) ([]cloud.Rule, error) {
				return []cloud.Rule{newArch(in, a)}, nil
			}, nil
		},
	}
}

// Arch keeps VMs on hosts of a fitting architecture.
type Arch struct {
	timed
	in    *cloud.Instance
	runs  map[string][]string // host architecture -> guest architectures besides its own
	class map[string]int64    // by guest architecture
	moot  bool                // no VM names an architecture
}

func newArch(in *cloud.Instance, a spec.Args) *Arch {
	r := &Arch{timed: timed{a.Full().String(), true}, in: in, runs: map[string][]string{"x86_64": {"i386"}}, class: map[string]int64{}}
	hosts, guests := a.StringLists("runs")
	for i, h := range hosts {
		r.runs[h] = guests[i]
	}
	last := "" // VMs in a row usually have the same architecture
	for v := range in.VMs {
		if arch := in.VMs[v].Arch; (v == 0 || arch != last) && r.class[arch] == 0 {
			r.class[arch] = int64(len(r.class)) + 1
		}
		last = in.VMs[v].Arch
	}
	r.moot = len(r.class) == 0 || len(r.class) == 1 && r.class[""] > 0
	return r
}

// Admits implements [cloud.HostFilter].
func (a *Arch) Admits(vm cloud.VMID, h cloud.HostID) bool {
	if a.moot {
		return true
	}
	guest, host := a.in.VMs[vm].Arch, a.in.Hosts[h].Arch
	return guest == host || guest == "" || host == "" || slices.Contains(a.runs[host], guest)
}

// VMClass implements [cloud.VMClassifier].
func (a *Arch) VMClass(vm cloud.VMID) int64 {
	if a.moot {
		return 1
	}
	return a.class[a.in.VMs[vm].Arch]
}

// Watches implements [cloud.Rule].
func (a *Arch) Watches() []cloud.VMID { return nil }

// Violations implements [cloud.Rule].
func (a *Arch) Violations(v cloud.View, change *cloud.Change) []cloud.Violation {
	var out []cloud.Violation
	first, last := cloud.HostID(0), cloud.HostID(len(a.in.Hosts)-1)
	if change != nil {
		if change.To == cloud.Absent {
			return nil
		}
		first, last = change.To, change.To
	}
	for h := first; h <= last; h++ {
		host := &a.in.Hosts[h]
		if host.Arch == "" {
			continue
		}
		for _, vm := range v.On(h) {
			guest := a.in.VMs[vm].Arch
			if guest == "" || guest == host.Arch {
				continue
			}
			native := false
			for _, other := range a.runs[host.Arch] {
				native = native || other == guest
			}
			if !native {
				out = append(out, a.at(single(a.in, vm, h), "host %q is %s and does not run VM %q, which is %s",
					host.Name, host.Arch, a.in.VMs[vm].Name, guest))
			}
		}
	}
	return out
}

// NewGuard implements [cloud.Rule].
func (a *Arch) NewGuard(*cloud.State) cloud.Guard { return FilterGuard{a} }

// Mend implements [cloud.Mender].
func (a *Arch) Mend(start cloud.View) cloud.Mending { return newMendingFilter(a, a.in, start) }
