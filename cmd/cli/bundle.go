package cli

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/experiments"
	"github.com/cloudrearrange/rearrange/experiments/bundle"
)

func bundleCommand(s program) *cli.Command {
	return &cli.Command{
		Name:      "bundle",
		Usage:     "pack results with all that stands behind them, for artifact review",
		ArgsUsage: "RESULTS",
		Description: "RESULTS is a folder that `rearrange run` wrote to. The archive holds its records, plans\n" +
			"and report; the suite, and the instance files that it names; the source of this program,\n" +
			"its version and those of its modules; checksums of all files; and a README.txt that says\n" +
			"how to check them and how to repeat the runs. The suffix of FILE says how it is\n" +
			"compressed: .tar.zst, .tar.gz or .tar. Equal results yield equal bytes.\n\n" +
			"Relative names in a suite start at the folder of its file, which the copy in RESULTS does\n" +
			"not know. If the suite reads instance files, name it too:\n" +
			"  rearrange bundle results/real --suite suites/real.yaml -o real.tar.zst",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "`FILE` for the archive"},
			&cli.StringFlag{Name: "suite", Usage: "`SUITE` that was run, to find the instance files that it names"},
			&cli.BoolFlag{Name: "instances", Usage: "pack all instances too, and not only specs and seeds", DisableDefaultText: true},
		},
		Action: action(s, 1, 1, makeBundle),
	}
}

// archives are the suffixes of archives.
var archives = [...]string{".tar.zst", ".tar.gz", ".tar"}

func makeBundle(c *cli.Context, s program) error {
	out := c.String("output")
	if out == "" {
		return usage("no output given: use -o FILE, such as -o results.tar.zst")
	}
	known := false
	for _, suffix := range archives {
		known = known || strings.HasSuffix(out, suffix) && len(out) > len(suffix)
	}
	if !known {
		return usage("-o: expected a file that ends in .tar.zst, .tar.gz or .tar, found %q", out)
	}
	if err := checkOutput(out); err != nil {
		return err
	}
	missing := false
	b, err := bundle.New(c.Context, c.Args().First(), bundle.Options{
		Catalogue: s.catalogue, Suite: c.String("suite"), Instances: c.Bool("instances"),
		Source: rearrange.Source, Build: bundle.ThisBuild(experiments.Provenance(version)), Code: codeHash,
		Note: func(text string) {
			missing = true
			say(s, "not packed: %s", text)
		},
	})
	switch {
	case c.Context.Err() != nil:
		return c.Context.Err()
	case err != nil:
		return unreadableNamed(err)
	}
	if missing && !c.IsSet("suite") {
		fmt.Fprintln(s.err, "relative names in a suite start at the folder of its file: name it with --suite")
	}
	if err := fileio.Write(out, nil, b.Write); err != nil {
		return err
	}
	say(s, "%s: %s in %s", out, prose.Count(len(b.Records), "record"), prose.Count(b.Files(), "file"))
	return nil
}
