package cloud

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// PathError is a fault at one place of a document, named by a JSON Pointer
// (RFC 6901). Readers add the file and the line.
type PathError struct {
	Pointer string
	Msg     string
}

func (e *PathError) Error() string { return e.Pointer + ": " + e.Msg }

// maxFaults bounds how many faults of one document are reported together.
const maxFaults = 20

// faults gathers positioned errors.
type faults struct {
	list []error
	more int // beyond the list
}

func (f *faults) add(pointer, format string, args ...any) {
	if len(f.list) >= maxFaults {
		f.more++
		return
	}
	f.list = append(f.list, &PathError{Pointer: pointer, Msg: fmt.Sprintf(format, args...)})
}

// unknown reports a name that nothing has, with the known ones in mind.
func (f *faults) unknown(pointer, kind, name string, n int, known func(int) string) {
	if len(f.list) >= maxFaults { // the search for a similar name is costly
		f.more++
		return
	}
	names := make([]string, n)
	for i := range names {
		names[i] = known(i)
	}
	f.add(pointer, "unknown %s %q%s", kind, prose.Abridge(name, maxName), spec.DidYouMean(name, names, "known are"))
}

func (f *faults) unknownHost(in *Instance, pointer, name string) {
	f.unknown(pointer, "host", name, len(in.Hosts), func(i int) string { return in.Hosts[i].Name })
}

func (f *faults) unknownVM(in *Instance, pointer, name string) {
	f.unknown(pointer, "VM", name, len(in.VMs), func(i int) string { return in.VMs[i].Name })
}

// join appends the faults found in a later part of the document.
func (f *faults) join(later *faults) {
	n := min(len(later.list), maxFaults-len(f.list))
	f.list = append(f.list, later.list[:n]...)
	f.more += len(later.list) - n + later.more
}

// text reports what a JSON document cannot hold.
func (f *faults) text(at place, field, s string) {
	if !utf8.ValidString(s) {
		f.add(at.String()+"/"+field, "expected valid UTF-8, found %q", prose.Abridge(s, maxName))
	}
}

func (f *faults) err() error {
	switch f.more {
	case 0:
		return errors.Join(f.list...)
	case 1:
		return errors.Join(append(f.list, errors.New("and 1 more fault"))...)
	default:
		return errors.Join(append(f.list, fmt.Errorf("and %d more faults", f.more))...)
	}
}

// Check tests everything that the model itself demands (names present and unique,
// amounts within range, placements of the right length) and builds the name
// indexes. It does not ask whether placements are sane: rules do. Faults are
// joined [*PathError] values. O(size of the instance).
func (in *Instance) Check() error {
	var f faults
	in.checkDefinitions(&f)
	in.checkGroups(&f)
	in.checkSwitches(&f)
	in.checkMoveCosts(&f)
	in.checkPlacement(&f, "/initial", in.Initial)
	if in.Target != nil {
		in.checkPlacement(&f, "/target", in.Target)
	}
	return f.err()
}

// checkDefinitions checks all but what refers to hosts and VMs.
func (in *Instance) checkDefinitions(f *faults) {
	in.memo = &memo{of: in}
	if in.Name == "" {
		f.add("/name", noName)
	}
	f.text(place{}, "name", in.Name)
	f.text(place{}, "description", in.Description)
	in.checkResources(f)
	in.checkHosts(f)
	in.checkVMs(f)
}

const noName = "expected a name that is not empty"

func (in *Instance) checkResources(f *faults) {
	if len(in.Resources) == 0 {
		f.add("/resources", "expected at least one resource")
	}
	seen := map[string]int{}
	for i, r := range in.Resources {
		at := place{"/resources/", i}
		if first, dup := seen[r.Name]; dup {
			f.add(at.String()+"/name", "resource %q is already defined at /resources/%d", prose.Abridge(r.Name, maxName), first)
		} else if seen[r.Name] = i; r.Name == "" {
			f.add(at.String()+"/name", noName)
		}
		f.text(at, "name", r.Name)
		f.text(at, "unit", r.Unit)
	}
}

func (in *Instance) checkHosts(f *faults) {
	in.hostIndex, in.hostNames = newIndex(len(in.Hosts)), namesOf(in.Hosts)
	total := make([]int64, len(in.Resources))
	for i := range in.Hosts {
		h := &in.Hosts[i]
		at := place{"/hosts/", i}
		if h.Name == "" {
			f.add(at.String()+"/name", noName)
		} else if first, dup := in.hostIndex.add(hash(&in.hostIndex, h.Name), i, func(id int) bool { return in.hostNames[id] == h.Name }); dup {
			f.add(at.String()+"/name", "host %q is already defined at /hosts/%d", prose.Abridge(h.Name, maxName), first)
		}
		f.text(at, "name", h.Name)
		f.text(at, "arch", h.Arch)
		f.text(at, "zone", h.Zone)
		f.text(at, "rack", h.Rack)
		checkLabels(f, at, h.Labels)
		checkNumbers(f, at, h.Numbers)
		if h.NICMbps < 0 {
			f.add(at.String()+"/nic_mbps", "expected an integer of at least 0, found %d", h.NICMbps)
		}
		if len(h.Capacity) != len(in.Resources) || len(h.Reserved) != len(in.Resources) {
			f.add(at.String(), "expected %d amounts, one per resource, found %d of capacity and %d reserved",
				len(in.Resources), len(h.Capacity), len(h.Reserved))
			continue
		}
		for r := range in.Resources {
			in.checkAmount(f, at, "capacity", r, h.Capacity[r], &total[r])
			if n := h.Reserved[r]; n < 0 || n > h.Capacity[r] && h.Capacity[r] >= 0 {
				f.add(at.String()+"/reserved/"+escapePointer(in.Resources[r].Name),
					"expected an integer from 0 to the capacity, which is %d, found %d", h.Capacity[r], n)
			}
		}
	}
}

