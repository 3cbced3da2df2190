package costs

import (
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func countEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:       "count",
			Synopsis:   "the number of migrations",
			Properties: []spec.Property{Uniform},
		},
		New: func(spec.Args) (Binder, error) {
			return func(*cloud.Instance) (cloud.CostFunction, error) { return count{}, nil }, nil
		},
	}
}

type count struct{}

func (count) String() string { return "count" }

func (count) Unit() string { return "migrations" }

func (count) Migrate(cloud.VMID, cloud.HostID, cloud.HostID) int64 { return 1 }

func (count) MigrateAnywhere(cloud.VMID) int64 { return 1 }
