package btrplace

import (
	"math"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
)

// memory writes what BtrPlace's model of migrations wants to know of a VM, unless it has
// labels that say so, and our own numbers where these cannot be told from that.
func (w *writer) memory(v int, a values, known bool) {
	vm := &w.in.VMs[v]
	given := map[string]string{}
	if known {
		for k, value := range vm.Labels {
			if isMemory(k) {
				given[k] = value
			}
		}
	}
	if used, ok := w.memUsedMB(v); ok && len(given) == 0 && known {
		a[attrMemory] = literal("true")
		a.integer(memUsed, used)
		if vm.DirtyMiBPerS != nil {
			hot, rate := vm.WorkingSetMiB/mibPerMB, *vm.DirtyMiBPerS/mibPerMB
			if hot > 0 && rate > 0 {
				a.number(hotDirtySize, hot)
				a.number(hotDirtyDuration, hot/rate)
			} else {
				a.number(coldDirtyRate, rate)
			}
		}
		for _, k := range []string{hotDirtySize, hotDirtyDuration, coldDirtyRate} {
			if value, ok := a[k]; ok {
				given[k] = string(value)
			}
		}
	}
	workingSet, dirty, err := dirtying("", given)
	if err != nil || workingSet != vm.WorkingSetMiB {
		a.number(attrWorkingSetMiB, vm.WorkingSetMiB)
	}
	switch rate := vm.DirtyMiBPerS; {
	case rate == nil && (err != nil || dirty != nil):
		a[attrDirtyMiBPerS] = text("") // not given, whatever the labels say
	case rate != nil && (err != nil || dirty == nil || *dirty != *rate):
		a.number(attrDirtyMiBPerS, *rate)
	}
}

// memUsedMB is the memory of a VM in MB, rounded up, where one of the resources is known to
// be memory.
func (w *writer) memUsedMB(v int) (int64, bool) {
	r, perUnit := memoryResource(w.in)
	if r < 0 {
		return 0, false
	}
	used := math.Ceil(float64(w.in.VMs[v].Demand[r]) * perUnit)
	return int64(used), used <= math.MaxInt32
}

// memoryResource finds the resource that is memory, by name and unit, and how many MB its
// unit is. It is -1 where none is.
func memoryResource(in *cloud.Instance) (resource int, mbPerUnit float64) {
	units := map[string]float64{"mib": 1 / mibPerMB, "gib": 1024 / mibPerMB, "mb": 1, "gb": 1000}
	for r, resource := range in.Resources {
		perUnit, known := units[strings.ToLower(resource.Unit)]
		if known && slices.Contains([]string{"ram", "mem", "memory"}, strings.ToLower(resource.Name)) {
			return r, perUnit
		}
	}
	return -1, 0
}
