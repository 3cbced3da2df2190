package durations

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// memoryUnits are the units in which amounts of memory are understood.
var memoryUnits = []struct {
	name  string
	bytes int64
}{
	{"B", 1},
	{"kB", 1e3},
	{"MB", 1e6},
	{"GB", 1e9},
	{"TB", 1e12},
	{"KiB", 1 << 10},
	{"MiB", 1 << 20},
	{"GiB", 1 << 30},
	{"TiB", 1 << 40},
}

func memoryUnitNames() []string {
	var out []string
	for _, u := range memoryUnits {
		out = append(out, u.name)
	}
	return out
}

// memoryParams say which resource is the memory that a migration sends.
func memoryParams() []spec.Param {
	return []spec.Param{
		{
			Name: "resource", Type: spec.String,
			Doc: "the resource that is memory; the instance's first one unless given",
		},
		{
			Name: "memory-unit", Type: spec.Choice, Choices: memoryUnitNames(),
			Doc: "its unit, where the instance gives none or another name; the instance's unless given",
		},
	}
}

// maxMemoryBytes is 8 PiB: more than any machine has, and little enough that what a
// thousand rounds send can be added up.
const maxMemoryBytes = 1 << 53

// memory is the resource that a migration sends.
type memory struct {
	in        *cloud.Instance
	resource  int
	unit      string
	unitBytes int64
	fault     error // the unit is none of memory; only a model that asks for bytes minds
}

func newMemory(in *cloud.Instance, a spec.Args) (memory, error) {
	m := memory{in: in}
	if a.Has("resource") {
		var err error
		if m.resource, err = in.Resource(a.String("resource")); err != nil {
			return m, err
		}
	}
	m.unit = in.Resources[m.resource].Unit
	if a.Has("memory-unit") {
		m.unit = a.String("memory-unit")
	}
	for _, u := range memoryUnits {
		if u.name == m.unit {
			m.unitBytes = u.bytes
			return m, nil
		}
	}
	m.fault = fmt.Errorf("resource %q has the unit %q, expected a unit of memory%s, or say memory-unit=…",
		in.Resources[m.resource].Name, m.unit, spec.DidYouMean(m.unit, memoryUnitNames(), "known are"))
	return m, nil
}

// bytes is the memory of a VM.
func (m memory) bytes(v int) (uint64, error) {
	if m.fault != nil {
		return 0, m.fault
	}
	n := m.in.VMs[v].Demand[m.resource]
	if n > maxMemoryBytes/m.unitBytes {
		return 0, fmt.Errorf("VM %q has %d %s of memory, expected at most 8 PiB", m.in.VMs[v].Name, n, m.unit)
	}
	return uint64(n * m.unitBytes), nil
}
