package all

import (
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/generators"
	"github.com/cloudrearrange/rearrange/generators/importers"
)

// importEntry makes a family out of files in a foreign format.
func importEntry() spec.Entry[generators.Family] {
	return spec.Entry[generators.Family]{
		Descriptor: spec.Descriptor{
			Name:     "import",
			Synopsis: "an instance in a foreign format",
			Citation: "own work",
			Params: []spec.Param{
				{Name: "format", Type: spec.Ref, Of: importers.Registry(), Required: true, Doc: "the format of the files"},
				{Name: "files", Type: spec.String, List: true, Required: true, Unit: generators.PathUnit, Doc: "the files, in the order in which the format names them"},
			},
			Properties: []spec.Property{generators.Seedless},
		},
		New: func(a spec.Args) (generators.Family, error) {
			importer := spec.Built[importers.Importer](a, "format")
			files := a.Strings("files")
			return func(uint64) ([]*cloud.Instance, error) {
				in, err := importers.From(importer, files)
				if err != nil {
					return nil, err
				}
				return []*cloud.Instance{in}, nil
			}, nil
		},
	}
}
