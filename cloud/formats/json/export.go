package json

import (
	"bytes"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Descriptor describes the format.
func Descriptor() spec.Descriptor {
	return spec.Descriptor{
		Name:     "json",
		Synopsis: "this program's own format, rearrange/instance/1; file instance.json",
		Doc:      "Keeps everything.",
		Citation: "cloud/FORMAT.md",
	}
}

// Exporter writes the format.
type Exporter struct{}

// New makes an exporter; the format has no parameters.
func New(spec.Args) (Exporter, error) { return Exporter{}, nil }

// Export writes one file. Nothing is lost.
func (Exporter) Export(in *cloud.Instance) (files []fileio.File, lost []string, err error) {
	var b bytes.Buffer
	if err := in.Encode(&b); err != nil {
		return nil, nil, err
	}
	return []fileio.File{{Name: "instance.json", Data: b.Bytes()}}, nil, nil
}
