package importers

import (
	"fmt"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/generators/importers/roadef"
)

// Importer reads one foreign format, with the format's parameters filled in.
type Importer interface {
	// Files says what each file is that Import takes, in their order and in
	// capitals, as a usage line shows them: MODEL ASSIGNMENT.
	Files() []string
	// Import reads the files, as many as Files lists, into a checked instance.
	// Errors name file and line. A file name may end in .gz or .zst, or be `-`.
	Import(files []string) (*cloud.Instance, error)
}

// Registry lists every format.
func Registry() *spec.Registry[Importer] {
	return spec.NewRegistry("format", nil,
		entry(roadef.Descriptor(), roadef.New),
	)
}

// entry fits the importer of a format, which has a type of its own, to the contract.
func entry[I Importer](d spec.Descriptor, build func(spec.Args) (I, error)) spec.Entry[Importer] {
	return spec.Entry[Importer]{Descriptor: d, New: func(a spec.Args) (Importer, error) { return build(a) }}
}

// Import reads files of the format that a spec names.
func Import(format spec.Spec, files []string) (*cloud.Instance, error) {
	importer, _, err := Registry().Build(format)
	if err != nil {
		return nil, err
	}
	return From(importer, files)
}

// From is Import for an importer at hand: it also refuses a wrong number of files.
func From(importer Importer, files []string) (*cloud.Instance, error) {
	if want := importer.Files(); len(files) != len(want) {
		return nil, fmt.Errorf("expected %d files (%s), found %d", len(want), strings.Join(want, " "), len(files))
	}
	return importer.Import(files)
}
