package cli

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

func importCommand(s program) *cli.Command {
	return &cli.Command{
		Name:      "import",
		Usage:     "make an instance out of foreign files",
		ArgsUsage: "FORMAT FILE…",
		Description: "`rearrange list formats` shows the formats, their parameters, as in\n" +
			"\"openstack(cpu-ratio=16)\", and the files that each takes, in order. What was found\n" +
			"is told on stderr, with the rules that the placement breaks, which a path has to mend.\n" +
			"An imported instance may have no target;\n" +
			"`rearrange target` chooses one, and so does the family drift:\n" +
			"rearrange generate \"drift(of=import(format=FORMAT, files=[FILE, FILE]))\"",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "name", Usage: "`NAME` of the instance, in place of the one made of the files"},
			ruleFlag(),
			alsoFlag(),
			outputFlag("`FILE` for the instance, in place of stdout"),
		},
		Action: action(s, 2, -1, func(c *cli.Context, s program) error {
			if err := checkOutput(c.String("output")); err != nil {
				return err
			}
			format, err := s.firstSpec(c, "FORMAT", formats.ImporterKind)
			if err != nil {
				return err
			}
			chosen, err := given(c, s)
			if err != nil {
				return err
			}
			in, err := formats.Import(s.catalogue, format, c.Args().Slice()[1:])
			if err != nil {
				return unreadableNamed(err)
			}
			if name := c.String("name"); name != "" {
				in.Name = name
			}
			specs := chosen.on(in)
			bound, err := rules.Bind(s.catalogue, in, specs)
			if err != nil {
				return badInput(cloud.Locate(c.Args().Get(1), err))
			}
			if specs != nil {
				in.Rules = specs
			}
			if err := write(s, c.String("output"), in.Encode); err != nil {
				return err
			}
			tellImport(s.err, in, bound)
			return nil
		}),
	}
}

// tellImport says what an imported instance holds, and which rules its placements break.
func tellImport(w io.Writer, in *cloud.Instance, bound []cloud.Rule) {
	fmt.Fprintf(w, "%s: %s, %s, %s, %s\n", in.Name, prose.Count(len(in.Hosts), "host"), prose.Count(len(in.VMs), "VM"),
		prose.Count(len(in.Resources), "resource"), prose.Count(len(rules.Specs(in, nil)), "rule"))
	absent := 0
	for _, h := range in.Initial {
		if h == cloud.Absent {
			absent++
		}
	}
	stand := "stand"
	if absent == 1 {
		stand = "stands"
	}
	if absent > 0 {
		fmt.Fprintf(w, "  %s %s nowhere\n", prose.Count(absent, "VM"), stand)
	}
	_, broken, err := cloud.Mend(in, bound, in.Initial)
	switch {
	case err != nil:
		tellBroken(w, "the initial placement", validate.Placement(in, bound, in.Initial, false))
	case broken != nil:
		fmt.Fprintf(w, "  %s\n", toMend(broken))
		fold(w, "first: "+broken[0].String(), 4)
	default:
		fmt.Fprintln(w, "  the initial placement is sane")
	}
	if in.Target == nil {
		fmt.Fprintln(w, "  there is no target")
	} else {
		tellBroken(w, "the target", validate.Placement(in, bound, in.Target, true))
	}
}

// tellBroken counts violations by the name of the rule.
func tellBroken(w io.Writer, what string, found []validate.Finding) {
	if len(found) == 0 {
		fmt.Fprintf(w, "  %s is sane\n", what)
		return
	}
	count := map[string]int{}
	for _, f := range found {
		name, _, _ := strings.Cut(f.Rule, "(")
		count[name]++
	}
	names := slices.SortedFunc(maps.Keys(count), func(a, b string) int { return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b)) })
	times := prose.Texts(names, func(name string) string { return name + " " + prose.Count(count[name], "time") })
	fmt.Fprintf(w, "  %s is NOT sane: it breaks %s\n", what, strings.Join(times, ", "))
	fold(w, "first: "+found[0].String(), 4)
}
