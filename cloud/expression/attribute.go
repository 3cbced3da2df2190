package expression

import (
	"github.com/cloudrearrange/rearrange/cloud"
)

// Subject is a set of things that an expression may speak of.
type Subject uint8

// The subjects, by the names that expressions give them.
const (
	VM   Subject = 1 << iota // vm
	Host                     // host
	From                     // from
	To                       // to
	Used                     // used
	VMs                      // vms
)

type namedSubject struct {
	subject Subject
	name    string
}

var subjectNames = []namedSubject{{VM, "vm"}, {Host, "host"}, {From, "from"}, {To, "to"}, {Used, "used"}, {VMs, "vms"}}

func (s Subject) names() []string {
	var out []string
	for _, n := range subjectNames {
		if s&n.subject != 0 {
			out = append(out, n.name)
		}
	}
	return out
}

// Members says what vm and hosts have, for help texts.
const Members = "vm has name, arch, demand.<resource>, labels.<label> (empty where it is missing), numbers.<number> (0 where it is missing), dirty_mib_per_s (0 where it is " +
	"not given), working_set_mib, interruptible, pages and groups; a host has name, arch, zone, rack, labels.<label>, numbers.<number>, " +
	"capacity.<resource>, reserved.<resource> and nic_mbps. Texts stand in single quotes, numbers are exact."

// At is where an expression is evaluated. Only what the expression speaks of matters.
type At struct {
	VM             cloud.VMID
	Host, From, To cloud.HostID
	Used           []int64 // per resource: sum of the demands on Host
	VMs            int64   // number of VMs on Host
}

// field is one member of a VM or a host, or of what a host holds.
type field uint8

const (
	name field = iota
	arch
	labels
	numbers
	demand
	dirty
	workingSet
	interruptible
	pages
	groups
	zone
	rack
	capacity
	reserved
	nic
	used
	vms
)

// member is a field as expressions know it.
type member struct {
	name  string
	field field
	kind  Kind
	of    family
}

// family tells what a member's own members are.
type family uint8

const (
	single     family = iota // none
	byResource               // the instance's resources
	byLabel                  // anything
	byNumber                 // the names of numbers that some VM, or some host, has
)

var vmMembers = []member{
	{"name", name, text, single},
	{"arch", arch, text, single},
	{"demand", demand, numeric, byResource},
	{"labels", labels, text, byLabel},
	{"numbers", numbers, numeric, byNumber},
	{"dirty_mib_per_s", dirty, numeric, single},
	{"working_set_mib", workingSet, numeric, single},
	{"interruptible", interruptible, boolean, single},
	{"pages", pages, texts, single},
	{"groups", groups, texts, single},
}

var hostMembers = []member{
	{"name", name, text, single},
	{"arch", arch, text, single},
	{"zone", zone, text, single},
	{"rack", rack, text, single},
	{"labels", labels, text, byLabel},
	{"numbers", numbers, numeric, byNumber},
	{"capacity", capacity, numeric, byResource},
	{"reserved", reserved, numeric, byResource},
	{"nic_mbps", nic, numeric, single},
}

// attribute is one thing that can be looked up.
type attribute struct {
	subject  Subject
	field    field
	resource int    // where the field is by resource
	label    string // where it is by label or number
}

func (a *attribute) vm(x *point) *cloud.VM { return &x.p.in.VMs[x.VM] }

func (a *attribute) host(x *point) *cloud.Host {
	switch a.subject {
	case From:
		return &x.p.in.Hosts[x.From]
	case To:
		return &x.p.in.Hosts[x.To]
	default:
		return &x.p.in.Hosts[x.Host]
	}
}

func (a *attribute) bool(x *point) bool { return a.vm(x).Interruptible }

func (a *attribute) num(x *point) number {
	switch a.field {
	case numbers:
		if a.subject == VM {
			return integer(a.vm(x).Numbers[a.label])
		}
		return integer(a.host(x).Numbers[a.label])
	case demand:
		return integer(a.vm(x).Demand[a.resource])
	case dirty:
		if rate := a.vm(x).DirtyMiBPerS; rate != nil {
			return decimal(*rate)
		}
		return integer(0)
	case workingSet:
		return decimal(a.vm(x).WorkingSetMiB)
	case capacity:
		return integer(a.host(x).Capacity[a.resource])
	case reserved:
		return integer(a.host(x).Reserved[a.resource])
	case nic:
		return integer(a.host(x).NICMbps)
	case used:
		return integer(x.Used[a.resource])
	default: // vms
		return integer(x.VMs)
	}
}

func (a *attribute) text(x *point) string {
	if a.subject == VM {
		switch vm := a.vm(x); a.field {
		case name:
			return vm.Name
		case arch:
			return vm.Arch
		default: // labels
			return vm.Labels[a.label]
		}
	}
	switch host := a.host(x); a.field {
	case name:
		return host.Name
	case arch:
		return host.Arch
	case zone:
		return host.Zone
	case rack:
		return host.Rack
	default: // labels
		return host.Labels[a.label]
	}
}

func (a *attribute) list(x *point) []string {
	if a.field == groups {
		return x.p.groups[x.VM]
	}
	return a.vm(x).Pages
}
