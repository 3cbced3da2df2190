package cli

import (
	"bytes"
	"errors"
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
	"github.com/cloudrearrange/rearrange/metrics/plots"
	"github.com/cloudrearrange/rearrange/metrics/report"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/metrics/tables"
)

func tableCommand(s program) *cli.Command {
	return &cli.Command{
		Name:      "table",
		Usage:     "make some tables of results",
		ArgsUsage: "TABLE… RESULTS",
		Description: "TABLE is the name of a table, or a spec such as\n" +
			"  rearrange table 'table(rows=[class, algorithm], columns=[coverage, sgm(expanded)])' results/quick\n" +
			"`rearrange list tables`, `list figures` and `list columns` show what there is.\n" +
			"RESULTS are folders that `rearrange run` wrote to, or files of records; several are\n" +
			"taken together. -o names a file, whose ending says the format, or a folder for a\n" +
			"Markdown file of each table. Formats are terminal, markdown, latex, csv, json and ndjson;\n" +
			"`rearrange list table-formats` shows their parameters. A table on the terminal is as wide\n" +
			"as that. Every run in one flat row, for statistics elsewhere:\n" +
			"  rearrange table runs results/quick -o runs.csv",
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "`FILE` or folder; the terminal unless given"},
			&cli.StringFlag{Name: "format", Usage: "`FORMAT`; by default that of the file's name, or terminal"},
		}, resultsFlags()...),
		Action: action(s, 2, -1, func(c *cli.Context, s program) error { return makeSome(c, s, tables.Kind, makeTables) }),
	}
}

func plotCommand(s program) *cli.Command {
	return &cli.Command{
		Name:      "plot",
		Usage:     "draw some plots of results",
		ArgsUsage: "PLOT… RESULTS",
		Description: "PLOT is the name of a plot, or a spec such as 'heat-map(x=param.hosts, y=feature.locked)';\n" +
			"`rearrange list plots` shows what there is. RESULTS are folders that `rearrange run`\n" +
			"wrote to, or files of records; several are taken together. -o names a file, whose\n" +
			"ending says the format (svg, png or pdf), or a folder for an SVG file of each plot:\n" +
			"  rearrange plot cactus results/quick --where 'feature.hosts > 5' -o fig.pdf\n" +
			"--data writes the points that are drawn, as CSV.",
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "`FILE` or folder"},
			&cli.StringFlag{Name: "format", Usage: "`FORMAT`; by default that of the file's name, or svg in a folder"},
			&cli.StringFlag{Name: "size", Usage: "`SIZE`: page, or column for one of two columns"},
			&cli.BoolFlag{Name: "data", Usage: "write the points that are drawn, as CSV", DisableDefaultText: true},
		}, resultsFlags()...),
		Action: action(s, 2, -1, func(c *cli.Context, s program) error { return makeSome(c, s, plots.Kind, makePlots) }),
	}
}

// resultsFlags say which runs of results count, and what they are set against.
func resultsFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "where", Usage: "only runs for which this `EXPRESSION` holds"},
		&cli.StringFlag{Name: "suite", Usage: "`SUITE` that says what algorithms are called, in place of the copy beside the records"},
		bestFlag(),
	}
}

// made is a table or plot as it is written to a file.
type made struct {
	name    string
	content []byte
}

// makeSome makes what the arguments name of the results that they name, and writes it. What
// cannot be made is an error, once all else is written.
func makeSome(c *cli.Context, s program, kind string, make func(*cli.Context, program, *summary.Summary, []spec.Spec, *output) ([]made, error)) error {
	texts, paths := splitResults(s, kind, c.Args().Slice())
	if len(texts) == 0 {
		return usage("expected %s before the results", spec.WithArticle(kind))
	}
	var specs []spec.Spec
	for _, text := range texts {
		sp, err := s.parseSpec(kind, text, kind)
		if err != nil {
			return err
		}
		if _, _, err := spec.Build[any](s.catalogue, kind, sp); err != nil { // parameters that do not go together
			return usage("%w", err)
		}
		specs = append(specs, sp)
	}
	out, err := outputOf(c, s, kind, len(specs))
	if err != nil {
		return err
	}
	sum, err := summaryOf(c, s, paths)
	if err != nil {
		return err
	}
	files, failed := make(c, s, sum, specs, out)
	if err := out.write(s, files); err != nil {
		return err
	}
	return unmakeable(failed)
}

