package roadef

import (
	"cmp"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Importer is the entry of the format's importer.
func Importer() spec.Entry[formats.Importer] {
	return spec.Entry[formats.Importer]{
		Descriptor: spec.Descriptor{
			Name:     "roadef",
			Synopsis: "machine reassignment of the ROADEF/EURO challenge 2012; files MODEL ASSIGNMENT",
			Doc: "Keeps all hard constraints as rules: capacity with transient resources, conflict, spread over " +
				"locations, dependency within neighbourhoods; and the objective as reassign. There is no target.",
			Params: []spec.Param{{
				Name: "transient", Type: spec.Choice, Choices: []string{"path", "target"}, Default: "path",
				Doc: "what transient resources restrict: path: migrations on their way; target: as in the challenge, the target as well, by the " +
					"rule at-once, as if all migrations ran at the same time",
			}},
			Citation: rules.ROADEF2012,
		},
		New: func(a spec.Args) (formats.Importer, error) { return importer{a.String("transient")}, nil },
	}
}

// importer reads the format.
type importer struct{ transient string }

// Files lists the files that Import takes.
func (importer) Files() []string { return []string{"MODEL", "ASSIGNMENT"} }

// Import reads a model file and an assignment file. It takes time and memory linear
// in their size; errors name file and line.
func (i importer) Import(files []string) (*cloud.Instance, error) {
	model, err := fileio.ReadShare(files[0], nil, len(files))
	if err != nil {
		return nil, err
	}
	assignment, err := fileio.ReadShare(files[1], nil, len(files))
	if err != nil {
		return nil, err
	}
	return i.decode(files[0], model, files[1], assignment)
}

func (i importer) decode(modelFile string, modelData []byte, assignmentFile string, assignmentData []byte) (*cloud.Instance, error) {
	m, err := readModel(modelFile, modelData)
	if err != nil {
		return nil, err
	}
	initial, err := readAssignment(assignmentFile, assignmentData, len(m.processes), len(m.machines))
	if err != nil {
		return nil, err
	}
	return m.instance(instanceName(modelFile), initial, i.transient)
}

// instanceName is what distinguishes the file: model_a1_1.txt yields a1_1.
func instanceName(modelFile string) string {
	return cmp.Or(strings.TrimPrefix(fileio.Title(modelFile, ""), "model_"), "roadef")
}

// TargetReader is the entry of the reader of targets: the answer to a model is another assignment.
func TargetReader() spec.Entry[formats.TargetReader] {
	return spec.Entry[formats.TargetReader]{
		Descriptor: spec.Descriptor{
			Name:     "roadef",
			Synopsis: "an assignment of the ROADEF/EURO challenge 2012: the machine of every process",
			Doc:      "For an instance that was imported as roadef: the numbers of machines and processes are those of its hosts and VMs in their order.",
			Citation: rules.ROADEF2012,
		},
		New: func(spec.Args) (formats.TargetReader, error) { return importer{}, nil },
	}
}

// ReadTarget implements [formats.TargetReader].
func (importer) ReadTarget(in *cloud.Instance, file string, data []byte) (cloud.Placement, error) {
	return readAssignment(file, data, len(in.VMs), len(in.Hosts))
}
