package slas

import (
	"fmt"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/durations"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func downtimeEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "downtime",
			Synopsis: "most time for which a VM, or some together, are down",
			Doc: "A VM is down from the start of its suspend to the end of its resume, or to the end of the schedule if there is none, and just before the " +
				"end of a live migration for as long as the duration says that it stops the VM: precopy says so, at the full rate of its hosts; others do not.",
			Params: slices.Concat([]spec.Param{
				timeParam("most", "the most time", 0, true),
				{
					Name: "per", Type: spec.Choice, Choices: []string{"vm", "all"}, Default: "vm",
					Doc: "what has this time: each of the VMs, or all of them together, one second for each VM that is down for a second",
				},
				timeParam("window", "in any time of this length; in the whole schedule unless given", 0.001, false),
			}, rules.VMParams()),
			Citation: "own work",
		},
		New: func(a spec.Args) (Binder, error) {
			return func(in *cloud.Instance, d cloud.Duration, unit string) (SLA, error) {
				w, err := watchedBy(in, a)
				if err != nil {
					return nil, err
				}
				t, err := timesOf(a, unit, "most", "window")
				if err != nil {
					return nil, err
				}
				stopping, _ := d.(durations.Stopping)
				return &downtime{a.Brief().String(), in, unit, w, a.String("per") == "vm", t[0], t[1], stopping}, nil
			}, nil
		},
	}
}

// downtime is the SLA of that name.
type downtime struct {
	text string
	in   *cloud.Instance
	unit string
	watched
	perVM        bool
	most, window int64
	stopping     durations.Stopping // nil: live migrations are not known to stop VMs
}

func (d *downtime) String() string { return d.text }

// Accounts implements [DownLimiter]. O(VMs).
func (d *downtime) Accounts() []Account {
	of := func(name string, vms []cloud.VMID) Account {
		return Account{name, vms, d.most, d.window, func(s *cloud.Step) int64 {
			if d.stopping == nil || s.Action != cloud.Migrate {
				return 0
			}
			return d.stopping.Stopped(s)
		}}
	}
	if !d.perVM {
		return []Account{of("the VMs together", d.list)}
	}
	out := make([]Account, len(d.list))
	for i, v := range d.list {
		out[i] = of(fmt.Sprintf("VM %q", d.in.VMs[v].Name), d.list[i:i+1])
	}
	return out
}
