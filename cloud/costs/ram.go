package costs

import (
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func ramEntry() spec.Entry[Binder] {
	d := spec.Descriptor{
		Name:       "ram",
		Synopsis:   "the memory moved: a VM's demand of the instance's first resource",
		Params:     suspensionParams(),
		Properties: []spec.Property{Uniform},
	}
	return spec.Entry[Binder]{
		Descriptor: d,
		New: func(a spec.Args) (Binder, error) {
			return func(in *cloud.Instance) (cloud.CostFunction, error) {
				c := &ram{in: in, demands: in.Demands(), text: d.Brief(a.Full()).String(), suspension: newSuspension(a)}
				return c, c.check(in, c.MigrateAnywhere)
			}, nil
		},
	}
}

type ram struct {
	in      *cloud.Instance
	demands []int64
	text    string
	suspension
}

func (c *ram) String() string { return c.text }

func (c *ram) Unit() string { return amountUnit(c.in) }

// amountUnit is the unit of the first resource, or its name where it has none.
func amountUnit(in *cloud.Instance) string {
	if u := in.Resources[0].Unit; u != "" {
		return u
	}
	return in.Resources[0].Name
}

func (c *ram) Migrate(vm cloud.VMID, _, _ cloud.HostID) int64 { return c.MigrateAnywhere(vm) }

func (c *ram) MigrateAnywhere(vm cloud.VMID) int64 { return c.demands[int(vm)*len(c.in.Resources)] }

func (c *ram) Suspend(vm cloud.VMID, _ cloud.HostID) int64 { return c.suspend * c.MigrateAnywhere(vm) }

func (c *ram) Resume(vm cloud.VMID, _ cloud.HostID) int64 { return c.resume * c.MigrateAnywhere(vm) }

func (c *ram) HostClasses() []int32 { return make([]int32, len(c.in.Hosts)) }

func (c *ram) VMClass(vm cloud.VMID) int64 { return c.MigrateAnywhere(vm) }

func (c *ram) costliest(vm cloud.VMID) (int64, bool) {
	return c.suspension.costliest(c.in, vm, c.MigrateAnywhere(vm))
}
