package cloud

import (
	"fmt"
	"slices"
)

// Rule is one sanity rule bound to an instance. It has two independent forms: one
// for searches, incremental and fast ([Guard]), and one for the judge, which reads
// a placement afresh ([Rule.Violations]). Tests hold the two against each other.
type Rule interface {
	// String is the spec of the rule.
	String() string
	// Continuous rules hold in every state of a path, discrete ones only in
	// the final state.
	Continuous() bool
	// Watches lists the VMs whose coming and going the rule looks at; nil
	// means all of them.
	Watches() []VMID
	// Violations lists what is wrong in v. With a change, which is one of those that
	// just began or ended together, it may leave out what that change cannot have
	// broken: the rule held before them. The view shows a VM under way on both of its
	// hosts. It shares no code with the rule's guard.
	Violations(v View, change *Change) []Violation
	// NewGuard makes the incremental form for one state. A guard that needs
	// groups counted asks the state for a [Census] here.
	NewGuard(s *State) Guard
}

// Guard is the incremental form of a continuous rule. It belongs to one [State],
// reads what the state keeps, and keeps nothing itself.
type Guard interface {
	// Allows tells whether vm may go from one host to another, given that the
	// rule holds in s: it must hold while the VM is charged on both hosts and
	// after it has left the first, in whatever order those under way arrive
	// ([State.UnderWay]): an executor can hold back starts, not ends. Where this is
	// too much to find out, it says no. Either host may be Absent; the VM is not under
	// way yet.
	Allows(s *State, vm VMID, from, to HostID) bool
}

// Follower is an optional ability of a [Guard] that, unlike others, keeps something: it is
// told of every change of the state that it belongs to, when it has come about.
type Follower interface {
	// Follow tells that the VM stands on a host now, or nowhere.
	Follow(vm VMID, to HostID)
	// Begin tells that the VM is under way to a host, or to nowhere, until it is followed.
	Begin(vm VMID, to HostID)
}

// HostFilter is an optional ability of a [Rule] that depends on nothing but which
// VM stands on which host: whoever needs the set of hosts that a VM may ever use
// can compute it once.
type HostFilter interface {
	Admits(vm VMID, host HostID) bool
}

// OneWay is an optional ability of a continuous [Rule] under which a sane migration may
// not be taken back: nothing arrives at a host in maintenance, though VMs leave it. Of
// every other rule it is known that whatever may go may come back, apart from what it
// asks of those who are under way.
type OneWay interface {
	Rule
	// Reverse is the rule for a path that is walked backwards: it allows a change
	// exactly where this rule allows the opposite change.
	Reverse() Rule
}

// Reversed are the rules of a path that is walked backwards.
func Reversed(rules []Rule) []Rule {
	out := make([]Rule, len(rules))
	for i, r := range rules {
		out[i] = r
		if o, ok := r.(OneWay); ok {
			out[i] = o.Reverse()
		}
	}
	return out
}

// Reversible tells whether no rule is one-way.
func Reversible(rules []Rule) bool {
	return !slices.ContainsFunc(rules, func(r Rule) bool { _, ok := r.(OneWay); return ok })
}

// ArrivalFilter is an optional ability of a [OneWay] [HostFilter]: besides where a VM
// may stand, its verdict on a change depends on nothing but which VM arrives where.
type ArrivalFilter interface {
	HostFilter
	// Receives tells whether the VM may arrive at the host. It implies Admits.
	Receives(vm VMID, to HostID) bool
}

// WayFilter is an optional ability of a [OneWay] rule whose verdict on a change depends on
// nothing but the VM and the two ends of the change. The reverse of the rule has it too.
type WayFilter interface {
	// Passes tells whether the VM may go from one host to another. Either may be Absent. It is
	// true for VMs that the rule does not watch.
	Passes(vm VMID, from, to HostID) bool
	// Leads tells whether the rule may let the VM get from one host to another in any number
	// of steps. True where it does not know.
	Leads(vm VMID, from, to HostID) bool
	// WayClass numbers VMs by what they are and a host: by the rule, VMs of a class get from
	// their hosts to the same hosts, and to their hosts from the same hosts. No class is -1.
	WayClass(vm VMID, host HostID) int64
}

// Limiter is an optional ability of a [Rule] that bounds the sum of demands on
// each host, and does nothing else.
type Limiter interface {
	// Limit is what VMs on the host may use of a resource together, in the
	// resource's unit.
	Limit(host HostID, resource int) int64
}

// ArrivalLimiter is an optional ability of a [OneWay] [Limiter]: besides what a host may hold,
// its verdict on a change depends on nothing but what the host where the VM arrives holds then.
type ArrivalLimiter interface {
	Limiter
	// ArrivalLimit is what VMs on the host may use of a resource together where one of them is
	// arriving, or has just arrived. It is at most the Limit; and it has to be kept for all
	// resources, the ones of which the VM demands nothing included.
	ArrivalLimit(host HostID, resource int) int64
}

// EarlyLimiter is an optional ability of a [Limiter] under which a VM that migrates away from a host no longer counts there from the
// start of the migration on, for some resources.
type EarlyLimiter interface {
	Limiter
	FreesEarly(resource int) bool
}

// GuestLimiter is an optional ability of a [Rule] that bounds the sum of demands of the VMs on each host that stood
// elsewhere initially, and does nothing else while all VMs stand that stood initially.
type GuestLimiter interface {
	// GuestLimit is what such VMs on the host may demand of a resource together, in the
	// resource's unit.
	GuestLimit(host HostID, resource int) int64
}

