package costs

import (
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func ramEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:       "ram",
			Synopsis:   "the memory moved: a VM's demand of the instance's first resource",
			Properties: []spec.Property{Uniform},
		},
		New: func(spec.Args) (Binder, error) {
			return func(in *cloud.Instance) (cloud.CostFunction, error) { return ram{in}, nil }, nil
		},
	}
}

type ram struct{ in *cloud.Instance }

func (ram) String() string { return "ram" }

func (c ram) Unit() string {
	if u := c.in.Resources[0].Unit; u != "" {
		return u
	}
	return c.in.Resources[0].Name
}

func (c ram) Migrate(vm cloud.VMID, _, _ cloud.HostID) int64 { return c.in.VMs[vm].Demand[0] }

func (c ram) MigrateAnywhere(vm cloud.VMID) int64 { return c.in.VMs[vm].Demand[0] }
