package generators

import (
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func fileEntry() spec.Entry[Family] {
	return spec.Entry[Family]{
		Descriptor: spec.Descriptor{
			Name:       "file",
			Synopsis:   "an instance file",
			Citation:   "own work",
			Params:     []spec.Param{{Name: "path", Type: spec.String, Required: true, Unit: PathUnit, Doc: "file in the instance format; .gz, .zst and .xz are read too"}},
			Properties: []spec.Property{Seedless},
		},
		New: func(a spec.Args) (Family, error) {
			path := a.String("path")
			return func(uint64) ([]*cloud.Instance, error) {
				in, err := cloud.ReadInstance(path)
				if err != nil {
					return nil, err
				}
				return []*cloud.Instance{in}, nil
			}, nil
		},
	}
}