// Needs is an optional ability of a [Rule] that has each place that holds a VM of a group hold one of each of some
// other groups, and does nothing else.
type Needs interface {
	// Places is the kind of failure domain, as [Instance.Domains] knows it.
	Places() string
	// Needs is the group that depends and those that it depends on, by position in [Instance.Groups].
	Needs() (group int, on []int)
}

// Quota is an optional ability of a [Rule] that bounds how many of the VMs it watches
// stand in a failure domain, and does nothing else. A VM under way counts on both of its
// hosts, and once where both are in the same domain.
type Quota interface {
	// Places is the kind of failure domain, as [Instance.Domains] knows it.
	Places() string
	// Most is how many of the VMs may stand in the failure domain of a host.
	Most(host HostID) int64
}

// Span is an optional ability of a [Rule] that bounds in how many failure domains the VMs that
// it watches stand, and does nothing else. None is always fine.
type Span interface {
	// Places is the kind of failure domain, as [Instance.Domains] knows it.
	Places() string
	// Span is the least and the largest number of domains in which the VMs may stand.
	Span() (least, most int)
}

// VMClassifier is an optional ability of a [HostFilter] and of a [CostFunction] that tells
// few kinds of VMs apart. Whoever looks at all VMs need then look at no more than one of
// each class.
type VMClassifier interface {
	// VMClass numbers the classes. VMs of a class may stand on the same hosts, and arrive
	// at the same hosts; or they are charged the same for every step.
	VMClass(vm VMID) int64
}

// View is what the judge shows a rule: a placement in which VMs may be under way.
type View interface {
	// On lists the VMs on a host, including those that are arriving or leaving,
	// in ascending order.
	On(h HostID) []VMID
	// HostOf is where a VM stands; while it is under way, where it comes from.
	HostOf(v VMID) HostID
	// Destination is where a VM goes that is under way, and whether it is. A VM that
	// is being suspended goes nowhere: to Absent.
	Destination(v VMID) (to HostID, underWay bool)
}

// Change is one VM that went, or is going, from one host to another.
type Change struct {
	VM       VMID
	From, To HostID
}

// Violation is one broken rule.
type Violation struct {
	Rule  string // spec of the rule
	Where Where
	Msg   string // what is wrong, with names and amounts
}

// Where is what a rule is broken at. A rule that is broken twice at the same place, for two
// resources for instance, is broken there once. The zero value is for rules that are broken as
// a whole: in too few places, or in too many.
type Where struct {
	By, Place string // kind of place, and its name: "host" and "host1", "rack" and "r7"
	VM        string // the one VM that may not stand there, if the rule is about single VMs
	Group     string // the group that is missing there, if a group is
}

// HostsAt lists the hosts of a place, ascending: one, unless it is a rack, a zone, or the like.
// O(1) for a host if [Instance.Check] has passed, else O(hosts).
func (in *Instance) HostsAt(w Where) []HostID {
	if w.By == "host" {
		if h, ok := in.Host(w.Place); ok {
			return []HostID{h}
		}
	}
	var out []HostID
	for h := range in.Hosts {
		if w.By != "" && in.Hosts[h].Domain(w.By) == w.Place {
			out = append(out, HostID(h))
		}
	}
	return out
}

// String names the place; empty for the zero value.
func (w Where) String() string {
	if w.Place == "" && w.By == "" {
		return ""
	}
	s := fmt.Sprintf("%s %q", w.By, w.Place)
	switch {
	case w.VM != "":
		s = fmt.Sprintf("VM %q on %s", w.VM, s)
	case w.Group != "":
		s = fmt.Sprintf("group %q in %s", w.Group, s)
	}
	return s
}

func (v Violation) String() string { return v.Rule + ": " + v.Msg }

// CostFunction is the cost of one migration, bound to an instance. Costs are
// non-negative integers; the cost of a plan is their sum.
type CostFunction interface {
	// String is the spec of the cost function.
	String() string
	// Unit is the unit of the cost: "MiB", "migrations", "ms", ….
	Unit() string
	// Migrate is the cost of a live migration between two different hosts.
	Migrate(vm VMID, from, to HostID) int64
	// Suspend and Resume are the costs of taking an interruptible VM off its host,
	// and of bringing it back.
	Suspend(vm VMID, from HostID) int64
	Resume(vm VMID, to HostID) int64
}

// CostOf is the cost of one change of a path: a live migration, or, with one end
// absent, a suspend or a resume.
func CostOf(c CostFunction, m Change) int64 {
	switch {
	case m.To == Absent:
		return c.Suspend(m.VM, m.From)
	case m.From == Absent:
		return c.Resume(m.VM, m.To)
	default:
		return c.Migrate(m.VM, m.From, m.To)
	}
}

// HostIndependent is an optional ability of a [CostFunction] that charges the same
// for a VM wherever it goes.
type HostIndependent interface {
	MigrateAnywhere(vm VMID) int64
}

// HostClassifier is an optional ability of a [CostFunction] that tells few kinds of hosts
// apart, such as racks. Whoever looks at all pairs of hosts need then look at no more than
// two of each class.
type HostClassifier interface {
	// HostClasses numbers the classes, by host: a VM is charged the same on its way
	// from one host of a class, or to it, or when it is suspended or resumed there, as
	// for any other host of the class; and the same between any two of them. Nil when
	// classes are not known.
	HostClasses() []int32
}

// HostClassesOf are the classes of hosts that a cost function tells apart, by host; nil
// when they are not known.
func HostClassesOf(c CostFunction) []int32 {
	if k, ok := c.(HostClassifier); ok {
		return k.HostClasses()
	}
	return nil
}