// splitResults tells specs from the results behind them: the last argument, and those before
// it that are files or folders and no known names.
func splitResults(s program, kind string, args []string) (specs, paths []string) {
	n := len(args) - 1
	for ; n > 0; n-- {
		if _, err := os.Stat(args[n-1]); err != nil || slices.Contains(namesOf(s.catalogue, kind), args[n-1]) {
			break
		}
	}
	return args[:n], args[n:]
}

// summaryOf reads results. What is wrong with the records is said on stderr.
func summaryOf(c *cli.Context, s program, paths []string) (*summary.Summary, error) {
	records, problems, err := readRecords(paths)
	if err != nil {
		return nil, err
	}
	tellProblems(s.err, problems)
	suite, content, err := suiteOf(c, s, paths)
	if err != nil && c.IsSet("suite") {
		return nil, err
	}
	known, err := knownBest(c, s, suite)
	if err != nil {
		return nil, err
	}
	sum := report.Summary(records, report.Options{Catalogue: s.catalogue, Content: content, Best: known})
	if n := len(sum.Alarms); n > 0 {
		fmt.Fprintf(s.err, "%s, the first: %s\n", prose.Count(n, "alarm"), prose.Clean(sum.Alarms[0].String()))
	}
	if text := report.Superseded(sum); text != "" {
		fmt.Fprintln(s.err, text)
	}
	if !c.IsSet("where") {
		tellBuilds(s, sum)
		return sum, nil
	}
	chosen, choice, err := report.Where(sum, c.String("where"))
	if err != nil {
		return nil, usage("--where: %w", err)
	}
	fmt.Fprintf(s.err, "where %s: %s\n", c.String("where"), choice)
	tellBuilds(s, chosen)
	return chosen, nil
}

// tellBuilds warns of runs that are not of one program.
func tellBuilds(s program, sum *summary.Summary) {
	if builds := report.MixedBuilds(sum); builds != "" {
		fmt.Fprintln(s.err, prose.Clean(builds))
	}
}

func makeTables(_ *cli.Context, s program, sum *summary.Summary, specs []spec.Spec, out *output) ([]made, error) {
	render, err := out.renderer(s)
	if err != nil {
		return nil, err
	}
	var files []made
	var failed []error
	for _, sp := range specs {
		t, err := report.Table(sum, sp)
		var b bytes.Buffer
		if err == nil {
			if err = render(&b, t); err != nil { // the buffer takes everything
				err = usage("--format: %w", err)
			}
		}
		if err != nil {
			failed = append(failed, err)
			continue
		}
		files = append(files, made{sp.Name, b.Bytes()})
	}
	return files, errors.Join(failed...)
}

func makePlots(c *cli.Context, _ program, sum *summary.Summary, specs []spec.Spec, out *output) ([]made, error) {
	var files []made
	var failed []error
	for _, sp := range specs {
		f, err := report.Plot(sum, sp, c.String("size"))
		var content []byte
		switch {
		case err != nil:
		case out.format == "csv":
			var b bytes.Buffer
			err = f.CSV(&b)
			content = b.Bytes()
		default:
			content, err = plots.Render(f, out.format)
		}
		if err != nil {
			failed = append(failed, err)
			continue
		}
		files = append(files, made{sp.Name, content})
	}
	return files, errors.Join(failed...)
}

// output is where tables or plots go, and in which format.
type output struct {
	path   string // fileio.Stdio, a file, or a folder
	folder bool
	format string // the name of a plot's; the spec of a table's
	suffix string
}

