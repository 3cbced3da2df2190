package roadef

import (
	"cmp"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Importer is the entry of the format's importer.
func Importer() spec.Entry[formats.Importer] {
	return spec.Entry[formats.Importer]{
		Descriptor: spec.Descriptor{
			Name:     "roadef",
			Synopsis: "machine reassignment of the ROADEF/EURO challenge 2012; files MODEL ASSIGNMENT",
			Doc: "Keeps all hard constraints as rules: capacity with transient resources, conflict, spread over " +
				"locations, dependency within neighbourhoods. The objective is left out, and there is no target.",
			Citation: "ROADEF/EURO challenge 2012, machine reassignment: https://www.roadef.org/challenge/2012/en/",
		},
		New: func(spec.Args) (formats.Importer, error) { return importer{}, nil },
	}
}

// importer reads the format.
type importer struct{}

// Files lists the files that Import takes.
func (importer) Files() []string { return []string{"MODEL", "ASSIGNMENT"} }

// Import reads a model file and an assignment file. It takes time and memory linear
// in their size; errors name file and line.
func (importer) Import(files []string) (*cloud.Instance, error) {
	model, err := fileio.ReadShare(files[0], nil, len(files))
	if err != nil {
		return nil, err
	}
	assignment, err := fileio.ReadShare(files[1], nil, len(files))
	if err != nil {
		return nil, err
	}
	return decode(files[0], model, files[1], assignment)
}

func decode(modelFile string, modelData []byte, assignmentFile string, assignmentData []byte) (*cloud.Instance, error) {
	m, err := readModel(modelFile, modelData)
	if err != nil {
		return nil, err
	}
	initial, err := readAssignment(assignmentFile, assignmentData, m)
	if err != nil {
		return nil, err
	}
	return m.instance(instanceName(modelFile), initial)
}

// instanceName is what distinguishes the file: model_a1_1.txt yields a1_1.
func instanceName(modelFile string) string {
	return cmp.Or(strings.TrimPrefix(fileio.Title(modelFile, ""), "model_"), "roadef")
}
