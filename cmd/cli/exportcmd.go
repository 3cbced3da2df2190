package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/formats"
)

func exportCommand(s program) *cli.Command {
	return &cli.Command{
		Name:      "export",
		Usage:     "write an instance in a foreign format, for another solver",
		ArgsUsage: "FORMAT INSTANCE",
		Description: "`rearrange list export-formats` shows the formats and their parameters, as in\n" +
			"\"pddl(cost=count)\". One that takes several files needs a folder, such as\n" +
			"-o exported/. What the format cannot say of the instance is listed\n" +
			"on stderr. Plans come back by `rearrange import-plan`, targets by\n" +
			"`rearrange import-target`.",
		Flags: []cli.Flag{
			ruleFlag(),
			alsoFlag(),
			outputFlag("`FILE` for a format of one file in place of stdout, or a folder for any"),
			&cli.BoolFlag{Name: "strict", Usage: "refuse what the format cannot say in full", DisableDefaultText: true},
		},
		Action: action(s, 2, 2, export),
	}
}

func export(c *cli.Context, s program) error {
	format, err := s.firstSpec(c, "FORMAT", formats.ExporterKind)
	if err != nil {
		return err
	}
	out := c.String("output")
	folder, err := outputFolder(out)
	if err != nil {
		return err
	}
	in, err := readRuled(c, s, c.Args().Get(1))
	if err != nil {
		return err
	}
	files, lost, err := formats.Export(s.catalogue, format, in)
	if err != nil {
		return badInput(err)
	}
	if len(lost) > 0 {
		what := fmt.Sprintf("the format %s cannot say:\n  %s", format.Name, strings.Join(lost, "\n  "))
		if c.Bool("strict") {
			return usage("%s: nothing was written, because %s", in.Name, what)
		}
		fmt.Fprintf(s.err, "%s: %s\n", in.Name, what)
	}
	if !folder {
		if len(files) != 1 {
			return usage("the format %s takes %d files: name a folder for them, such as -o exported/", format.Name, len(files))
		}
		return write(s, out, content(files[0].Data))
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return unwritable(out, err)
	}
	for _, f := range files {
		path := filepath.Join(out, f.Name)
		if err := fileio.Write(path, nil, content(f.Data)); err != nil {
			return err
		}
		fmt.Fprintln(s.err, path)
	}
	return nil
}

// content writes what a file is to hold.
func content(data []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	}
}

// outputFolder tells whether an output is a folder, one that is there or one that a final
// slash asks for. It refuses a file that could not be written.
func outputFolder(path string) (bool, error) {
	info, err := os.Stat(path)
	if strings.HasSuffix(path, "/") || (err == nil && info.IsDir()) {
		return true, nil
	}
	return false, checkOutput(path)
}
