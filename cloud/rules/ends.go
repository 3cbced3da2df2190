package rules

import (
	"github.com/cloudrearrange/rearrange/cloud"
)

// relation tells between which two hosts a VM may go. Rules about the two ends of a migration
// are made of one.
type relation interface {
	// allows looks up whether the VM may go from one host to another.
	allows(vm cloud.VMID, from, to cloud.HostID) bool
	// leads looks up whether the VM may get from one host to another in any number of steps; true
	// where that is not known.
	leads(vm cloud.VMID, from, to cloud.HostID) bool
	// class numbers VMs and hosts, as [cloud.WayFilter] does for VMs that a rule watches.
	class(vm cloud.VMID, at cloud.HostID) int64
	// breach says why the VM may not go, for the judge; empty if it may. It shares no code with
	// allows.
	breach(vm cloud.VMID, from, to cloud.HostID) string
}

// ends is a rule about where VMs come from and where they go to.
type ends struct {
	timed
	relation
	in              *cloud.Instance
	all             bool // whether it is about all VMs
	vms             set[cloud.VMID]
	initial, target cloud.Placement
}

// newEnds makes a rule about some VMs, about all of them if there is no list. The continuous
// form judges migrations. The discrete one compares the initial host with the final one.
func newEnds(t timed, in *cloud.Instance, all bool, vms []cloud.VMID, r relation) cloud.Rule {
	e := ends{t, r, in, all, newSet(vms, len(in.VMs)), initialOf(in), targetOf(in)}
	if t.continuous {
		return &passage{e}
	}
	return &outcome{e}
}

// Watches implements [cloud.Rule].
func (e *ends) Watches() []cloud.VMID {
	if e.all {
		return nil
	}
	return append([]cloud.VMID{}, e.vms.list...)
}

func (e *ends) watches(vm cloud.VMID) bool { return e.all || e.vms.has(vm) }

// outcome is the discrete form: it compares where VMs are with where they were initially.
type outcome struct{ ends }

// far tells whether the VM had another host initially.
func (o *outcome) far(vm cloud.VMID, h cloud.HostID) bool {
	home := o.initial[vm]
	return home != cloud.Absent && home != h && o.watches(vm)
}

// Admits implements [cloud.HostFilter].
func (o *outcome) Admits(vm cloud.VMID, h cloud.HostID) bool {
	return !o.far(vm, h) || o.allows(vm, o.initial[vm], h)
}

// VMClass implements [cloud.VMClassifier].
func (o *outcome) VMClass(vm cloud.VMID) int64 {
	if home := o.initial[vm]; home != cloud.Absent && o.watches(vm) {
		return o.class(vm, home)
	}
	return -1
}

func (o *outcome) Violations(v cloud.View, change *cloud.Change) []cloud.Violation {
	if change != nil {
		return o.moved(change.VM, v.HostOf(change.VM), nil)
	}
	var out []cloud.Violation
	for vm := range cloud.VMID(len(o.in.VMs)) {
		out = o.moved(vm, v.HostOf(vm), out)
	}
	return out
}

// moved is what the judge finds wrong with a VM that stands on a host in the end.
func (o *outcome) moved(vm cloud.VMID, h cloud.HostID, out []cloud.Violation) []cloud.Violation {
	if h == cloud.Absent || !o.far(vm, h) {
		return out
	}
	if why := o.breach(vm, o.initial[vm], h); why != "" {
		out = append(out, o.violation("VM %q stands on host %q and stood on host %q initially: %s",
			o.in.VMs[vm].Name, o.in.Hosts[h].Name, o.in.Hosts[o.initial[vm]].Name, why))
	}
	return out
}

func (o *outcome) NewGuard(*cloud.State) cloud.Guard { return FilterGuard{o} }

// passage is the continuous form: it judges migrations.
type passage struct{ ends }

// way is the way of which a change is the first step: a VM that is suspended resumes on its
// target and nowhere else. False where nothing is to be said of the change: of a resume,
// which was judged with the suspend.
func (p *passage) way(vm cloud.VMID, from, to cloud.HostID) (cloud.HostID, bool) {
	if to == cloud.Absent {
		to = p.target[vm]
	}
	return to, from != cloud.Absent && to != cloud.Absent && from != to && p.watches(vm)
}

// Passes implements [cloud.WayFilter].
func (p *passage) Passes(vm cloud.VMID, from, to cloud.HostID) bool {
	to, judged := p.way(vm, from, to)
	return !judged || p.allows(vm, from, to)
}

// Leads implements [cloud.WayFilter].
func (p *passage) Leads(vm cloud.VMID, from, to cloud.HostID) bool {
	return from == to || !p.watches(vm) || p.leads(vm, from, to)
}

// WayClass implements [cloud.WayFilter].
func (p *passage) WayClass(vm cloud.VMID, at cloud.HostID) int64 {
	if !p.watches(vm) {
		return -2
	}
	return p.class(vm, at)
}

// judge is what is wrong with a change.
func (p *passage) judge(c cloud.Change) []cloud.Violation {
	to, judged := p.way(c.VM, c.From, c.To)
	if !judged {
		return nil
	}
	why := p.breach(c.VM, c.From, to)
	if why == "" {
		return nil
	}
	goes := "goes"
	if c.To == cloud.Absent {
		goes = "is suspended and can resume only after a way"
	}
	return []cloud.Violation{p.violation("VM %q %s from host %q to host %q: %s",
		p.in.VMs[c.VM].Name, goes, p.in.Hosts[c.From].Name, p.in.Hosts[to].Name, why)}
}

// Violations of a migration are found while it is under way, and once; those of a suspend also
// when it is over, which is when the judge of a path looks.
func (p *passage) Violations(v cloud.View, change *cloud.Change) []cloud.Violation {
	if change == nil {
		return nil
	}
	if _, underWay := v.Destination(change.VM); !underWay && change.To != cloud.Absent {
		return nil
	}
	return p.judge(*change)
}

func (p *passage) NewGuard(*cloud.State) cloud.Guard { return WayGuard{p} }

// Reverse implements [cloud.OneWay].
func (p *passage) Reverse() cloud.Rule { return &passageBack{*p} }

// passageBack is the continuous form for a path that is walked backwards.
type passageBack struct{ passage }

// Passes implements [cloud.WayFilter].
func (p *passageBack) Passes(vm cloud.VMID, from, to cloud.HostID) bool {
	return p.passage.Passes(vm, to, from)
}

// Leads implements [cloud.WayFilter].
func (p *passageBack) Leads(vm cloud.VMID, from, to cloud.HostID) bool {
	return p.passage.Leads(vm, to, from)
}

func (p *passageBack) Violations(_ cloud.View, change *cloud.Change) []cloud.Violation {
	if change == nil {
		return nil
	}
	return p.judge(cloud.Change{VM: change.VM, From: change.To, To: change.From})
}

func (p *passageBack) NewGuard(*cloud.State) cloud.Guard { return WayGuard{p} }

// Reverse implements [cloud.OneWay].
func (p *passageBack) Reverse() cloud.Rule { return &p.passage }
