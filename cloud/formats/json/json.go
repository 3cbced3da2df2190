package json

import (
	"bytes"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Importer is the entry of the format's importer.
func Importer() spec.Entry[formats.Importer] {
	return spec.Entry[formats.Importer]{
		Descriptor: spec.Descriptor{
			Name:     "json",
			Synopsis: "this program's own format, rearrange/instance/1; file INSTANCE",
			Doc:      "Reads and checks the file, and keeps all of it.",
			Citation: "cloud/FORMAT.md",
		},
		New: func(spec.Args) (formats.Importer, error) { return importer{}, nil },
	}
}

// importer reads the format.
type importer struct{}

// Files lists the files that Import takes.
func (importer) Files() []string { return []string{"INSTANCE"} }

// Import reads an instance. It takes time linear in the size of the file; errors name
// file, line and JSON path.
func (importer) Import(files []string) (*cloud.Instance, error) {
	return cloud.ReadInstance(files[0])
}

// Exporter is the entry of the format's exporter.
func Exporter() spec.Entry[formats.Exporter] {
	return spec.Entry[formats.Exporter]{
		Descriptor: spec.Descriptor{
			Name:     "json",
			Synopsis: "this program's own format, rearrange/instance/1; file instance.json",
			Doc:      "Keeps everything.",
			Citation: "cloud/FORMAT.md",
		},
		New: func(spec.Args) (formats.Exporter, error) { return exporter{}, nil },
	}
}

// exporter writes the format.
type exporter struct{}

// Export writes one file. Nothing is lost.
func (exporter) Export(in *cloud.Instance) (files []fileio.File, lost []string, err error) {
	var b bytes.Buffer
	if err := in.Encode(&b); err != nil {
		return nil, nil, err
	}
	return []fileio.File{{Name: "instance.json", Data: b.Bytes()}}, nil, nil
}
