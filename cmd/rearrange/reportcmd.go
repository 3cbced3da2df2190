package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/experiments"
	"github.com/cloudrearrange/rearrange/metrics/plots"
	"github.com/cloudrearrange/rearrange/metrics/report"
	"github.com/cloudrearrange/rearrange/results"
)

func reportCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "report",
		Usage:     "make tables and plots of results",
		ArgsUsage: "RESULTS",
		Description: "RESULTS is a folder that `rearrange run` wrote to, or a file of records. The\n" +
			"tables are printed. They and the plots are written too, beside the records unless\n" +
			"-o names another folder.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "`FOLDER` for the report"},
			&cli.StringSliceFlag{Name: "plot", Usage: "draw this `PLOT` in place of all that apply, such as 'heat-map(x=hosts, y=misplaced)'; repeat for more"},
			bestFlag(),
			&cli.StringFlag{Name: "title", Usage: "`TITLE` of the report"},
		},
		Action: func(c *cli.Context) error {
			if err := arguments(c, 1, 1); err != nil {
				return err
			}
			asked, err := plotsAsked(c)
			if err != nil {
				return err
			}
			path := c.Args().First()
			records, problems, err := results.Read(path)
			if err != nil {
				return unreadable(path, err)
			}
			if len(records) == 0 {
				if len(problems) > 0 {
					return usage("no records in %s: %w", path, problems[0])
				}
				return usage("no records in %s", path)
			}
			dir := path
			if info, err := os.Stat(path); err == nil && !info.IsDir() {
				dir = filepath.Dir(path)
			}
			known, err := knownBest(c, s, experiments.NameOfOutput(dir))
			if err != nil {
				return err
			}
			title := c.String("title")
			if title == "" {
				abs, err := filepath.Abs(dir)
				if err != nil {
					return err
				}
				title = filepath.Base(abs)
			}
			if out := c.String("output"); out != "" {
				dir = out
			}
			o := report.Options{Title: title, Width: terminalWidth(s.out), Plots: asked, Best: known}
			if err := report.Terminal(s.out, records, problems, o); err != nil {
				return err
			}
			err = report.Write(dir, records, problems, o)
			var none *report.NotApplicableError
			if errors.As(err, &none) {
				return usage("--plot: %w", err)
			}
			if err != nil {
				return unwritable(dir, err)
			}
			fmt.Fprintf(s.err, "report: %s\n", filepath.Join(dir, "report.md"))
			return nil
		},
	}
}

// plotsAsked are the plots that flags name; nil for none.
func plotsAsked(c *cli.Context) ([]spec.Spec, error) {
	var out []spec.Spec
	for _, text := range c.StringSlice("plot") {
		s, err := parseSpec("--plot", text, plots.Registry())
		if err != nil {
			return nil, err
		}
		if _, _, err := plots.Registry().Build(s); err != nil { // parameters that do not go together
			return nil, usage("--plot: %w", err)
		}
		out = append(out, s)
	}
	return out, nil
}
