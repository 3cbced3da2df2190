package report

import (
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/plots"
	"github.com/cloudrearrange/rearrange/metrics/tables"
)

// The files of a report that are not tables or plots.
const (
	indexFile  = "report.md"
	timingFile = "timing.md"
)

// tableFormats are the formats of every table: for reading, printing and computing.
var tableFormats = [...]string{"markdown", "latex", "csv"}

func tableFile(t builtTable, format string) string { return t.path + tables.Suffix(format) }

// Write renders the report into a folder, which it creates if necessary. Files of an earlier report are replaced;
// others are left alone. The index is written last, so that it never names a missing file. If a picture cannot be
// drawn, the rest is written, and the error says so.
func (r *Report) Write(dir string) error {
	var undrawn []error
	for p := range r.parts {
		part := &r.parts[p]
		for _, t := range part.tables {
			for _, format := range tableFormats {
				render, _, err := spec.Build[tables.Renderer](r.options.Catalogue, tables.FormatKind, spec.Named(format))
				if err != nil {
					return err
				}
				if err := writeFile(dir, tableFile(t, format), func(w io.Writer) error { return render(w, t.table) }); err != nil {
					return err
				}
			}
		}
		var drawn []builtPlot
		for _, f := range part.plots {
			pictures, err := draw(f.figure)
			if err != nil {
				undrawn = append(undrawn, err)
				part.notShown = append(part.notShown, err.Error())
				continue
			}
			for i, format := range plots.Formats() {
				if err := writeFile(dir, f.path+"."+format, content(pictures[i])); err != nil {
					return err
				}
			}
			drawn = append(drawn, f)
		}
		part.plots = drawn
	}
	if err := writeFile(dir, timingFile, content(r.timing())); err != nil {
		return err
	}
	if err := writeFile(dir, indexFile, content(r.index())); err != nil {
		return err
	}
	return errors.Join(undrawn...)
}

// draw renders a figure in all formats.
func draw(f plots.Figure) ([][]byte, error) {
	var out [][]byte
	for _, format := range plots.Formats() {
		picture, err := plots.Render(f, format)
		if err != nil {
			return nil, err
		}
		out = append(out, picture)
	}
	return out, nil
}

// writeFile writes a file whole or not at all.
func writeFile(dir, name string, write func(io.Writer) error) error {
	target := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(target), 0o777); err != nil {
		return err
	}
	return fileio.Write(target, nil, write)
}

func content(b []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(b)
		return err
	}
}
