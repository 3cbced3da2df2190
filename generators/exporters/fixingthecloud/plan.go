package fixingthecloud

import (
	"math"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/generators/internal/scan"
)

// PlanDescriptor describes the format of plans.
func PlanDescriptor() spec.Descriptor {
	return spec.Descriptor{
		Name:     "fixing-the-cloud",
		Synopsis: "plain integers: the number of migrations, then `vm host` for each",
		Citation: "no public source found",
		Doc: "VMs and hosts are counted from 0, as in the problem that was exported: VMs without an initial host or " +
			"without a target do not count.",
	}
}

// PlanReader reads plans.
type PlanReader struct{}

// NewPlanReader makes a plan reader; the format has no parameters.
func NewPlanReader(spec.Args) (PlanReader, error) { return PlanReader{}, nil }

// ReadPlan reads a plan for the problem that was exported of an instance with a target.
// Errors name file and line.
func (PlanReader) ReadPlan(in *cloud.Instance, file string, data []byte) ([]cloud.Change, error) {
	if in.Target == nil {
		return nil, errNoTarget
	}
	s := scan.New(file, data)
	vms, at := moving(in), in.Initial.Clone()
	most := int64(math.MaxInt32)
	if len(vms) == 0 {
		most = 0
	}
	n, err := s.Next(0, most, "the number of migrations")
	var out []cloud.Change
	for i := 0; i < int(n) && err == nil; i++ {
		var vm, to int64
		if vm, err = s.Next(0, int64(len(vms))-1, "the VM of migration %d", i); err != nil {
			break
		}
		if to, err = s.Next(0, int64(len(in.Hosts))-1, "the host that migration %d takes VM %d to", i, int(vm)); err != nil {
			break
		}
		v, h := vms[vm], cloud.HostID(to)
		out = append(out, cloud.Change{VM: v, From: at[v], To: h})
		at[v] = h
	}
	if err == nil {
		err = s.End()
	}
	return out, err
}
