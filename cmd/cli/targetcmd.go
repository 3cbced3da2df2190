package cli

import (
	"errors"
	"fmt"
	"io"

	"github.com/dustin/go-humanize"
	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func targetCommand(s program) *cli.Command {
	return &cli.Command{
		Name:      "target",
		Usage:     "choose a target placement, and write the instance with it",
		ArgsUsage: "STRATEGY INSTANCE",
		Description: "`rearrange list strategies` shows the strategies, such as \"evacuate(hosts=host1)\".\n" +
			"The target obeys every rule, and takes the place of one that the instance has;\n" +
			"rules given with --rule or --also are written into the instance. Exit code 4 when the\n" +
			"strategy finds no target, which does not prove that there is none.",
		Flags: []cli.Flag{
			ruleFlag(),
			alsoFlag(),
			outputFlag("`FILE` for the instance, in place of stdout"),
			&cli.BoolFlag{Name: "json", Usage: "no summary, nothing but the instance", DisableDefaultText: true},
		},
		Action: action(s, 2, 2, target),
	}
}

func target(c *cli.Context, s program) error {
	if err := checkOutput(c.String("output")); err != nil {
		return err
	}
	name, err := s.firstSpec(c, "STRATEGY", targets.Kind)
	if err != nil {
		return err
	}
	strategy, _, err := spec.Build[targets.Strategy](s.catalogue, targets.Kind, name)
	if err != nil {
		return usage("STRATEGY: %w", err)
	}
	chosen, err := given(c, s)
	if err != nil {
		return err
	}
	path := c.Args().Get(1)
	in, err := readInstance(s, path)
	if err != nil {
		return err
	}
	specs := chosen.on(in)
	request, err := targets.NewRequest(s.catalogue, in, specs)
	if err != nil {
		return badInput(cloud.Locate(nameOf(path), err))
	}
	choice, err := targets.Choose(c.Context, strategy, request)
	var none *targets.NoTargetError
	switch {
	case errors.As(err, &none):
		return &exitError{exitLimit, fmt.Errorf("%s: %w", in.Name, err)}
	case c.Context.Err() != nil:
		return said(exitInterrupted)
	case err != nil:
		return usage("%s: %s: %w", nameOf(path), name.Name, err)
	}
	in.Target = choice.Target
	if specs != nil {
		in.Rules = specs
	}
	if err := write(s, c.String("output"), in.Encode); err != nil {
		return err
	}
	if !c.Bool("json") {
		tellRemarks(s, in, cloud.RemarksOf(nil, request.Rules...))
		describeTarget(s.err, request, choice)
	}
	return nil
}

// describeTarget says in a few lines what changes on the way to the target.
func describeTarget(w io.Writer, r *targets.Request, c targets.Choice) {
	in := r.Instance
	migrations, provisions, amount := 0, 0, int64(0)
	for v, to := range c.Target {
		switch from := in.Initial[v]; {
		case from == to:
		case from == cloud.Absent:
			provisions++
		default:
			migrations++
			amount += in.VMs[v].Demand[0]
		}
	}
	before, after := r.Measure(in.Initial), r.Measure(c.Target)
	fmt.Fprintf(w, "%s: a target that obeys every rule\n", in.Name)
	fmt.Fprintf(w, "  hosts in use %s → %s, highest load %.1f %% → %.1f %%\n",
		humanize.Comma(int64(before.HostsInUse)), humanize.Comma(int64(after.HostsInUse)), 100*before.Highest, 100*after.Highest)
	of := " of " + in.Resources[0].Name
	if unit := in.Resources[0].Unit; unit != "" {
		of = " " + unit + of
	}
	fmt.Fprintf(w, "  %s to migrate, %s%s", prose.Count(migrations, "VM"), humanize.Comma(amount), of)
	if provisions > 0 {
		fmt.Fprintf(w, "; %d to provision", provisions)
	}
	fmt.Fprintln(w)
	if c.Path == nil {
		fmt.Fprintln(w, "  whether a path exists is not known")
	} else {
		fmt.Fprintf(w, "  a path exists: %s\n", prose.Count(len(c.Path), "migration"))
	}
}
