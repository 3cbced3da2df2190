package durations

import (
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func unitEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "unit",
			Synopsis: "every migration, suspend and resume takes one step",
			Doc:      "Shutdowns and provisions take no time.",
			Citation: "own work",
		},
		New: func(a spec.Args) (Binder, error) {
			return func(*cloud.Instance) (cloud.Duration, error) { return unit(a.Brief().String()), nil }, nil
		},
	}
}

// unit is the duration of that name; its value is its spec.
type unit string

func (u unit) String() string                                     { return string(u) }
func (unit) Unit() string                                         { return "step" }
func (unit) Migrate(cloud.VMID, cloud.HostID, cloud.HostID) int64 { return 1 }
func (unit) Suspend(cloud.VMID, cloud.HostID) int64               { return 1 }
func (unit) Resume(cloud.VMID, cloud.HostID) int64                { return 1 }
func (unit) Shutdown(cloud.VMID, cloud.HostID) int64              { return 0 }
func (unit) Provision(cloud.VMID, cloud.HostID) int64             { return 0 }
