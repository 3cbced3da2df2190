package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	families "github.com/cloudrearrange/rearrange/generators/all"
)

func generateCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "generate",
		Usage:     "write instances of a family",
		ArgsUsage: "FAMILY [PARAMETER=VALUE …]",
		Description: "`rearrange list families` shows the families. Parameters may stand in the FAMILY,\n" +
			"as in \"random(hosts=10)\", or behind it, as in: generate random hosts=10.\n" +
			"The same family and seed always yield the same bytes.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "seed", Value: "1", Usage: "`SEED`, or a range of them such as 1-50"},
			outputFlag("`FILE` for one instance, or a folder for several"),
		},
		Action: func(c *cli.Context) error {
			if err := arguments(c, 1, -1); err != nil {
				return err
			}
			return generate(c, s)
		},
	}
}

func generate(c *cli.Context, s streams) error {
	family, err := parseSpec("family", c.Args().First())
	if err != nil {
		return err
	}
	for _, arg := range c.Args().Slice()[1:] {
		extra, err := spec.Parse("x(" + arg + ")")
		if err != nil || len(extra.Args) == 0 {
			return usage("expected PARAMETER=VALUE, found %q", arg)
		}
		for _, a := range extra.Args {
			family = family.WithValue(a.Key, a.Value)
		}
	}
	lo, hi, err := seedRange(c.String("seed"))
	if err != nil {
		return err
	}
	var all []*cloud.Instance
	for seed := lo; ; seed++ {
		instances, err := families.Generate(family, seed)
		if err != nil {
			return badInput(err)
		}
		all = append(all, instances...)
		if seed == hi {
			break
		}
	}
	return writeInstances(c, s, all)
}

func seedRange(text string) (lo, hi uint64, err error) {
	first, last, isRange := strings.Cut(text, "-")
	if !isRange {
		last = first
	}
	lo, errLo := strconv.ParseUint(first, 10, 64)
	hi, errHi := strconv.ParseUint(last, 10, 64)
	if errors.Join(errLo, errHi) != nil || lo > hi {
		return 0, 0, usage("--seed: expected an integer of at least 0, or a range such as 1-50, found %q", text)
	}
	return lo, hi, nil
}

// writeInstances writes one instance to a file or stdout, or any number into a folder.
func writeInstances(c *cli.Context, s streams, all []*cloud.Instance) error {
	out := c.String("output")
	info, err := os.Stat(out)
	folder := strings.HasSuffix(out, "/") || (err == nil && info.IsDir())
	switch {
	case !folder && len(all) != 1:
		return usage("%s yields %d instances: name a folder for them, such as -o instances/", c.Args().First(), len(all))
	case !folder:
		if err := checkOutput(out); err != nil {
			return err
		}
		return write(s, out, all[0].Encode)
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return badInput(err)
	}
	for _, in := range all {
		path := filepath.Join(out, fileName(in.Name)+".json")
		if err := fileio.Write(path, nil, in.Encode); err != nil {
			return err
		}
		fmt.Fprintln(s.err, path)
	}
	return nil
}

// fileName makes a file's name of an instance's: letters, digits, dots and dashes.
func fileName(name string) string {
	var b strings.Builder
	gap := false
	for _, r := range name {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '_', r == '.' && b.Len() > 0:
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		default:
			gap = true
		}
	}
	if b.Len() == 0 {
		return "instance"
	}
	return b.String()
}
