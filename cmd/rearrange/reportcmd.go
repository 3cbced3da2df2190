package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

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
			&cli.StringFlag{Name: "title", Usage: "`TITLE` of the report"},
		},
		Action: func(c *cli.Context) error {
			if err := arguments(c, 1, 1); err != nil {
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
			o := report.Options{Title: title, Width: terminalWidth(s.out)}
			if err := report.Terminal(s.out, records, problems, o); err != nil {
				return err
			}
			if err := report.Write(dir, records, problems, o); err != nil {
				return unwritable(dir, err)
			}
			fmt.Fprintf(s.err, "report: %s\n", filepath.Join(dir, "report.md"))
			return nil
		},
	}
}
