package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/experiments"
	"github.com/cloudrearrange/rearrange/metrics/report"
	"github.com/cloudrearrange/rearrange/results"
)

func runCommand(s program) *cli.Command {
	return &cli.Command{
		Name:      "run",
		Usage:     "run an experiment suite, and report on it",
		ArgsUsage: "SUITE",
		Description: "Records, plans and the report go to results/NAME unless -o names another folder.\n" +
			"A run whose record is there already is not repeated, so that an interrupted suite\n" +
			"goes on where it stopped; --fresh begins anew. experiments/FORMAT.md documents\n" +
			"suites and what is written.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "`FOLDER` for records, plans and report"},
			&cli.StringSliceFlag{Name: "cost", Aliases: []string{"c"}, Usage: "`COST` function in place of the suite's own; repeat for more"},
			&cli.StringSliceFlag{Name: "rule", Usage: "sanity `RULE` in place of those of the suite and its instances; repeat for more"},
			&cli.StringSliceFlag{Name: "also", Usage: "sanity `RULE` on top of those; repeat for more"},
			bestFlag(),
			&cli.IntFlag{Name: "jobs", Aliases: []string{"j"}, Usage: "`NUMBER` of runs at the same time; 0, the default, for one per core"},
			&cli.BoolFlag{Name: "fresh", Usage: "set aside the records that are there", DisableDefaultText: true},
		},
		Action: action(s, 1, 1, runSuite),
	}
}

// override gives a suite the costs and rules named on the command line.
func override(c *cli.Context, s program, suite *experiments.Suite) error {
	chosen, err := given(c, s)
	if err != nil {
		return err
	}
	if chosen.instead != nil {
		suite.Rules = chosen.instead
	}
	suite.Also = chosen.also
	named, err := parseSpecs(c, s, "cost", costs.Kind)
	if named != nil {
		suite.Costs = named
	}
	return err
}

func runSuite(c *cli.Context, s program) error {
	path := c.Args().First()
	data, err := read(s, path)
	if err != nil {
		return err
	}
	suite, err := experiments.DecodeSuite(s.catalogue, nameOf(path), data)
	if err != nil {
		return badInput(err)
	}
	if err := override(c, s, suite); err != nil {
		return err
	}
	dir := c.String("output")
	if dir == "" {
		dir = filepath.Join("results", suite.Name)
	}
	known, err := knownBest(c, s, suite.Name)
	if err != nil {
		return err
	}
	tasks, err := suite.Expand(c.Context, func(note string) { fmt.Fprintln(s.err, note) })
	switch {
	case c.Context.Err() != nil:
		fmt.Fprintln(s.err, "interrupted before the first run")
		return said(exitInterrupted)
	case err != nil:
		return badInput(err)
	}
	if len(tasks) == 0 {
		return usage("%s: there is nothing to run: the files of all entries are missing", nameOf(path))
	}
	out, err := experiments.OpenOutput(dir, suite, c.Bool("fresh"))
	if err != nil {
		return unwritable(dir, err)
	}
	defer out.Close()
	for _, p := range out.Problems() {
		fmt.Fprintf(s.err, "%v (the run is made again)\n", p)
	}
	todo := out.Missing(tasks)
	if done := len(tasks) - len(todo); done > 0 {
		fmt.Fprintf(s.err, "%d of %s recorded in %s already\n", done, prose.Count(len(tasks), "run"), dir)
	}
	bar := newProgress(s.err, suite.Name, len(todo))
	err = experiments.Execute(c.Context, todo, experiments.Options{
		Jobs:       c.Int("jobs"),
		Provenance: experiments.Provenance(version, time.Now()),
		Done: func(t experiments.Task, rec results.Record, plan *cloud.Plan) error {
			if err := out.Keep(t, rec, plan); err != nil {
				return err
			}
			bar.add()
			return nil
		},
	})
	bar.finish()
	if errors.Is(err, context.Canceled) {
		left := len(out.Missing(tasks))
		fmt.Fprintf(s.err, "interrupted: %d of %s recorded in %s; the same command goes on from there\n", len(tasks)-left, prose.Count(len(tasks), "run"), dir)
		return said(exitInterrupted)
	}
	if err != nil {
		return err
	}
	records := out.Of(tasks)
	if err := showReport(s, dir, records, nil, report.Options{Catalogue: s.catalogue, Title: suite.Name, Content: suite.Report, Best: known}); err != nil {
		return err
	}
	if slices.ContainsFunc(records, func(r results.Record) bool { return r.Outcome.Faulty() }) {
		return said(exitFailure) // the alarms at the top say which
	}
	return nil
}
