package formats

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
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

// Exporter writes one foreign format, with the format's parameters filled in.
type Exporter interface {
	// Export writes a checked instance as one file or more, with names that say
	// what each is. The same instance gives the same bytes. Lost says in words, a
	// phrase each, what of the instance the format cannot say. An error is for an
	// instance that the format cannot hold at all.
	Export(in *cloud.Instance) (files []fileio.File, lost []string, err error)
}

// PlanReader reads plans that another solver made.
type PlanReader interface {
	// ReadPlan reads the migrations (suspends and resumes, too) of a plan for the
	// instance that was exported, in the order in which they start. Errors name file
	// and line or path; whether the migrations are sane is not looked at.
	ReadPlan(in *cloud.Instance, file string, data []byte) ([]cloud.Change, error)
}

// Import reads files with an importer and refuses a wrong number of them.
func Import(importer Importer, files []string) (*cloud.Instance, error) {
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
