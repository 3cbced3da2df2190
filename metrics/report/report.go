package report

import (
	"bytes"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/plots"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/metrics/tables"
	"github.com/cloudrearrange/rearrange/results"
	"github.com/cloudrearrange/rearrange/results/best"
)

// Options say how to render. The zero value is good.
type Options struct {
	Title string // of the report; "Report" if empty
	Width int    // columns of the terminal; 80 if 0
	// Plots are drawn in place of all plots that apply; several of one kind are
	// numbered.
	Plots []spec.Spec
	// Best are best-known values, against which costs and bounds are set too; nil for none.
	Best *best.Set
}

// The files of a report that are not tables or plots.
const (
	indexFile  = "report.md"
	timingFile = "timing.md"
)

// TimedFiles lists the files of a report, relative to its folder, that differ from
// run to run with the speed of the machine.
func TimedFiles() []string {
	files := []string{timingFile}
	for _, d := range tables.Registry().Descriptors() {
		if d.Has(tables.Timed) {
			files = append(files, tablePath(d.Name))
		}
	}
	for _, d := range plots.Registry().Descriptors() {
		if d.Has(plots.Timed) {
			for _, format := range plots.Formats() {
				files = append(files, plotPath(d.Name, format))
			}
		}
	}
	slices.Sort(files)
	return files
}

func tablePath(name string) string        { return path.Join("tables", name+".md") }
func plotPath(name, format string) string { return path.Join("plots", name+"."+format) }

// Write renders a report into a folder, which is made if there is none. Files of an
// earlier report are replaced; others are left alone. The index is written last, so
// that it never names a file that is not there.
func Write(dir string, records []results.Record, problems []results.Problem, o Options) error {
	s := summary.Of(records, summary.WithBest(o.Best))
	ts, err := buildTables(s)
	if err != nil {
		return err
	}
	fs, err := buildPlots(s, o.Plots)
	if err != nil {
		return err
	}
	for _, t := range ts {
		var b bytes.Buffer
		if err := tables.Markdown(&b, t.table); err != nil {
			return err
		}
		if err := writeFile(dir, tablePath(t.table.Name), b.Bytes()); err != nil {
			return err
		}
	}
	for _, f := range fs {
		for _, format := range plots.Formats() {
			picture, err := plots.Render(f.figure, format)
			if err != nil {
				return err
			}
			if err := writeFile(dir, plotPath(f.figure.Name, format), picture); err != nil {
				return err
			}
		}
	}
	if err := writeFile(dir, timingFile, timing(records, ts, fs, o)); err != nil {
		return err
	}
	return writeFile(dir, indexFile, index(s, records, problems, ts, fs, o))
}

type builtTable struct {
	table tables.Table
	timed bool
	wide  bool // not for the terminal
}

func buildTables(s *summary.Summary) ([]builtTable, error) {
	r := tables.Registry()
	var out []builtTable
	for _, d := range r.Descriptors() {
		build, _, err := r.Build(spec.Named(d.Name))
		if err != nil {
			return nil, err
		}
		if t := build(s); !t.NotApplicable {
			out = append(out, builtTable{t, d.Has(tables.Timed), d.Has(tables.Wide)})
		}
	}
	return out, nil
}

type builtPlot struct {
	figure   plots.Figure
	synopsis string
	timed    bool
}

// NotApplicableError says why a plot that was asked for cannot be drawn of the records.
type NotApplicableError struct {
	Plot   spec.Spec
	Reason string // a sentence
}

func (e *NotApplicableError) Error() string {
	return fmt.Sprintf("plot %s: %s", e.Plot, strings.TrimSuffix(e.Reason, "."))
}

// buildPlots makes the figures that were asked for, or else of all plots those that
// apply.
func buildPlots(s *summary.Summary, asked []spec.Spec) ([]builtPlot, error) {
	r := plots.Registry()
	specs := asked
	if asked == nil {
		for _, d := range r.Descriptors() {
			specs = append(specs, spec.Named(d.Name))
		}
	}
	var out []builtPlot
	drawn := map[string]int{}
	for _, sp := range specs {
		build, _, err := r.Build(sp)
		if err != nil {
			return nil, err
		}
		f := build(s)
		if f.NotApplicable && asked == nil {
			continue
		}
		if f.NotApplicable {
			return nil, &NotApplicableError{sp, f.Caption}
		}
		if drawn[f.Name]++; drawn[f.Name] > 1 {
			f.Name = fmt.Sprintf("%s-%d", f.Name, drawn[f.Name])
		}
		d, _ := r.Lookup(sp.Name)
		out = append(out, builtPlot{f, d.Synopsis, f.Timed})
	}
	return out, nil
}

// writeFile writes a file whole or not at all: a reader sees the old one or the new
// one, and an interruption leaves no half of one under its name.
func writeFile(dir, name string, content []byte) (err error) {
	target := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(target), 0o777); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(target), ".new-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
			err = fmt.Errorf("%s: %w", target, err)
		}
	}()
	if _, err := f.Write(content); err != nil {
		return err
	}
	if err := f.Chmod(0o644); err != nil { // temporary files are for their owner only
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), target)
}
