package cli

import (
	"fmt"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

func importTargetCommand(s program) *cli.Command {
	return &cli.Command{
		Name:      "import-target",
		Usage:     "read a target that another solver chose, judge it, and write the instance with it",
		ArgsUsage: "FORMAT INSTANCE FILE",
		Description: "INSTANCE is the instance that was exported for the solver, in our format, and FILE\n" +
			"the solver's answer; `rearrange list target-formats` shows the formats. The target\n" +
			"takes the place of one that the instance has. A target that breaks a rule, or in which a\n" +
			"VM that stands now stands nowhere, is not written, and the exit code is 5. The summary\n" +
			"measures the target by the instance's own objective, else by the hosts in use, unless\n" +
			"--objective names another one.",
		Flags: []cli.Flag{
			ruleFlag(),
			alsoFlag(),
			costFlag(),
			&cli.StringFlag{Name: "objective", DefaultText: "the instance's own, else hosts", Usage: "`OBJECTIVE` to show before and after"},
			outputFlag("`FILE` for the instance, in place of stdout"),
		},
		Action: action(s, 3, 3, importTarget),
	}
}

func importTarget(c *cli.Context, s program) error {
	format, err := s.firstSpec(c, "FORMAT", formats.TargetKind)
	if err != nil {
		return err
	}
	path, file := c.Args().Get(1), c.Args().Get(2)
	if path == fileio.Stdio && file == fileio.Stdio {
		return usage("import-target reads INSTANCE or FILE from standard input, not both")
	}
	if err := checkOutput(c.String("output")); err != nil {
		return err
	}
	in, err := readRuled(c, s, path)
	if err != nil {
		return err
	}
	bound, err := rules.Bind(s.catalogue, in, nil)
	if err != nil {
		return badInput(cloud.Locate(nameOf(path), err))
	}
	cost, err := s.bindCost(in, "--cost", c.String("cost"))
	if err != nil {
		return err
	}
	policy := spec.Named("policy")
	if text := c.String("objective"); text != "" {
		objective, err := s.parseSpec("--objective", text, objectives.Kind)
		if err != nil {
			return err
		}
		policy = policy.WithValue("objective", spec.Value{Form: spec.Call, Spec: &objective})
	}
	strategy, _, err := spec.Build[targets.Strategy](s.catalogue, targets.Kind, policy)
	if err != nil {
		return usage("--objective: %w", err)
	}
	request, err := targets.NewRequest(s.catalogue, in, nil, cost)
	if err != nil {
		return badInput(cloud.Locate(nameOf(path), err))
	}
	target, err := formats.ReadTarget(s.catalogue, format, in, file, s.in)
	if err != nil {
		return unreadable(file, err)
	}
	if faults := judgeTarget(in, bound, target); len(faults) > 0 {
		return &exitError{exitInvalidPlan, fmt.Errorf("%s: the target is INVALID and was not written: %s", nameOf(file), strings.Join(faults[:min(len(faults), 10)], "\n")+others(len(faults)-10))}
	}
	in.Target = target
	worth, err := request.Weigh(strategy, target)
	if err != nil {
		return usage("%s: %w", nameOf(path), err)
	}
	if err := write(s, c.String("output"), in.Encode); err != nil {
		return err
	}
	tellRemarks(s, in, cloud.RemarksOf(cost, bound...))
	describeTarget(s.err, request, targets.Choice{Target: target, Path: request.Direct(target)}, worth)
	return nil
}

// mostFaults is how many faults of a target are listed.
const mostFaults = 10

// judgeTarget lists the rules that a target breaks, and the VMs that it drops.
func judgeTarget(in *cloud.Instance, bound []cloud.Rule, target cloud.Placement) []string {
	faults := texts(validate.Placement(in, bound, target, true))
	for v, from := range in.Initial {
		if from != cloud.Absent && target[v] == cloud.Absent {
			faults = append(faults, fmt.Sprintf("VM %q stands on host %q now, and nowhere in the target", in.VMs[v].Name, in.Hosts[from].Name))
		}
	}
	if n := len(faults); n > mostFaults {
		faults = append(faults[:mostFaults], fmt.Sprintf("(%s in all)", prose.Count(n, "fault")))
	}
	return faults
}

// others says how many faults are not listed.
func others(n int) string {
	if n <= 0 {
		return ""
	}
	return "\n… and " + humanize.Comma(int64(n)) + " more"
}
