package cloud

import (
	"errors"
	"fmt"
	"math"
	"strconv"

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
	more int
}

func (f *faults) add(pointer, format string, args ...any) {
	if len(f.list) >= maxFaults {
		f.more++
		return
	}
	f.list = append(f.list, &PathError{Pointer: pointer, Msg: fmt.Sprintf(format, args...)})
}

func (f *faults) err() error {
	if f.more > 0 {
		return errors.Join(append(f.list, fmt.Errorf("(%d more faults)", f.more))...)
	}
	return errors.Join(f.list...)
}

// Check tests everything that the model itself demands (names present and unique,
// amounts within range, placements of the right length) and builds the name
// indexes. It does not ask whether placements are sane: rules do. Faults are
// joined [*PathError] values. O(size of the instance).
func (in *Instance) Check() error {
	var f faults
	if in.Name == "" {
		f.add("/name", "expected a name that is not empty")
	}
	in.checkResources(&f)
	in.checkHosts(&f)
	in.checkVMs(&f)
	in.checkGroups(&f)
	in.checkPlacement(&f, "/initial", in.Initial)
	if in.Target != nil {
		in.checkPlacement(&f, "/target", in.Target)
	}
	return f.err()
}

func (in *Instance) checkResources(f *faults) {
	if len(in.Resources) == 0 {
		f.add("/resources", "expected at least one resource")
	}
	seen := map[string]int{}
	for i, r := range in.Resources {
		at := "/resources/" + strconv.Itoa(i) + "/name"
		if r.Name == "" {
			f.add(at, "expected a name that is not empty")
		} else if first, dup := seen[r.Name]; dup {
			f.add(at, "resource %q is already defined at /resources/%d", r.Name, first)
		} else {
			seen[r.Name] = i
		}
	}
}

func (in *Instance) checkHosts(f *faults) {
	in.hostIndex = make(map[string]HostID, len(in.Hosts))
	total := make([]int64, len(in.Resources))
	for i := range in.Hosts {
		h := &in.Hosts[i]
		at := "/hosts/" + strconv.Itoa(i)
		if h.Name == "" {
			f.add(at+"/name", "expected a name that is not empty")
		} else if first, dup := in.hostIndex[h.Name]; dup {
			f.add(at+"/name", "host %q is already defined at /hosts/%d", h.Name, first)
		} else {
			in.hostIndex[h.Name] = HostID(i)
		}
		if len(h.Capacity) != len(in.Resources) || len(h.Reserved) != len(in.Resources) {
			f.add(at, "expected %d amounts, one per resource", len(in.Resources))
			continue
		}
		for r := range in.Resources {
			name := escapePointer(in.Resources[r].Name)
			amountOK(f, at+"/capacity/"+name, h.Capacity[r], &total[r], "capacities")
			if h.Reserved[r] < 0 || h.Reserved[r] > h.Capacity[r] {
				f.add(at+"/reserved/"+name, "expected 0 to the capacity %d, found %d", h.Capacity[r], h.Reserved[r])
			}
		}
		if h.NICMbps < 0 {
			f.add(at+"/nic_mbps", "expected an integer of at least 0, found %d", h.NICMbps)
		}
	}
}

func (in *Instance) checkVMs(f *faults) {
	in.vmIndex = make(map[string]VMID, len(in.VMs))
	total := make([]int64, len(in.Resources))
	for i := range in.VMs {
		v := &in.VMs[i]
		at := "/vms/" + strconv.Itoa(i)
		if v.Name == "" {
			f.add(at+"/name", "expected a name that is not empty")
		} else if first, dup := in.vmIndex[v.Name]; dup {
			f.add(at+"/name", "VM %q is already defined at /vms/%d", v.Name, first)
		} else {
			in.vmIndex[v.Name] = VMID(i)
		}
		if len(v.Demand) != len(in.Resources) {
			f.add(at, "expected %d amounts, one per resource", len(in.Resources))
			continue
		}
		for r := range in.Resources {
			amountOK(f, at+"/demand/"+escapePointer(in.Resources[r].Name), v.Demand[r], &total[r], "demands")
		}
		if !(v.DirtyMiBPerS >= 0) || math.IsInf(v.DirtyMiBPerS, 0) {
			f.add(at+"/dirty_mib_per_s", "expected a number of at least 0, found %v", v.DirtyMiBPerS)
		}
		if !(v.WorkingSetMiB >= 0) || math.IsInf(v.WorkingSetMiB, 0) {
			f.add(at+"/working_set_mib", "expected a number of at least 0, found %v", v.WorkingSetMiB)
		}
	}
}

// amountOK checks one amount and that the running total stays within int64, so
// that no later sum of amounts can overflow.
func amountOK(f *faults, at string, amount int64, total *int64, what string) {
	if amount < 0 {
		f.add(at, "expected an integer of at least 0, found %d", amount)
		return
	}
	if *total > math.MaxInt64-amount {
		f.add(at, "the sum of all %s up to here does not fit in 63 bits", what)
		*total = 0
		return
	}
	*total += amount
}

func (in *Instance) checkGroups(f *faults) {
	seen := map[string]int{}
	for i, g := range in.Groups {
		at := "/groups/" + strconv.Itoa(i)
		if g.Name == "" {
			f.add(at+"/name", "expected a name that is not empty")
		} else if first, dup := seen[g.Name]; dup {
			f.add(at+"/name", "group %q is already defined at /groups/%d", g.Name, first)
		} else {
			seen[g.Name] = i
		}
		members := make(map[VMID]bool, len(g.VMs))
		for j, v := range g.VMs {
			if v < 0 || int(v) >= len(in.VMs) {
				f.add(at+"/vms/"+strconv.Itoa(j), "unknown VM")
			} else if members[v] {
				f.add(at+"/vms/"+strconv.Itoa(j), "VM %q stands in the group twice", in.VMs[v].Name)
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

// suggestHost ends an error message about an unknown host.
func (in *Instance) suggestHost(name string) string {
	return suggest(name, len(in.Hosts), func(i int) string { return in.Hosts[i].Name })
}

// suggestVM ends an error message about an unknown VM.
func (in *Instance) suggestVM(name string) string {
	return suggest(name, len(in.VMs), func(i int) string { return in.VMs[i].Name })
}

func suggest(name string, n int, at func(int) string) string {
	known := make([]string, n)
	for i := range known {
		known[i] = at(i)
	}
	return spec.DidYouMean(name, known, "known are")
}
