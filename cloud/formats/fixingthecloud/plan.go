package fixingthecloud

import (
	"math"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/scan"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// PlanReader is the entry of the format's plan reader.
func PlanReader() spec.Entry[formats.PlanReader] {
	return spec.Entry[formats.PlanReader]{
		Descriptor: spec.Descriptor{
			Name:     "fixing-the-cloud",
			Synopsis: "plain integers: the number of migrations, then `vm host` for each",
			Citation: "no public source found",
			Doc: "VMs and hosts are counted from 0, as in the problem that was exported: VMs without an initial host or " +
				"without a target do not count.",
		},
		New: func(spec.Args) (formats.PlanReader, error) { return planReader{}, nil },
	}
}

// planReader reads plans.
type planReader struct{}

// ReadPlan reads a plan for the problem that was exported of an instance with a target.
// Errors name file and line.
func (planReader) ReadPlan(in *cloud.Instance, file string, data []byte) (out formats.Plan, err error) {
	if in.Target == nil {
		return out, errNoTarget
	}
	s := scan.New(file, data)
	vms, at := moving(in), in.Initial.Clone()
	most := int64(math.MaxInt32)
	if len(vms) == 0 {
		most = 0
	}
	n := s.Number(0, most, "the number of migrations")
	for i := 0; i < int(n) && s.OK(); i++ {
		vm := s.Number(0, int64(len(vms))-1, "the VM of migration %d", i)
		h := cloud.HostID(s.Number(0, int64(len(in.Hosts))-1, "the host that migration %d takes VM %d to", i, int(vm)))
		if !s.OK() {
			break
		}
		v := vms[vm]
		out.Migrations = append(out.Migrations, cloud.Change{VM: v, From: at[v], To: h})
		at[v] = h
	}
	return out, s.End()
}