// outputOf reads the flags that say where a number of tables or plots go.
func outputOf(c *cli.Context, s program, kind string, n int) (*output, error) {
	o := &output{path: c.String("output"), format: c.String("format")}
	formats := plots.Formats()
	if kind == tables.Kind {
		formats = namesOf(s.catalogue, tables.FormatKind)
	}
	byName := fileFormat(kind, o.path)
	switch {
	case kind == plots.Kind && c.Bool("data"):
		if o.format != "" && o.format != "csv" {
			return nil, usage("--data is written as csv, found --format %s", o.format)
		}
		o.format = "csv"
		if o.path == "" {
			o.path = fileio.Stdio
		}
	case o.path == "" && kind == plots.Kind && o.format == "":
		return nil, usage("no output given: use -o FILE.pdf, -o FOLDER/, or --data for the points alone")
	case o.path == "":
		o.path = fileio.Stdio
	}
	isFile := o.path == fileio.Stdio || byName != "" || (o.format != "" && filepath.Ext(o.path) != "") || seemsFile(o.path)
	o.folder = !isFile
	if o.format == "" {
		switch {
		case byName != "":
			o.format = byName
		case kind == tables.Kind && (o.folder || o.path == fileio.Stdio):
			o.format = map[bool]string{true: "markdown", false: "terminal"}[o.folder]
		case o.folder:
			o.format = "svg"
		default:
			return nil, usage("%s does not name a format of a %s: end it in one, or say one of %s with --format", o.path, kind, strings.Join(formats, ", "))
		}
	}
	name, _, _ := strings.Cut(o.format, "(")
	if o.suffix = "." + name; kind == tables.Kind {
		o.suffix = tables.Suffix(name)
	}
	if o.format != "csv" && !slices.Contains(formats, name) {
		return nil, usage("--format: unknown %s format %q%s", kind, name, spec.DidYouMean(name, formats, "known are"))
	}
	one := kind == plots.Kind || slices.Contains([]string{"csv", "json", "ndjson"}, name)
	if n > 1 && !o.folder && one {
		return nil, usage("a file of %s holds one %s, and %d are named: name a folder with -o", name, kind, n)
	}
	if !o.folder {
		return o, checkOutput(o.path)
	}
	return o, nil
}

// fileFormat is the format of a file of that name; empty where its end says nothing.
func fileFormat(kind, path string) string {
	if kind == tables.Kind {
		format, _ := tables.FormatOf(path)
		return format
	}
	end := pictureFormat(path)
	if !slices.Contains(plots.Formats(), end) && end != "csv" {
		return ""
	}
	return end
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

// renderer writes tables in the format.
func (o *output) renderer(s program) (tables.Renderer, error) {
	if o.format == "terminal" && o.path == fileio.Stdio {
		return func(w io.Writer, t tables.Table) error { return tables.Terminal(w, t, tableScreen(s)) }, nil
	}
	sp, err := s.parseSpec("--format", o.format, tables.FormatKind)
	if err != nil {
		return nil, err
	}
	render, _, err := spec.Build[tables.Renderer](s.catalogue, tables.FormatKind, sp)
	if err != nil {
		return nil, usage("--format: %w", err)
	}
	return render, nil
}

// write writes what was made: to one file, one below the other, or to a file of each in a
// folder, where several of a name are numbered.
func (o *output) write(s program, files []made) error {
	if len(files) == 0 {
		return nil
	}
	if !o.folder {
		return write(s, o.path, func(w io.Writer) error {
			for i, f := range files {
				if i > 0 {
					if _, err := io.WriteString(w, "\n"); err != nil {
						return err
					}
				}
				if _, err := w.Write(f.content); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := os.MkdirAll(o.path, 0o777); err != nil {
		return unwritable(o.path, err)
	}
	taken := map[string]int{}
	for _, f := range files {
		name := f.name
		if taken[name]++; taken[name] > 1 {
			name += fmt.Sprintf("-%d", taken[name])
		}
		path := filepath.Join(o.path, name+o.suffix)
		if err := fileio.Write(path, nil, content(f.content)); err != nil {
			return unwritable(path, err)
		}
		fmt.Fprintln(s.err, path)
	}
	return nil
}

// tellProblems lists the first faults of records.
func tellProblems[T fmt.Stringer](w io.Writer, problems []T) {
	const most = 10
	for i, p := range problems {
		if i == most {
			fmt.Fprintf(w, "… and %s more\n", prose.Count(len(problems)-i, "problem"))
			break
		}
		fmt.Fprintln(w, prose.Clean(p.String()))
	}
}
