package main

import (
	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/generators/importers"
)

func importCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "import",
		Usage:     "make an instance out of foreign files",
		ArgsUsage: "FORMAT FILE…",
		Description: "`rearrange list formats` shows the formats and the files that each takes, in\n" +
			"order. An imported instance may have no target. The family drift makes one:\n" +
			"rearrange generate \"drift(of=import(format=FORMAT, files=[FILE, FILE]))\"",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "name", Usage: "`NAME` of the instance, in place of the one made of the files"},
			outputFlag("`FILE` for the instance, in place of stdout"),
		},
		Action: func(c *cli.Context) error {
			if err := arguments(c, 2, -1); err != nil {
				return err
			}
			if err := checkOutput(c.String("output")); err != nil {
				return err
			}
			format, err := parseSpec("FORMAT", c.Args().First(), importers.Registry())
			if err != nil {
				return err
			}
			in, err := importers.Import(format, c.Args().Slice()[1:])
			if err != nil {
				return badInput(err)
			}
			if name := c.String("name"); name != "" {
				in.Name = name
			}
			return write(s, c.String("output"), in.Encode)
		},
	}
}
