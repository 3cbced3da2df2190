package cli

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/gate"
	"github.com/cloudrearrange/rearrange/metrics/tables"
	"github.com/cloudrearrange/rearrange/results"
)

// comparisonFormats are the formats that comparisons are written in.
func comparisonFormats() []string { return []string{"terminal", "markdown", "json"} }

func compareCommand(s program) *cli.Command {
	return &cli.Command{
		Name:      "compare",
		Usage:     "tell whether solvers got worse from one set of results to another",
		ArgsUsage: "BASELINE CANDIDATE",
		Description: "BASELINE and CANDIDATE are folders that `rearrange run` wrote to, or files of records.\n" +
			"Runs are paired on instance content, cost function, rules, algorithm and seed. Coverage,\n" +
			"costs, bounds, expansions and memory are compared exactly, where the clock did not\n" +
			"end a run; times by a sign test over instances, drift of the machine taken out, where\n" +
			"both sides come from the same machine and neither was busier. What cannot be compared\n" +
			"is counted, and why.\n\n" +
			"The exit code is 1 if runs failed or contradict each other as they did not in the\n" +
			"baseline, else 6 if there is a regression: of what is exact, one pair that is worse is\n" +
			"enough, unless --thresholds tolerates it. results/FORMAT.md documents thresholds and\n" +
			"the JSON that --format json writes.",
		Flags: []cli.Flag{
			outputFlag("`FILE` for the comparison"),
			&cli.StringFlag{Name: "format", Usage: "`FORMAT`: terminal, markdown or json; by default that of the file's name, or terminal"},
			&cli.StringFlag{Name: "thresholds", Usage: "`FILE` that says from where on worse is a regression"},
			&cli.BoolFlag{Name: "deterministic", Usage: "leave times out", DisableDefaultText: true},
		},
		Action: action(s, 2, 2, compareResults),
	}
}

func compareResults(c *cli.Context, s program) error {
	path, format := c.String("output"), c.String("format")
	if format == "" {
		named, _ := tables.FormatOf(path)
		format = cmp.Or(named, "terminal")
	}
	if known := comparisonFormats(); !slices.Contains(known, format) {
		return usage("a comparison has no format %q%s", format, spec.DidYouMean(format, known, "known are"))
	}
	if err := checkOutput(path); err != nil {
		return err
	}
	var thresholds gate.Thresholds
	if file := c.String("thresholds"); file != "" {
		var err error
		if thresholds, err = gate.ReadThresholds(file); err != nil {
			return unreadable(file, err)
		}
	}
	thresholds.Untimed = thresholds.Untimed || c.Bool("deterministic")
	baseline, problems, err := readRecords([]string{c.Args().Get(0)})
	if err != nil {
		return err
	}
	candidate, more, err := readRecords([]string{c.Args().Get(1)})
	if err != nil {
		return err
	}
	if _, newest := dates(candidate); len(baseline) > 0 && len(candidate) > 0 {
		if oldest, _ := dates(baseline); oldest > newest {
			fmt.Fprintf(s.err, "note: every run of %s, the baseline, is later than those of %s, the candidate: are the arguments swapped?\n",
				c.Args().Get(0), c.Args().Get(1))
		}
	}
	compared := gate.Compare(baseline, candidate, thresholds)
	if compared.Pairs == 0 && len(compared.Changed) == 0 {
		return usage("no run of %s has a counterpart in %s: runs are paired on instance, cost function, rules, algorithm and seed",
			c.Args().Get(0), c.Args().Get(1))
	}
	compared.Problems = append(problems, more...)
	err = write(s, path, func(w io.Writer) error {
		switch format {
		case "markdown":
			return compared.Markdown(w)
		case "json":
			return compared.JSON(w)
		}
		screen := tables.Screen{}
		if path == fileio.Stdio {
			screen = tableScreen(s)
		}
		return compared.Terminal(w, screen)
	})
	if err != nil {
		return err
	}
	switch {
	case len(compared.Alarms) > 0:
		return said(exitFailure)
	case compared.Regression():
		return said(exitRegression)
	}
	return nil
}

// dates are those of the first and the last run. All are in UTC, as strings that compare as
// they do.
func dates(records []results.Record) (oldest, newest string) {
	for _, r := range records {
		if d := r.Provenance.Date; oldest == "" || d < oldest {
			oldest = d
		}
		newest = max(newest, r.Provenance.Date)
	}
	return oldest, newest
}
