package part

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
)

// filters are all rules that look at nothing but which VM stands on which host.
type filters struct {
	always
	t *Part
}

// always is embedded by the rules of parts: all of them are continuous, and look at every
// VM.
type always struct{}

func (always) Continuous() bool { return true }

func (always) Watches() []cloud.VMID { return nil }

func (f *filters) String() string { return "filters of the part" }

// Admits implements [cloud.HostFilter].
func (f *filters) Admits(vm cloud.VMID, h cloud.HostID) bool {
	return f.t.cutter.filters.Admits(f.t.vms[vm], f.t.hosts[h])
}

func (f *filters) Violations(v cloud.View, _ *cloud.Change) []cloud.Violation {
	var out []cloud.Violation
	in := f.t.Problem.Instance
	for h := range in.Hosts {
		for _, vm := range v.On(cloud.HostID(h)) {
			if !f.Admits(vm, cloud.HostID(h)) {
				out = append(out, cloud.Violation{Rule: f.String(), Msg: fmt.Sprintf("VM %q may not stand on host %q", in.VMs[vm].Name, in.Hosts[h].Name)})
			}
		}
	}
	return out
}

func (f *filters) NewGuard(*cloud.State) cloud.Guard { return rules.FilterGuard{HostFilter: f} }

// arrivals are filters of which some are stricter about arriving than about standing.
type arrivals struct{ filters }

// Receives implements [cloud.ArrivalFilter].
func (a *arrivals) Receives(vm cloud.VMID, to cloud.HostID) bool {
	return a.t.cutter.filters.Receives(a.t.vms[vm], a.t.hosts[to])
}

// Reverse implements [cloud.OneWay].
func (a *arrivals) Reverse() cloud.Rule { return &departures{a.filters} }

func (a *arrivals) Violations(v cloud.View, change *cloud.Change) []cloud.Violation {
	out := a.filters.Violations(v, change)
	if change != nil && change.To != cloud.Absent && !a.Receives(change.VM, change.To) {
		out = append(out, a.refused(change.VM, change.To))
	}
	return out
}

func (f *filters) refused(vm cloud.VMID, h cloud.HostID) cloud.Violation {
	in := f.t.Problem.Instance
	return cloud.Violation{Rule: f.String(), Msg: fmt.Sprintf("VM %q may not arrive on host %q", in.VMs[vm].Name, in.Hosts[h].Name)}
}

func (a *arrivals) NewGuard(*cloud.State) cloud.Guard { return rules.ArrivalGuard{ArrivalFilter: a} }

// departures are arrivals for a path that is walked backwards: a step from a host takes
// back an arrival there.
type departures struct{ filters }

// Reverse implements [cloud.OneWay].
func (d *departures) Reverse() cloud.Rule { return &arrivals{d.filters} }

func (d *departures) Violations(v cloud.View, change *cloud.Change) []cloud.Violation {
	out := d.filters.Violations(v, change)
	if change != nil && change.From != cloud.Absent && !(&arrivals{d.filters}).Receives(change.VM, change.From) {
		out = append(out, d.refused(change.VM, change.From))
	}
	return out
}

func (d *departures) NewGuard(*cloud.State) cloud.Guard {
	return rules.DepartureGuard{ArrivalFilter: &arrivals{d.filters}}
}
