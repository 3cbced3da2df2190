package json

import (
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Descriptor describes the format.
func Descriptor() spec.Descriptor {
	return spec.Descriptor{
		Name:     "json",
		Synopsis: "this program's own format, rearrange/instance/1; file INSTANCE",
		Doc:      "Reads and checks the file, and keeps all of it.",
		Citation: "cloud/FORMAT.md",
	}
}

// Importer reads the format.
type Importer struct{}

// New makes an importer; the format has no parameters.
func New(spec.Args) (Importer, error) { return Importer{}, nil }

// Files lists the files that Import takes.
func (Importer) Files() []string { return []string{"INSTANCE"} }

// Import reads an instance. It takes time linear in the size of the file; errors name
// file, line and JSON path.
func (Importer) Import(files []string) (*cloud.Instance, error) {
	return cloud.ReadInstance(files[0])
}