func (in *Instance) checkVMs(f *faults) {
	in.vmIndex = newIndex(len(in.VMs))
	total := make([]int64, len(in.Resources))
	for i := range in.VMs {
		v := &in.VMs[i]
		at := place{"/vms/", i}
		if v.Name == "" {
			f.add(at.String()+"/name", noName)
		} else if first, dup := in.vmIndex.add(hash(&in.vmIndex, v.Name), i, func(id int) bool { return in.VMs[id].Name == v.Name }); dup {
			f.add(at.String()+"/name", "VM %q is already defined at /vms/%d", prose.Abridge(v.Name, maxName), first)
		}
		f.text(at, "name", v.Name)
		f.text(at, "arch", v.Arch)
		checkLabels(f, at, v.Labels)
		checkNumbers(f, at, v.Numbers)
		for j, p := range v.Pages {
			if !utf8.ValidString(p) {
				f.text(at, "pages/"+strconv.Itoa(j), p)
			}
		}
		if v.DirtyMiBPerS != nil {
			checkNumber(f, at, "dirty_mib_per_s", *v.DirtyMiBPerS)
		}
		checkNumber(f, at, "working_set_mib", v.WorkingSetMiB)
		if len(v.Demand) != len(in.Resources) {
			f.add(at.String(), "expected %d amounts, one per resource, found %d of demand", len(in.Resources), len(v.Demand))
			continue
		}
		for r := range in.Resources {
			in.checkAmount(f, at, "demand", r, v.Demand[r], &total[r])
		}
	}
}

// place is an element of an array of the document. Its pointer is only formatted for a
// fault; the zero value stands for the document itself.
type place struct {
	list string
	i    int
}

func (p place) String() string {
	if p.list == "" {
		return ""
	}
	return p.list + strconv.Itoa(p.i)
}

func checkLabels(f *faults, at place, l map[string]string) {
	for key, value := range l {
		if !utf8.ValidString(key) || !utf8.ValidString(value) {
			f.add(at.String()+"/labels", "expected labels in valid UTF-8")
			return
		}
	}
}

func checkNumbers(f *faults, at place, numbers map[string]int64) {
	for name := range numbers {
		if !utf8.ValidString(name) {
			f.add(at.String()+"/numbers", "expected names in valid UTF-8")
			return
		}
	}
}

func checkNumber(f *faults, at place, field string, x float64) {
	if !(x >= 0) || math.IsInf(x, 0) {
		f.add(at.String()+"/"+field, "expected a number of at least 0, found %v", x)
	}
}

// checkAmount checks one amount and that the running total stays within int64, so
// that no later sum of amounts over hosts or VMs can overflow.
func (in *Instance) checkAmount(f *faults, at place, field string, resource int, amount int64, total *int64) {
	switch {
	case amount < 0:
		f.add(at.String()+"/"+field+"/"+escapePointer(in.Resources[resource].Name),
			"expected an integer of at least 0, found %d", amount)
	case *total > math.MaxInt64-amount:
		f.add(at.String()+"/"+field+"/"+escapePointer(in.Resources[resource].Name),
			"with this one the sum of %q over all %s does not fit in 64 bits", field, map[string]string{"capacity": "hosts", "demand": "VMs"}[field])
		*total = 0
	default:
		*total += amount
	}
}

func (in *Instance) checkGroups(f *faults) {
	in.groupIndex = make(map[string]int, len(in.Groups))
	for i, g := range in.Groups {
		at := place{"/groups/", i}
		if first, dup := in.groupIndex[g.Name]; dup {
			f.add(at.String()+"/name", "group %q is already defined at /groups/%d", prose.Abridge(g.Name, maxName), first)
		} else if in.groupIndex[g.Name] = i; g.Name == "" {
			f.add(at.String()+"/name", noName)
		}
		f.text(at, "name", g.Name)
		members := make(map[VMID]bool, len(g.VMs))
		for j, v := range g.VMs {
			if v < 0 || int(v) >= len(in.VMs) {
				f.add(at.String()+"/vms/"+strconv.Itoa(j), "unknown VM")
			} else if members[v] {
				f.add(at.String()+"/vms/"+strconv.Itoa(j), "VM %q stands in the group twice", prose.Abridge(in.VMs[v].Name, maxName))
			}
			members[v] = true
		}
	}
}

func (in *Instance) checkPlacement(f *faults, at string, p Placement) {
	if len(p) != len(in.VMs) {
		f.add(at, "expected a host or nothing for each of %d VMs, found %d", len(in.VMs), len(p))
		return
	}
	for v, h := range p {
		if h != Absent && (h < 0 || int(h) >= len(in.Hosts)) {
			f.add(at+"/"+escapePointer(in.VMs[v].Name), "unknown host")
		}
	}
}
