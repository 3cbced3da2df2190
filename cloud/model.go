package cloud

import (
	"fmt"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// VMID and HostID are positions in [Instance.VMs] and [Instance.Hosts].
type (
	VMID   int32
	HostID int32
)

// Absent is the host of a VM that stands nowhere.
const Absent HostID = -1

// Resource is one dimension of capacity and demand. The first resource of an
// instance is the one that the cost function `ram` charges.
type Resource struct {
	Name string
	Unit string
}

// Host is a physical machine.
type Host struct {
	Name     string
	Capacity []int64 // per resource, in the resource's unit
	Reserved []int64 // per resource: what the hypervisor keeps for itself, at most Capacity
	Arch     string  // "" runs everything
	Zone     string
	Rack     string
	Labels   map[string]string
	Numbers  map[string]int64 // by names of the user's own
	NICMbps  int64            // bandwidth of the network interface in Mbit/s, 0 when unknown
	Switch   string           // the switch that the network interface is linked to; "" when unknown
}

// Switch is a switch of the network, which is a forest: each has at most one link up to another.
type Switch struct {
	Name   string
	Mbps   int64  // what it passes on in all, 0: whatever its links bring
	Up     string // the switch above; "" at the top
	UpMbps int64  // bandwidth of the link up, each way, 0: it limits nothing
}

// VM is a virtual machine.
type VM struct {
	Name          string
	Demand        []int64 // per resource, in the resource's unit
	Arch          string  // "" runs everywhere
	Labels        map[string]string
	Numbers       map[string]int64 // by names of the user's own
	DirtyMiBPerS  *float64         // rate at which the VM dirties memory pages; nil: not given
	WorkingSetMiB float64          // memory that it dirties again and again, 0 when unknown
	Interruptible bool             // may be suspended and resumed
	Pages         []string         // names of memory contents that VMs share, from common to special
}

// Group is a named set of VMs that rules can refer to.
type Group struct {
	Name string
	VMs  []VMID
}

// MoveClass is hosts between which, and from and to which, a move costs the same.
type MoveClass struct {
	Hosts []HostID
	To    []int64 // by class: what a move costs from one of these hosts to another host, of that class
}

// Placement maps every VM of an instance to its host, or to [Absent].
type Placement []HostID

// Clone returns an independent copy.
func (p Placement) Clone() Placement { return slices.Clone(p) }

// Equal tells whether two placements are the same.
func (p Placement) Equal(q Placement) bool {
	if len(p) != len(q) {
		return false
	}
	for i := range p {
		if p[i] != q[i] {
			return false
		}
	}
	return true
}

// Instance is a cloud, its rules, and where its VMs stand and shall stand.
// Generators and importers fill in the exported fields and call [Instance.Check];
// readers do so themselves. From then on an instance is read-only: what is derived from it,
// such as its indexes, hash and [Instance.Demands], is only renewed by another Check.
type Instance struct {
	Name        string
	Description string
	Resources   []Resource
	Hosts       []Host
	VMs         []VM
	Groups      []Group
	Switches    []Switch
	// Rules are specs of sanity rules; nil stands for the default rules,
	// capacity and arch. An empty, non-nil list means that everything is sane.
	Rules []spec.Spec
	// SLAs are specs of what schedules keep beside the rules.
	SLAs []spec.Spec
	// Objective is the spec of what makes a target good; nil where the instance does not say.
	Objective *spec.Spec
	// MoveCosts divides hosts into classes, by what it costs to move from one to another.
	MoveCosts []MoveClass
	Initial   Placement
	Target    Placement // nil when no target is chosen yet

	vmIndex    index
	hostIndex  index
	hostNames  []string // for random access; see namesOf
	groupIndex map[string]int
	memo       *memo // nil before Check
}

// VM finds a VM by name. [Instance.Check] must have passed.
func (in *Instance) VM(name string) (VMID, bool) { return vmNamed(in, name) }

// Host finds a host by name. [Instance.Check] must have passed.
func (in *Instance) Host(name string) (HostID, bool) { return hostNamed(in, name) }

// vmNamed is [Instance.VM] for names as a string or as bytes.
func vmNamed[T string | []byte](in *Instance, name T) (VMID, bool) {
	id, ok := in.vmIndex.find(hash(&in.vmIndex, name), func(id int) bool { return id < len(in.VMs) && in.VMs[id].Name == string(name) })
	return VMID(id), ok
}

// hostNamed is [Instance.Host] for names as a string or as bytes.
func hostNamed[T string | []byte](in *Instance, name T) (HostID, bool) {
	id, ok := in.hostIndex.find(hash(&in.hostIndex, name), func(id int) bool { return in.hostNames[id] == string(name) })
	return HostID(id), ok
}

// Group finds the position in [Instance.Groups] of the group with a name. O(1) once
// [Instance.Check] has passed, O(groups) before that, or where groups were added since.
func (in *Instance) Group(name string) (int, bool) {
	if g, ok := in.groupIndex[name]; ok && g < len(in.Groups) && in.Groups[g].Name == name {
		return g, true
	}
	g := slices.IndexFunc(in.Groups, func(g Group) bool { return g.Name == name })
	return g, g >= 0
}

// Resource finds the position in [Instance.Resources] of the resource with a name; an
// error says which there are.
func (in *Instance) Resource(name string) (int, error) {
	known := make([]string, len(in.Resources))
	for i, r := range in.Resources {
		if known[i] = r.Name; r.Name == name {
			return i, nil
		}
	}
	return 0, fmt.Errorf("unknown resource %q%s", name, spec.DidYouMean(name, known, "the instance has"))
}

// HostName names a host, and Absent too.
func (in *Instance) HostName(h HostID) string {
	if h == Absent {
		return "(absent)"
	}
	return in.Hosts[h].Name
}

// Start is the placement from which migrations begin: the initial placement
// without the VMs that are shut down because the target lacks them. It panics when
// no target is chosen. O(VMs).
func (in *Instance) Start() Placement {
	p := in.Initial.Clone()
	for v := range p {
		if in.Target[v] == Absent {
			p[v] = Absent
		}
	}
	return p
}

// Goal is the placement at which migrations end: the target without the VMs that
// are provisioned afterwards because the initial placement lacks them. It panics
// when no target is chosen. O(VMs).
func (in *Instance) Goal() Placement {
	p := in.Target.Clone()
	for v := range p {
		if in.Initial[v] == Absent {
			p[v] = Absent
		}
	}
	return p
}
