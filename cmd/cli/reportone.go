package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/experiments"
	"github.com/cloudrearrange/rearrange/metrics/plots"
	"github.com/cloudrearrange/rearrange/metrics/report"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/metrics/tables"
	"github.com/cloudrearrange/rearrange/results"
)

// single is one table or plot that makes a file by itself, or goes to stdout.
type single struct {
	spec  spec.Spec
	plot  string          // the format of a plot; empty: it is a table
	table tables.Renderer // of a table
	path  string
}

// singleAsked tells whether the flags ask for a single table or plot, which is when -o
// names a file and no folder, or when there is no -o.
func singleAsked(c *cli.Context, s program, asked *experiments.Report) (*single, error) {
	path, format := c.String("output"), c.String("format")
	_, isTable := tables.FormatOf(path)
	_, isPlot := plotFormatOf(path)
	isFile := isTable || isPlot || path == fileio.Stdio
	n := 0
	if asked != nil {
		n = len(asked.Tables) + len(asked.Plots)
	}
	switch {
	case n != 1 && format != "":
		return nil, usage("--format goes with a single --table or --plot, found %d; reports have their own", n)
	case n == 0 && isFile:
		return nil, usage("%s names a file: say with --table or --plot what it is to hold, or name a folder", path)
	case n == 0:
		return nil, nil
	case path == "" && (n > 1 || len(asked.Plots) > 0 && format == ""):
		return nil, usage("what is named goes to no place: name a folder with -o, or for a single plot a file such as %s.pdf",
			slices.Concat(asked.Plots, asked.Tables)[0].Name)
	case n > 1 && isFile:
		return nil, usage("%s is one file, and %d tables and plots are named: name a folder", path, n)
	case path != "" && !isFile && format == "" && (n > 1 || !seemsFile(path)):
		return nil, nil
	}
	if err := checkOutput(path); err != nil {
		return nil, err
	}
	if path == "" {
		path = fileio.Stdio
	}
	if len(asked.Plots) == 1 {
		return singlePlot(asked.Plots[0], path, format)
	}
	return singleTable(s, asked.Tables[0], path, format)
}

// seemsFile tells whether a name is more likely that of a file in a format that we do not
// know, such as fig.gif, than that of a folder: neither is it one, nor does it end like v1.2.
func seemsFile(path string) bool {
	end := strings.TrimPrefix(filepath.Ext(path), ".")
	if end == "" || strings.ContainsAny(end, "0123456789") {
		return false
	}
	info, err := os.Stat(path)
	return err != nil || !info.IsDir()
}

func singlePlot(sp spec.Spec, path, format string) (*single, error) {
	if format == "" {
		format, _ = plotFormatOf(path)
	}
	if !slices.Contains(plots.Formats(), format) {
		return nil, unknownFormat("plot", format, path, plots.Formats())
	}
	return &single{spec: sp, plot: format, path: path}, nil
}

func singleTable(s program, sp spec.Spec, path, format string) (*single, error) {
	out := &single{spec: sp, path: path}
	if format == "" {
		format, _ = tables.FormatOf(path)
	}
	switch {
	case path == fileio.Stdio && (format == "" || format == "terminal"):
		out.table = func(w io.Writer, t tables.Table) error { return tables.Terminal(w, t, tableScreen(s)) }
		return out, nil
	case format == "":
		return nil, unknownFormat("table", format, path, namesOf(s.catalogue, tables.FormatKind))
	}
	as, err := s.parseSpec("--format", format, tables.FormatKind)
	if err != nil {
		return nil, err
	}
	if out.table, _, err = spec.Build[tables.Renderer](s.catalogue, tables.FormatKind, as); err != nil {
		return nil, usage("--format: %w", err)
	}
	return out, nil
}

func unknownFormat(kind, format, path string, known []string) error {
	if format == "" {
		return usage("%s does not name a format of a %s: end it in one, or say one of %s with --format", path, kind, strings.Join(known, ", "))
	}
	return usage("--format: unknown %s format %q%s", kind, format, spec.DidYouMean(format, known, "known are"))
}

// plotFormatOf is the format of a picture of that name; false where its end says nothing.
func plotFormatOf(path string) (string, bool) {
	end := strings.TrimPrefix(strings.ToLower(filepath.Ext(path)), ".")
	if !slices.Contains(plots.Formats(), end) {
		return "", false
	}
	return end, true
}

// make makes the file. What is wrong with the records is said on stderr.
func (o *single) make(s program, records []results.Record, problems []results.Problem, options report.Options) error {
	sum := summary.Of(records, summary.WithBest(options.Best), summary.WithCatalogue(s.catalogue))
	tellProblems(s.err, problems)
	if n := len(sum.Alarms); n > 0 {
		fmt.Fprintf(s.err, "%s, the first: %s\n", prose.Count(n, "alarm"), prose.Clean(sum.Alarms[0].String()))
	}
	if options.Where != nil {
		chosen, choice, err := options.Where.Some(sum)
		if err != nil {
			return unmakeable(err)
		}
		fmt.Fprintf(s.err, "where %s: %s\n", options.Where, choice)
		sum = chosen
	}
	content, err := o.render(sum, options)
	if err != nil {
		return unmakeable(err)
	}
	return write(s, o.path, content)
}

// tellProblems lists the first faults of records.
func tellProblems(w io.Writer, problems []results.Problem) {
	const most = 10
	for i, p := range problems {
		if i == most {
			fmt.Fprintf(w, "… and %s more\n", prose.Count(len(problems)-i, "problem"))
			break
		}
		fmt.Fprintln(w, prose.Clean(p.String()))
	}
}

// render makes the content of the file.
func (o *single) render(sum *summary.Summary, options report.Options) (func(io.Writer) error, error) {
	if o.table != nil {
		t, err := report.Table(sum, o.spec)
		return func(w io.Writer) error { return o.table(w, t) }, err
	}
	f, err := report.Plot(sum, o.spec, options.Size)
	if err != nil {
		return nil, err
	}
	picture, err := plots.Render(f, o.plot)
	return content(picture), err
}
