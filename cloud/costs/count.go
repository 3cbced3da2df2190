package costs

import (
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func countEntry() spec.Entry[Binder] {
	d := spec.Descriptor{
		Name:       "count",
		Synopsis:   "the number of migrations",
		Params:     suspensionParams(),
		Properties: []spec.Property{Uniform},
	}
	return spec.Entry[Binder]{
		Descriptor: d,
		New: func(a spec.Args) (Binder, error) {
			return func(in *cloud.Instance) (cloud.CostFunction, error) {
				return count{in, d.Brief(a.Full()).String(), newSuspension(a)}, nil
			}, nil
		},
	}
}

type count struct {
	in   *cloud.Instance
	text string
	suspension
}

func (c count) String() string { return c.text }

func (count) Unit() string { return "migrations" }

func (count) Migrate(cloud.VMID, cloud.HostID, cloud.HostID) int64 { return 1 }

func (count) MigrateAnywhere(cloud.VMID) int64 { return 1 }

func (c count) Suspend(cloud.VMID, cloud.HostID) int64 { return c.suspension.suspend }

func (c count) Resume(cloud.VMID, cloud.HostID) int64 { return c.suspension.resume }

func (c count) HostClasses() []int32 { return make([]int32, len(c.in.Hosts)) }

func (c count) VMClass(cloud.VMID) int64 { return 0 }

func (c count) costliest(vm cloud.VMID) (int64, bool) { return c.suspension.costliest(c.in, vm, 1) }
