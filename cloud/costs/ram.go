package costs

import (
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func ramEntry() spec.Entry[Binder] {
	d := spec.Descriptor{
		Name:       "ram",
		Synopsis:   "the memory moved: a VM's demand of the instance's first resource",
		Citation:   "own work",
		Params:     suspensionParams(),
		Properties: []spec.Property{Uniform},
	}
	return spec.Entry[Binder]{
		Descriptor: d,
		New: func(a spec.Args) (Binder, error) {
			return func(in *cloud.Instance) (cloud.CostFunction, error) {
				return newUniform(in, a.Brief().String(), amountUnit(in), in.Demands(), len(in.Resources), newSuspension(a))
			}, nil
		},
	}
}

// uniform charges the same for a VM wherever it goes.
type uniform struct {
	in         *cloud.Instance
	text, unit string
	price      []int64 // by VM number times each
	each       int
	suspension
}

func newUniform(in *cloud.Instance, text, unit string, price []int64, each int, s suspension) (cloud.CostFunction, error) {
	c := &uniform{in, text, unit, price, each, s}
	return c, checkCostliest(in, c)
}

func (c *uniform) String() string { return c.text }

func (c *uniform) Unit() string { return c.unit }

// amountUnit is the unit of the first resource, or its name where it has none.
func amountUnit(in *cloud.Instance) string {
	if u := in.Resources[0].Unit; u != "" {
		return u
	}
	return in.Resources[0].Name
}

func (c *uniform) Migrate(vm cloud.VMID, _, _ cloud.HostID) int64 { return c.MigrateAnywhere(vm) }

func (c *uniform) MigrateAnywhere(vm cloud.VMID) int64 { return c.price[int(vm)*c.each] }

func (c *uniform) Suspend(vm cloud.VMID, _ cloud.HostID) int64 {
	return c.suspend * c.MigrateAnywhere(vm)
}

func (c *uniform) Resume(vm cloud.VMID, _ cloud.HostID) int64 {
	return c.resume * c.MigrateAnywhere(vm)
}

func (c *uniform) HostClasses() []int32 { return make([]int32, len(c.in.Hosts)) }

func (c *uniform) VMClass(vm cloud.VMID) int64 { return c.MigrateAnywhere(vm) }

func (c *uniform) costliest(vm cloud.VMID) (int64, bool) {
	return c.suspension.costliest(c.in, vm, c.MigrateAnywhere(vm))
}
