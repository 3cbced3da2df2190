package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/prose"
)

func importPlanCommand(s program) *cli.Command {
	return &cli.Command{
		Name:      "import-plan",
		Usage:     "read another solver's plan, judge it, and write it as one of ours",
		ArgsUsage: "FORMAT INSTANCE FILE",
		Description: "INSTANCE is the instance that was exported for the solver, in our format, and FILE\n" +
			"the solver's answer; `rearrange list plan-formats` shows the formats. Shutdowns and\n" +
			"provisions are added where the instance calls for them. A plan that breaks a rule is\n" +
			"not written, and the exit code is 5.",
		Flags: []cli.Flag{
			costFlag(),
			ruleFlag(),
			alsoFlag(),
			outputFlag("`FILE` for the plan, in place of stdout"),
		},
		Action: action(s, 3, 3, importPlan),
	}
}

func importPlan(c *cli.Context, s program) error {
	format, err := s.firstSpec(c, "FORMAT", formats.PlanKind)
	if err != nil {
		return err
	}
	instance, file := c.Args().Get(1), c.Args().Get(2)
	if instance == fileio.Stdio && file == fileio.Stdio {
		return usage("import-plan reads INSTANCE or FILE from standard input, not both")
	}
	out := c.String("output")
	if err := checkOutput(out); err != nil {
		return err
	}
	p, _, err := readProblem(c, s, instance)
	if err != nil {
		return err
	}
	answer, err := formats.ReadPlan(s.catalogue, format, p.Instance, file, s.in)
	if err != nil {
		return unreadable(file, err)
	}
	plan := planOf(p, &answer, format.String())
	judge, err := s.judgeOf(p.Instance, nameOf(file), p.Rules, plan)
	if err != nil {
		return err
	}
	verdict := judge(p.Cost)
	if !verdict.OK() {
		return &exitError{exitInvalidPlan, fmt.Errorf("%s: the plan is INVALID and was not written: %s", nameOf(file), strings.Join(texts(verdict.Findings), "\n"))}
	}
	if err := write(s, out, func(w io.Writer) error { return plan.Encode(w, p.Instance) }); err != nil {
		return err
	}
	tellRemarks(s, p.Instance, p.Remarks())
	took := ""
	if plan.Schedule != nil {
		took = ", makespan " + scheduleTime(verdict.Makespan, plan.Schedule.Unit)
	}
	fmt.Fprintf(s.err, "%s: the plan is valid: %s, cost %s %s%s\n", p.Instance.Name, prose.Count(verdict.Steps, "step"), humanize.Comma(verdict.Cost), p.Cost.Unit(), took)
	return nil
}

// planOf makes a plan of what another solver answered. Of what that solver has
// proved nothing is known, so that the bound is none.
func planOf(p *paths.Problem, answer *formats.Plan, format string) *cloud.Plan {
	steps, schedule := answer.Steps(p.Instance, p.Cost)
	plan := &cloud.Plan{
		Instance: p.Instance.Name, InstanceSHA256: p.Instance.SHA256(),
		Algorithm: fmt.Sprintf("import-plan(format=%s)", format), CostFunction: p.Cost.String(), Status: cloud.Feasible,
		Steps: steps, Schedule: schedule,
	}
	for _, step := range plan.Steps {
		plan.Cost += step.Cost
	}
	return plan
}
