package generators

import (
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// importEntry makes a family out of files in a foreign format.
func importEntry() spec.Entry[Family] {
	return spec.Entry[Family]{
		Descriptor: spec.Descriptor{
			Name:     "import",
			Synopsis: "an instance in a foreign format",
			Citation: "own work",
			Params: []spec.Param{
				{Name: "format", Type: spec.Ref, Of: formats.ImporterKind, Required: true, Doc: "the format of the files"},
				{Name: "files", Type: spec.String, List: true, Required: true, Unit: PathUnit, Doc: "the files, in the order in which the format names them"},
			},
			Properties: []spec.Property{Seedless},
		},
		New: func(a spec.Args) (Family, error) {
			importer := spec.Built[formats.Importer](a, "format")
			files := a.Strings("files")
			return func(uint64) ([]*cloud.Instance, error) {
				in, err := formats.From(importer, files)
				if err != nil {
					return nil, err
				}
				return []*cloud.Instance{in}, nil
			}, nil
		},
	}
}
