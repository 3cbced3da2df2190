package cloud

import (
	"slices"
	"strconv"
	"strings"
)

// Numbers of members for [lexer.once].
const (
	memberFormat = iota
	memberName
	memberDescription
	memberUnit
	memberVMs
	memberAmounts // capacity or demand
	memberReserved
	memberArch
	memberZone
	memberRack
	memberLabels
	memberNIC
	memberDirty
	memberWorkingSet
	memberInterruptible
	memberPages
	memberObjective
	memberNumbers
	memberHosts
	memberCosts
	memberSwitch
	memberMbps
	memberUp
	memberUpMbps
)

// definitions reads one piece of the hosts or VMs of a document.
type definitions struct {
	*reader
	failed bool
	faults faults
	names  names
	shared map[string]string // one copy of each text that many hosts or VMs have in common
	given  []bool            // by resource: already given in the current object
}

func newDefinitions(r *reader) *definitions {
	return &definitions{reader: r, shared: map[string]string{}, given: make([]bool, len(r.in.Resources))}
}

func (d *definitions) host(x *lexer, i int, h *Host) {
	var given uint32
	for x.open('{'); x.more('}'); {
		switch string(x.name()) {
		case "name":
			h.Name = d.names.keep(x.once(&given, memberName).text())
		case "capacity":
			x.once(&given, memberAmounts)
			d.amounts(x, "/hosts/", i, "/capacity/", h.Capacity)
		case "reserved":
			x.once(&given, memberReserved)
			d.amounts(x, "/hosts/", i, "/reserved/", h.Reserved)
		case "arch":
			h.Arch = d.share(x.once(&given, memberArch).text())
		case "zone":
			h.Zone = d.share(x.once(&given, memberZone).text())
		case "rack":
			h.Rack = d.share(x.once(&given, memberRack).text())
		case "labels":
			x.once(&given, memberLabels)
			h.Labels = d.labels(x)
		case "numbers":
			x.once(&given, memberNumbers)
			h.Numbers = d.numbers(x)
		case "nic_mbps":
			h.NICMbps = x.once(&given, memberNIC).integer()
		case "switch":
			h.Switch = d.share(x.once(&given, memberSwitch).text())
		default:
			x.fail()
		}
	}
	if given>>memberAmounts&1 == 0 && !x.failed {
		d.faults.add("/hosts/"+strconv.Itoa(i), "expected \"capacity\", an object, found nothing")
	}
}

func (d *definitions) vm(x *lexer, i int, v *VM) {
	var given uint32
	for x.open('{'); x.more('}'); {
		switch string(x.name()) {
		case "name":
			v.Name = d.names.keep(x.once(&given, memberName).text())
		case "demand":
			x.once(&given, memberAmounts)
			d.amounts(x, "/vms/", i, "/demand/", v.Demand)
		case "arch":
			v.Arch = d.share(x.once(&given, memberArch).text())
		case "labels":
			x.once(&given, memberLabels)
			v.Labels = d.labels(x)
		case "numbers":
			x.once(&given, memberNumbers)
			v.Numbers = d.numbers(x)
		case "dirty_mib_per_s":
			v.DirtyMiBPerS = new(positiveZero(x.once(&given, memberDirty).float()))
		case "working_set_mib":
			v.WorkingSetMiB = positiveZero(x.once(&given, memberWorkingSet).float())
		case "interruptible":
			v.Interruptible = x.once(&given, memberInterruptible).boolean()
		case "pages":
			x.once(&given, memberPages)
			for x.open('['); x.more(']'); {
				v.Pages = append(v.Pages, d.share(x.text()))
			}
			v.Pages = slices.Clip(v.Pages)
		default:
			x.fail()
		}
	}
	if given>>memberAmounts&1 == 0 && !x.failed {
		d.faults.add("/vms/"+strconv.Itoa(i), "expected \"demand\", an object, found nothing")
	}
}

// amounts spreads named amounts over the resources; what is not named is 0.
func (d *definitions) amounts(x *lexer, list string, i int, field string, into []int64) {
	clear(d.given)
	next := 0 // amounts are usually listed in the order of the resources
	for x.open('{'); x.more('}'); next++ {
		name := x.name()
		n := x.integer()
		r, ok := next, next < len(into) && d.in.Resources[next].Name == string(name)
		if !ok {
			r, ok = d.resources[string(name)]
		}
		switch {
		case x.failed:
		case !ok && len(into) == 0: // having no resources is the fault to report
		case !ok:
			d.faults.unknown(list+strconv.Itoa(i)+field+escapePointer(string(name)), "resource", string(name),
				len(d.in.Resources), func(i int) string { return d.in.Resources[i].Name })
		case d.given[r]:
			x.fail()
		default:
			d.given[r], into[r] = true, n
		}
	}
}

// labels reads an object of strings.
func (d *definitions) labels(x *lexer) labels {
	return members(d, x, func() string { return d.share(x.text()) })
}

// numbers reads an object of integers.
func (d *definitions) numbers(x *lexer) map[string]int64 { return members(d, x, x.integer) }

// members reads an object; nil if it is empty.
func members[T any](d *definitions, x *lexer, value func() T) map[string]T {
	var out map[string]T
	for x.open('{'); x.more('}'); {
		key := d.share(x.name())
		if _, twice := out[key]; twice {
			x.fail()
		}
		if out == nil {
			out = map[string]T{}
		}
		out[key] = value()
	}
	return out
}

// share returns the one copy of a text that many hosts or VMs have in common.
func (d *definitions) share(text []byte) string {
	s, ok := d.shared[string(text)]
	if !ok {
		s = string(text)
		d.shared[s] = s
	}
	return s
}

// positiveZero keeps equal numbers equal in writing too: -0 == 0.
func positiveZero(x float64) float64 {
	if x == 0 {
		return 0
	}
	return x
}

// names allocates short strings that are all different, many of them in one block.
type names struct {
	block strings.Builder
	size  int
}

// mostInBlock is the size of a block, in bytes, once there are many names.
const mostInBlock = 1 << 14

func (n *names) keep(name []byte) string {
	if n.block.Cap()-n.block.Len() < len(name) {
		n.size = min(max(64, 2*n.size), mostInBlock)
		n.block.Reset()
		n.block.Grow(max(n.size, len(name)))
	}
	n.block.Write(name)
	all := n.block.String()
	return all[len(all)-len(name):]
}
