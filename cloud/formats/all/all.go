// Package all lists the formats.
package all

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/formats/alibaba2018"
	"github.com/cloudrearrange/rearrange/cloud/formats/btrplace"
	"github.com/cloudrearrange/rearrange/cloud/formats/csv"
	"github.com/cloudrearrange/rearrange/cloud/formats/fixingthecloud"
	"github.com/cloudrearrange/rearrange/cloud/formats/json"
	"github.com/cloudrearrange/rearrange/cloud/formats/minizinc"
	"github.com/cloudrearrange/rearrange/cloud/formats/openstack"
	"github.com/cloudrearrange/rearrange/cloud/formats/pddl"
	"github.com/cloudrearrange/rearrange/cloud/formats/roadef"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Importers lists the formats that can be read.
func Importers() *spec.Registry[formats.Importer] {
	return spec.NewRegistry("format", nil,
		json.Importer(),
		csv.Importer(),
		btrplace.Importer(),
		fixingthecloud.Importer(),
		roadef.Importer(),
		alibaba2018.Importer(),
		openstack.Importer(),
	)
}

// Exporters lists the formats that can be written.
func Exporters() *spec.Registry[formats.Exporter] {
	return spec.NewRegistry("export format", nil,
		json.Exporter(),
		csv.Exporter(),
		btrplace.Exporter(),
		fixingthecloud.Exporter(),
		pddl.Exporter(),
		minizinc.Exporter(),
	)
}

// Plans lists the formats in which plans are read.
func Plans() *spec.Registry[formats.PlanReader] {
	return spec.NewRegistry("plan format", nil,
		btrplace.PlanReader(),
		fixingthecloud.PlanReader(),
		pddl.PlanReader(),
	)
}

// Import reads files of the format that a spec names.
func Import(format spec.Spec, files []string) (*cloud.Instance, error) {
	importer, _, err := Importers().Build(format)
	if err != nil {
		return nil, err
	}
	return formats.Import(importer, files)
}

// Export writes an instance in the format that a spec names.
func Export(format spec.Spec, in *cloud.Instance) (files []fileio.File, lost []string, err error) {
	exporter, _, err := Exporters().Build(format)
	if err != nil {
		return nil, nil, err
	}
	if files, lost, err = exporter.Export(in); err != nil {
		return nil, nil, fmt.Errorf("instance %q cannot be exported as %s: %w", in.Name, format, err)
	}
	return files, lost, nil
}

// ReadPlan reads a file in the plan format that a spec names. Its name may end in .gz or
// .zst, or be `-`.
func ReadPlan(format spec.Spec, in *cloud.Instance, file string) ([]cloud.Change, error) {
	reader, _, err := Plans().Build(format)
	if err != nil {
		return nil, err
	}
	data, err := fileio.Read(file, nil)
	if err != nil {
		return nil, err
	}
	return reader.ReadPlan(in, file, data)
}
