package importers

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/generators/importers/alibaba2018"
	"github.com/cloudrearrange/rearrange/generators/importers/btrplace"
	"github.com/cloudrearrange/rearrange/generators/importers/csv"
	"github.com/cloudrearrange/rearrange/generators/importers/fixingthecloud"
	"github.com/cloudrearrange/rearrange/generators/importers/json"
	"github.com/cloudrearrange/rearrange/generators/importers/openstack"
	"github.com/cloudrearrange/rearrange/generators/importers/roadef"
)

// Importer reads one foreign format, with the format's parameters filled in.
type Importer interface {
	// Files says what each file is that Import takes, in their order and in
	// capitals, as a usage line shows them: MODEL ASSIGNMENT. Those at the end
	// that may be left out stand in brackets: HOSTS VMS [RULES].
	Files() []string
	// Import reads the files, as many as Files lists, into a checked instance.
	// Errors name file and line. A file name may end in .gz or .zst, or be `-`.
	Import(files []string) (*cloud.Instance, error)
}

// Registry lists every format.
func Registry() *spec.Registry[Importer] {
	return spec.NewRegistry("format", nil,
		entry(json.Descriptor(), json.New),
		entry(csv.Descriptor(), csv.New),
		entry(btrplace.Descriptor(), btrplace.New),
		entry(fixingthecloud.Descriptor(), fixingthecloud.New),
		entry(roadef.Descriptor(), roadef.New),
		entry(alibaba2018.Descriptor(), alibaba2018.New),
		entry(openstack.Descriptor(), openstack.New),
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
