package costs

import (
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func countEntry() spec.Entry[Binder] {
	d := spec.Descriptor{
		Name:       "count",
		Synopsis:   "the number of migrations",
		Citation:   "own work",
		Params:     suspensionParams(),
		Properties: []spec.Property{Uniform},
	}
	return spec.Entry[Binder]{
		Descriptor: d,
		New: func(a spec.Args) (Binder, error) {
			return func(in *cloud.Instance) (cloud.CostFunction, error) {
				return newUniform(in, a.Brief().String(), "migrations", []int64{1}, 0, newSuspension(a))
			}, nil
		},
	}
}
