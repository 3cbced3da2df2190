package fixingthecloud

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Exporter is the entry of the format's exporter.
func Exporter() spec.Entry[formats.Exporter] {
	return spec.Entry[formats.Exporter]{
		Descriptor: spec.Descriptor{
			Name:     "fixing-the-cloud",
			Synopsis: "the migration problem \"Fixing the cloud\"; file problem.txt",
			Citation: "no public source found",
			Doc: "Keeps two resources, ram and cpu, and the placements of the VMs that migrations are about. Rules besides " +
				"capacity are lost.",
		},
		New: func(spec.Args) (formats.Exporter, error) { return exporter{}, nil },
	}
}

// exporter writes the format.
type exporter struct{}

// Export writes one file. An instance without a target is an error.
func (exporter) Export(in *cloud.Instance) (files []fileio.File, lost []string, err error) {
	if in.Target == nil {
		return nil, nil, errNoTarget
	}
	ram, cpu := columns(in)
	vms := moving(in)
	var b bytes.Buffer
	fmt.Fprintln(&b, len(in.Hosts), len(vms))
	amount := func(of []int64, r int) int64 {
		if r < 0 {
			return 0
		}
		return of[r]
	}
	for h := range in.Hosts {
		all, reserved := in.Hosts[h].Capacity, in.Hosts[h].Reserved
		fmt.Fprintln(&b, amount(all, cpu)-amount(reserved, cpu), amount(all, ram)-amount(reserved, ram))
	}
	for _, v := range vms {
		fmt.Fprintln(&b, amount(in.VMs[v].Demand, cpu), amount(in.VMs[v].Demand, ram))
	}
	for _, v := range vms {
		fmt.Fprintln(&b, in.Initial[v], in.Target[v])
	}
	return []fileio.File{{Name: "problem.txt", Data: b.Bytes()}}, losses(in, ram, cpu, vms), nil
}

var errNoTarget = errors.New("it has no target, and the format is about nothing else; `rearrange target` chooses one")

// moving lists the VMs that migrations are about, in their order.
func moving(in *cloud.Instance) []cloud.VMID {
	var out []cloud.VMID
	for v := range in.VMs {
		if in.Initial[v] != cloud.Absent && in.Target[v] != cloud.Absent {
			out = append(out, cloud.VMID(v))
		}
	}
	return out
}

// columns finds the resources to write: by name, and what no name tells by position. It is
// -1 where there is none.
func columns(in *cloud.Instance) (ram, cpu int) {
	find := func(names ...string) int {
		return slices.IndexFunc(in.Resources, func(r cloud.Resource) bool {
			return slices.Contains(names, strings.ToLower(r.Name))
		})
	}
	ram, cpu = find("ram", "mem", "memory"), find("cpu", "vcpu", "vcpus", "cores")
	for r := range in.Resources {
		switch {
		case r == ram || r == cpu:
		case ram < 0:
			ram = r
		case cpu < 0:
			cpu = r
		}
	}
	return ram, cpu
}
