package rules

import (
	"github.com/cloudrearrange/rearrange/cloud"
)

// relation tells between which two hosts a VM may go. Rules about the two ends of a migration
// are made of one.
type relation interface {
	// allows looks up whether the VM may go from one host to another.
	allows(vm cloud.VMID, from, to cloud.HostID) bool
	// breach says why the VM may not, for the judge; empty if it may. It shares no code with
	// allows.
	breach(vm cloud.VMID, from, to cloud.HostID) string
	// class numbers the VMs that stand on some host: of a class, all may go to the same hosts.
	class(vm cloud.VMID, at cloud.HostID) int64
	// ordered tells whether a VM may go in one step where it may go in several. A host to
	// which it may not go from its initial one is then out of its reach for good.
	ordered() bool
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

// far tells whether a host is another one than the initial host of a VM that has one, and
// that the rule watches.
func (e *ends) far(vm cloud.VMID, h cloud.HostID) bool {
	home := e.initial[vm]
	return home != cloud.Absent && home != h && e.watches(vm)
}

// settled is what the judge finds wrong with a VM that stands on a host, given where it stood
// initially.
func (e *ends) settled(vm cloud.VMID, h cloud.HostID, out []cloud.Violation) []cloud.Violation {
	if h == cloud.Absent || !e.far(vm, h) {
		return out
	}
	if why := e.breach(vm, e.initial[vm], h); why != "" {
		out = append(out, e.violation("VM %q stands on host %q and stood on host %q initially: %s",
			e.in.VMs[vm].Name, e.in.Hosts[h].Name, e.in.Hosts[e.initial[vm]].Name, why))
	}
	return out
}

// placed is what the judge finds wrong with where VMs stand, or with a change the one VM.
func (e *ends) placed(v cloud.View, change *cloud.Change) []cloud.Violation {
	var out []cloud.Violation
	if change != nil {
		if e.watches(change.VM) {
			out = e.settled(change.VM, v.HostOf(change.VM), nil)
		}
		return out
	}
	for vm := range cloud.VMID(len(e.in.VMs)) {
		out = e.settled(vm, v.HostOf(vm), out)
	}
	return out
}

// homeClass numbers the VMs that may go to the same hosts from where they stood initially.
func (e *ends) homeClass(vm cloud.VMID) int64 {
	if e.initial[vm] == cloud.Absent || !e.watches(vm) {
		return -1
	}
	return e.class(vm, e.initial[vm])
}

// reaches tells whether a VM may go to a host from where it stood initially.
func (e *ends) reaches(vm cloud.VMID, h cloud.HostID) bool {
	return !e.far(vm, h) || e.allows(vm, e.initial[vm], h)
}

// outcome is the discrete form.
type outcome struct{ ends }

// Admits implements [cloud.HostFilter].
func (o *outcome) Admits(vm cloud.VMID, h cloud.HostID) bool { return o.reaches(vm, h) }

// VMClass implements [cloud.VMClassifier].
func (o *outcome) VMClass(vm cloud.VMID) int64 { return o.homeClass(vm) }

func (o *outcome) Violations(v cloud.View, change *cloud.Change) []cloud.Violation {
	return o.placed(v, change)
}

func (o *outcome) NewGuard(*cloud.State) cloud.Guard { return FilterGuard{o} }

// passage is the continuous form. Under an ordered relation a VM also stays where it may go
// from its initial host, so that a search need not find out that there is no way.
type passage struct{ ends }

// Admits implements [cloud.HostFilter].
func (p *passage) Admits(vm cloud.VMID, h cloud.HostID) bool { return !p.ordered() || p.reaches(vm, h) }

// VMClass implements [cloud.VMClassifier].
func (p *passage) VMClass(vm cloud.VMID) int64 {
	if !p.ordered() {
		return -1
	}
	return p.homeClass(vm)
}

// whole is the way of which a change is the first step: a VM that is suspended resumes on its
// target and nowhere else. False where nothing is to be said of the change: of a resume,
// which was judged with the suspend.
func (p *passage) whole(vm cloud.VMID, from, to cloud.HostID) (cloud.HostID, bool) {
	if to == cloud.Absent {
		to = p.target[vm]
	}
	return to, from != cloud.Absent && to != cloud.Absent && from != to && p.watches(vm)
}

// Passes implements [cloud.WayFilter].
func (p *passage) Passes(vm cloud.VMID, from, to cloud.HostID) bool {
	to, judged := p.whole(vm, from, to)
	return !judged || p.allows(vm, from, to)
}

// passed is what the judge finds wrong with a change by itself.
func (p *passage) passed(c cloud.Change) []cloud.Violation {
	to, judged := p.whole(c.VM, c.From, c.To)
	if !judged {
		return nil
	}
	why := p.breach(c.VM, c.From, to)
	if why == "" {
		return nil
	}
	goes := "may not go"
	if c.To == cloud.Absent {
		goes = "may not be suspended and go"
	}
	return []cloud.Violation{p.violation("VM %q %s from host %q to host %q: %s",
		p.in.VMs[c.VM].Name, goes, p.in.Hosts[c.From].Name, p.in.Hosts[to].Name, why)}
}

// Violations of a migration are found while it is under way, and once; those of a suspend also
// when it is over, which is when the judge of a path looks.
func (p *passage) Violations(v cloud.View, change *cloud.Change) []cloud.Violation {
	var out []cloud.Violation
	if change != nil {
		if _, underWay := v.Destination(change.VM); underWay || change.To == cloud.Absent {
			out = p.passed(*change)
		}
	}
	if p.ordered() {
		out = append(out, p.placed(v, change)...)
	}
	return out
}

func (p *passage) NewGuard(*cloud.State) cloud.Guard { return passageGuard{p, p} }

// Reverse implements [cloud.OneWay].
func (p *passage) Reverse() cloud.Rule { return &passageBack{*p} }

// passageBack is the continuous form for a path that is walked backwards.
type passageBack struct{ passage }

// Passes implements [cloud.WayFilter].
func (p *passageBack) Passes(vm cloud.VMID, from, to cloud.HostID) bool {
	return p.passage.Passes(vm, to, from)
}

func (p *passageBack) Violations(v cloud.View, change *cloud.Change) []cloud.Violation {
	var out []cloud.Violation
	if change != nil {
		out = p.passed(cloud.Change{VM: change.VM, From: change.To, To: change.From})
	}
	if p.ordered() {
		out = append(out, p.placed(v, change)...)
	}
	return out
}

func (p *passageBack) NewGuard(*cloud.State) cloud.Guard { return passageGuard{p, p} }

// Reverse implements [cloud.OneWay].
func (p *passageBack) Reverse() cloud.Rule { return &p.passage }

// passageGuard is the guard of both.
type passageGuard struct {
	cloud.WayFilter
	cloud.HostFilter
}

// Allows implements [cloud.Guard].
func (g passageGuard) Allows(_ *cloud.State, vm cloud.VMID, from, to cloud.HostID) bool {
	return g.Passes(vm, from, to) && (to == cloud.Absent || g.Admits(vm, to))
}
