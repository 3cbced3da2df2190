package tables

import (
	"io"
	"path/filepath"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Renderer writes a table in one format.
type Renderer func(io.Writer, Table) error

// FormatKind is the kind of formats of tables in a catalogue.
const FormatKind = "table-format"

// FormatRegistry makes formats of tables known to a catalogue.
func FormatRegistry(entries ...spec.Entry[Renderer]) spec.Registry {
	return spec.NewRegistry(spec.Kind{Name: FormatKind, Noun: "table format", Plural: "table-formats", Synopsis: "what tables can be written as"}, entries...)
}

// Formats lists the formats that tables are written in. All mark what is best, show
// notes or have them, and make text from files harmless.
func Formats() []spec.Entry[Renderer] {
	return []spec.Entry[Renderer]{terminalFormat(), markdownFormat(), latexFormat(), csvFormat(), jsonFormat(), ndjsonFormat()}
}

// suffixes are the ends of the names of files, by format.
var suffixes = map[string]string{
	"terminal": ".txt", "markdown": ".md", "latex": ".tex", "csv": ".csv", "json": ".json", "ndjson": ".ndjson",
}

// Suffix is the end of the names of files in a format, with its point.
func Suffix(format string) string { return suffixes[format] }

// FormatOf is the format of a file, by the end of its name, compressed or not.
func FormatOf(file string) (string, bool) {
	end := filepath.Ext(strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(file), ".gz"), ".zst"))
	for format, suffix := range suffixes {
		if suffix == end {
			return format, true
		}
	}
	return "", false
}
