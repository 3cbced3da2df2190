package formats

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Importer reads one foreign format, with the format's parameters filled in.
type Importer interface {
	// Files says what each file is that Import takes, in their order and in
	// capitals, as a usage line shows them: MODEL ASSIGNMENT. Those at the end
	// that may be left out stand in brackets: HOSTS VMS [RULES].
	Files() []string
	// Import reads the files, as many as Files lists, into a checked instance.
	// Errors name file and line. A file name may end in .gz, .zst or .xz, or be `-`.
	Import(files []string) (*cloud.Instance, error)
}

// Exporter writes one foreign format, with the format's parameters filled in.
type Exporter interface {
	// Export writes a checked instance as one file or more, with names that say
	// what each is. The same instance gives the same bytes. Lost says in words, a
	// phrase each, what of the instance the format cannot say. An error is for an
	// instance that the format cannot hold at all.
	Export(in *cloud.Instance) (files []fileio.File, lost []string, err error)
}

// TargetReader reads targets that another solver chose.
type TargetReader interface {
	// ReadTarget reads a placement of the VMs of the instance that was exported, Absent where
	// the answer gives a VM no host. Errors name file and line or path; whether the placement
	// is sane is not looked at.
	ReadTarget(in *cloud.Instance, file string, data []byte) (cloud.Placement, error)
}

// The kinds of importers, exporters and readers of plans and targets in a catalogue.
const (
	ImporterKind = "import"
	ExporterKind = "export"
	PlanKind     = "plan-format"
	TargetKind   = "target-format"
)

// Importers makes importers known to a catalogue.
func Importers(entries ...spec.Entry[Importer]) spec.Registry {
	return spec.NewRegistry(spec.Kind{
		Name: ImporterKind, Noun: "format", Plural: "formats", Synopsis: "foreign files that can be imported",
	}, entries...)
}

// Exporters makes exporters known to a catalogue.
func Exporters(entries ...spec.Entry[Exporter]) spec.Registry {
	return spec.NewRegistry(spec.Kind{
		Name: ExporterKind, Noun: "export format", Plural: "export-formats", Synopsis: "foreign files that an instance can be written as",
	}, entries...)
}

// Plans makes plan readers known to a catalogue.
func Plans(entries ...spec.Entry[PlanReader]) spec.Registry {
	return spec.NewRegistry(spec.Kind{
		Name: PlanKind, Noun: "plan format", Plural: "plan-formats", Synopsis: "other solvers' plans that can be read",
	}, entries...)
}

// Targets makes readers of targets known to a catalogue.
func Targets(entries ...spec.Entry[TargetReader]) spec.Registry {
	return spec.NewRegistry(spec.Kind{
		Name: TargetKind, Noun: "target format", Plural: "target-formats", Synopsis: "other solvers' targets that can be read",
	}, entries...)
}

// Import reads files of the format that a spec names.
func Import(c *spec.Catalogue, format spec.Spec, files []string) (*cloud.Instance, error) {
	importer, _, err := spec.Build[Importer](c, ImporterKind, format)
	if err != nil {
		return nil, err
	}
	return From(importer, files)
}

// Export writes an instance in the format that a spec names.
func Export(c *spec.Catalogue, format spec.Spec, in *cloud.Instance) (files []fileio.File, lost []string, err error) {
	exporter, _, err := spec.Build[Exporter](c, ExporterKind, format)
	if err != nil {
		return nil, nil, err
	}
	if files, lost, err = exporter.Export(in); err != nil {
		return nil, nil, fmt.Errorf("instance %q cannot be exported as %s: %w", in.Name, format, err)
	}
	return files, lost, nil
}

// ReadTarget reads a file in the target format that a spec names, as [ReadPlan] does.
func ReadTarget(c *spec.Catalogue, format spec.Spec, in *cloud.Instance, file string, stdin io.Reader) (cloud.Placement, error) {
	reader, data, err := open[TargetReader](c, TargetKind, format, file, stdin)
	if err != nil {
		return nil, err
	}
	return reader.ReadTarget(in, file, data)
}

// open makes a reader, and reads its file.
func open[Reader any](c *spec.Catalogue, kind string, format spec.Spec, file string, stdin io.Reader) (reader Reader, data []byte, err error) {
	if reader, _, err = spec.Build[Reader](c, kind, format); err != nil {
		return reader, nil, err
	}
	data, err = fileio.Read(file, stdin)
	return reader, data, err
}

// From is [Import] for an importer at hand: it also refuses a wrong number of files.
func From(importer Importer, files []string) (*cloud.Instance, error) {
	names := importer.Files()
	least := len(names)
	for least > 0 && strings.HasPrefix(names[least-1], "[") {
		least--
	}
	if n := len(files); n < least || n > len(names) {
		want := strconv.Itoa(least)
		switch len(names) - least {
		case 0:
		case 1:
			want += " or " + strconv.Itoa(len(names))
		default:
			want += " to " + strconv.Itoa(len(names))
		}
		noun := "files"
		if len(names) == 1 {
			noun = "file"
		}
		return nil, fmt.Errorf("expected %s %s (%s), found %d", want, noun, strings.Join(names, " "), n)
	}
	return importer.Import(files)
}
