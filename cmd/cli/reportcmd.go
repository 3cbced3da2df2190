package cli

import (
	"errors"
	"fmt"
	"io/fs"
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
	"github.com/cloudrearrange/rearrange/metrics/tables"
	"github.com/cloudrearrange/rearrange/results"
)

func reportCommand(s program) *cli.Command {
	return &cli.Command{
		Name:      "report",
		Usage:     "report on results: all tables and plots",
		ArgsUsage: "RESULTS…",
		Description: "RESULTS are folders that `rearrange run` wrote to, or files of records. The tables are\n" +
			"printed. They and the plots are written too, to report.md and beside it in the folder\n" +
			"of the records; -o names another, for one report on all RESULTS together. What is\n" +
			"shown is what the suite says, whose copy lies beside the records, or else all that\n" +
			"applies. `rearrange table` and `rearrange plot` make one or some.\n\n" +
			"--where takes runs by columns (`rearrange list columns`), by parameters and features of\n" +
			"their instances, and by parameters of their algorithms, such as\n" +
			"'feature.utilisation > 0.9 && algorithm startsWith \"astar\"'.",
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "`FOLDER` for the report"},
			&cli.StringFlag{Name: "size", Usage: "`SIZE` of plots: page, or column for one of two columns"},
			&cli.StringFlag{Name: "title", Usage: "`TITLE` of the report"},
		}, resultsFlags()...),
		Action: action(s, 1, -1, makeReport),
	}
}

func makeReport(c *cli.Context, s program) error {
	if size := c.String("size"); size != "" && !slices.Contains(plots.Sizes(), size) {
		return usage("--size: unknown size %q%s", size, spec.DidYouMean(size, plots.Sizes(), "known are"))
	}
	if c.IsSet("where") && c.String("where") == "" {
		return usage("--where: expected an expression, found none")
	}
	paths := c.Args().Slice()
	dir := c.String("output")
	if fileFormat(tables.Kind, dir)+fileFormat(plots.Kind, dir) != "" || dir == fileio.Stdio {
		return usage("a report is a folder, and %s names a file: use `rearrange table` or `rearrange plot` for a single one", dir)
	}
	if dir != "" {
		return reportOn(c, s, paths, dir)
	}
	// Without a folder in common each has a report of its own.
	first := map[string]string{}
	for _, path := range paths {
		dir := filepath.Clean(folderOf(path))
		if first[dir] != "" {
			return usage("%s and %s lie in the same folder, which holds one report: name another with -o", first[dir], path)
		}
		first[dir] = path
	}
	for i, path := range paths {
		if len(paths) > 1 {
			fmt.Fprintf(s.out, "%s═══ %s ═══\n\n", map[bool]string{true: "\n"}[i > 0], prose.Clean(path))
		}
		if err := reportOn(c, s, []string{path}, folderOf(path)); err != nil {
			return err
		}
	}
	return nil
}

// reportOn makes one report on results together.
func reportOn(c *cli.Context, s program, paths []string, dir string) error {
	records, problems, err := readRecords(paths)
	if err != nil {
		return err
	}
	o := report.Options{Catalogue: s.catalogue, Title: c.String("title"), Size: c.String("size"), Several: len(paths) > 1, Where: c.String("where")}
	suite, content, err := suiteOf(c, s, paths)
	if err != nil {
		return err
	}
	o.Content = content
	if o.Best, err = knownBest(c, s, suite); err != nil {
		return err
	}
	if o.Title == "" {
		o.Title = titleOf(paths)
	}
	_, err = showReport(s, dir, records, problems, o)
	return err
}

// showReport prints the tables and writes the report.
func showReport(s program, dir string, records []results.Record, problems []results.Problem, o report.Options) (*report.Report, error) {
	r, err := report.New(records, problems, o)
	if err != nil {
		return nil, unmakeable(err)
	}
	if err := r.Terminal(s.out, tableScreen(s)); err != nil {
		return nil, err
	}
	if err := r.Write(dir); err != nil {
		return nil, unwritable(dir, err)
	}
	for _, why := range r.NotShown() {
		fmt.Fprintf(s.err, "not shown: %s\n", prose.Clean(why))
	}
	fmt.Fprintf(s.err, "report: %s\n", filepath.Join(dir, "report.md"))
	return r, nil
}

// unmakeable is the error of what was asked for and cannot be made of the records.
func unmakeable(err error) error {
	var none *report.NotApplicableError
	var where *report.WhereError
	switch {
	case errors.As(err, &none):
		return usage("%w", err)
	case errors.As(err, &where):
		return usage("--where: %w", err)
	}
	return err
}

// tableScreen is where tables are printed.
func tableScreen(s program) tables.Screen {
	return tables.Screen{Width: terminalWidth(s.out), Color: colorsByDefault(s)}
}

// readRecords reads the records of all results. That there are none at all is an error,
// which names the first fault in the files.
func readRecords(paths []string) ([]results.Record, []results.Problem, error) {
	for _, path := range paths {
		if end := filepath.Ext(path); end == ".yaml" || end == ".yml" {
			return nil, nil, usage("%s holds no records: it looks like a suite; name the folder that its runs were written to", path)
		}
	}
	records, problems, err := results.Read(paths...)
	if err != nil {
		return nil, nil, unreadable(strings.Join(paths, ", "), err)
	}
	if len(records) == 0 {
		if len(problems) > 0 {
			return nil, nil, usage("no records in %s: %w", strings.Join(paths, ", "), problems[0])
		}
		return nil, nil, usage("no records in %s", strings.Join(paths, ", "))
	}
	return records, problems, nil
}

// suiteOf is the name of the suite that the results are of, and what it says that reports
// show: the one that the flag names, or the copy in the folder of the results. Several
// results together are of none.
func suiteOf(c *cli.Context, s program, paths []string) (string, experiments.Report, error) {
	path := c.String("suite")
	named := path != ""
	if !named {
		if len(paths) > 1 {
			return "", experiments.Report{}, nil
		}
		path = filepath.Join(folderOf(paths[0]), experiments.SuiteCopy)
	}
	name, content, err := experiments.ReadReport(s.catalogue, path)
	if !named && errors.Is(err, fs.ErrNotExist) {
		return "", experiments.Report{}, nil
	}
	return name, content, unreadable(path, err)
}

// folderOf is the folder that results are in.
func folderOf(path string) string {
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		return filepath.Dir(path)
	}
	return path
}

func titleOf(paths []string) string {
	var names []string
	for _, path := range paths {
		folder := folderOf(path)
		if abs, err := filepath.Abs(folder); err == nil {
			folder = abs
		}
		names = append(names, filepath.Base(folder))
	}
	return strings.Join(names, ", ")
}
