package cli

import (
	"fmt"

	"github.com/dustin/go-humanize"
	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/slas"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

func validateCommand(s program) *cli.Command {
	return &cli.Command{
		Name:      "validate",
		Usage:     "judge an instance, or a plan for it, independently of every solver",
		ArgsUsage: "INSTANCE [PLAN]",
		Description: "Replays the plan and lists every violation: exit code 5 when there is one. A plan\n" +
			"with a schedule is judged by its times.\n" +
			"Without a plan it judges the instance. Where the initial placement breaks rules, it\n" +
			"lists what a path has to mend, with --json as \"to_mend\"; that is no fault. Exit code\n" +
			"3 when the target breaks a rule, since then no plan can exist.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "cost", Aliases: []string{"c"}, Usage: "`COST` function to report the cost in, instead of the plan's own"},
			ruleFlag(),
			alsoFlag(),
			jsonFlag(),
		},
		Action: action(s, 1, 2, func(c *cli.Context, s program) error {
			instance, plan := c.Args().Get(0), c.Args().Get(1)
			if instance == fileio.Stdio && plan == fileio.Stdio {
				return usage("validate reads INSTANCE or PLAN from standard input, not both")
			}
			chosen, err := given(c, s)
			if err != nil {
				return err
			}
			if text := c.String("cost"); text != "" {
				if _, err := s.parseSpec("--cost", text, costs.Kind); err != nil {
					return err
				}
			}
			in, err := readInstance(s, instance)
			if err != nil {
				return orSwapped(c, s, err, instance, plan)
			}
			bound, err := rules.Bind(s.catalogue, in, chosen.on(in))
			var broken []cloud.Violation
			if err == nil {
				_, broken, err = cloud.Mend(in, bound, in.Initial)
			}
			if err == nil {
				err = bindable(s, in)
			}
			if err != nil {
				return badInput(cloud.Locate(nameOf(instance), err))
			}
			if c.NArg() == 1 {
				return judgeInstance(c, s, in, bound, broken)
			}
			return judgePlan(c, s, in, bound, broken)
		}),
	}
}

// bindable tells what is wrong with the SLAs of an instance, whatever the unit of its schedules.
func bindable(s program, in *cloud.Instance) error {
	_, err := slas.Bind(s.catalogue, in, nil, "ms")
	return err
}

// verdict is what `--json` prints.
type verdict struct {
	Valid    bool     `json:"valid"`
	Findings []string `json:"findings"`
	ToMend   []breach `json:"to_mend,omitempty"` // of an instance
	Cost     *int64   `json:"cost,omitempty"`
	Unit     string   `json:"unit,omitempty"`
	Steps    *int     `json:"steps,omitempty"`
	Makespan *int64   `json:"makespan,omitempty"` // of a schedule
	TimeUnit string   `json:"makespan_unit,omitempty"`
}

// judgeInstance says what a path has to mend, and what is wrong with the target.
func judgeInstance(c *cli.Context, s program, in *cloud.Instance, bound []cloud.Rule, broken []cloud.Violation) error {
	var objective cloud.Objective
	if in.Objective != nil {
		var err error
		if objective, err = objectives.BindInForce(s.catalogue, in, bound, nil, *in.Objective); err != nil {
			return badInput(cloud.Locate(nameOf(c.Args().Get(0)), err))
		}
	}
	var found []validate.Finding
	if in.Target != nil {
		found = validate.Placement(in, bound, in.Target, true)
	}
	v := verdict{Valid: len(found) == 0, ToMend: breaches(broken)}
	v.Findings = prose.Texts(found, func(f validate.Finding) string { return "the target breaks " + f.String() })
	code := exitOK
	if !v.Valid {
		code = exitInfeasible
	}
	if c.Bool("json") {
		if err := encodeJSON(s.out, v); err != nil {
			return err
		}
		return said(code)
	}
	tellRemarks(s, in, cloud.RemarksOf(nil, bound...))
	if broken != nil {
		fmt.Fprintf(s.text(), "%s: %s\n", in.Name, toMend(broken))
		s.list(prose.Texts(broken, cloud.Violation.String))
	}
	text := "the initial placement and the target are sane"
	switch {
	case !v.Valid:
		text = "no plan can exist: " + prose.Count(len(found), "violation") + " in the target"
	case broken != nil && in.Target == nil:
		text = "there is no target"
	case broken != nil:
		text = "the target is sane"
	case in.Target == nil:
		text = "the initial placement is sane; there is no target"
	}
	fmt.Fprintf(s.text(), "%s: %s\n", in.Name, text)
	s.list(v.Findings)
	if objective != nil {
		worth := objective.Show(objective.Value(in.Initial))
		if in.Target != nil {
			worth += " → " + objective.Show(objective.Value(in.Target))
		}
		fmt.Fprintf(s.text(), "objective %s: %s\n", objective, worth)
	}
	return said(code)
}

func judgePlan(c *cli.Context, s program, in *cloud.Instance, bound []cloud.Rule, broken []cloud.Violation) error {
	if in.Target == nil {
		return usage("%s: /target: the instance has no target placement, so no plan can be judged", nameOf(c.Args().Get(0)))
	}
	go in.SHA256() // the judge needs the hash; computed while the plan is read
	plan, err := readPlan(s, c.Args().Get(1), in)
	if err != nil {
		return err
	}
	name := nameOf(c.Args().Get(1))
	if !plan.Status.HasPlan() {
		return usage("%s: /status: the search ended %s, so there is no plan to judge", name, plan.Status)
	}
	// Claims are judged by the plan's own cost function, whatever else is asked for.
	cost, err := s.bindCost(in, name+": /cost_function", plan.CostFunction)
	if err != nil {
		return err
	}
	judge, err := s.judgeOf(in, name, bound, plan)
	if err != nil {
		return err
	}
	report := judge(cost)
	if text := c.String("cost"); text != "" {
		if cost, err = s.bindCost(in, "--cost", text); err != nil {
			return err
		}
		report.Cost = judge(cost).Cost
	}
	v := verdict{Valid: report.OK(), Findings: texts(report.Findings), Cost: &report.Cost, Unit: cost.Unit(), Steps: &report.Steps}
	if plan.Schedule != nil {
		v.Makespan, v.TimeUnit = &report.Makespan, plan.Schedule.Unit
	}
	code := exitOK
	if !v.Valid {
		code = exitInvalidPlan
	}
	if c.Bool("json") {
		if err := encodeJSON(s.out, v); err != nil {
			return err
		}
		return said(code)
	}
	tellRemarks(s, in, cloud.RemarksOf(cost, bound...))
	if report.OK() {
		fmt.Fprintf(s.text(), "%s: the plan is valid: %s, cost %s %s", in.Name, prose.Count(report.Steps, "step"), humanize.Comma(report.Cost), cost.Unit())
		if plan.Schedule != nil {
			fmt.Fprintf(s.text(), ", makespan %s", scheduleTime(report.Makespan, plan.Schedule.Unit))
		}
		if n := len(cloud.Distinct(broken)); n > 0 {
			fmt.Fprintf(s.text(), "; it mends %s", countBreaches(n))
		}
		fmt.Fprintln(s.text())
		return nil
	}
	fmt.Fprintf(s.text(), "%s: the plan is INVALID: %s\n", in.Name, prose.Count(len(report.Findings), "violation"))
	s.list(v.Findings)
	return said(code)
}

// judgeOf finds the judge of a plan: of paths, or of schedules by the model that the plan names.
func (p program) judgeOf(in *cloud.Instance, name string, bound []cloud.Rule, plan *cloud.Plan) (func(cloud.CostFunction) *validate.Report, error) {
	if plan.Schedule == nil {
		return func(cost cloud.CostFunction) *validate.Report { return validate.Plan(in, bound, cost, plan) }, nil
	}
	model, err := concurrency.Of(p.catalogue, in, plan.Schedule)
	if err != nil {
		return nil, usage("%s: %w", name, err)
	}
	levels, err := slas.Of(p.catalogue, in, plan.Schedule)
	if err != nil {
		return nil, usage("%s: %w", name, err)
	}
	return func(cost cloud.CostFunction) *validate.Report {
		return validate.Schedule(in, bound, cost, model, plan, levels...)
	}, nil
}

// list prints what was found, one line each.
func (p program) list(findings []string) {
	for _, f := range findings {
		fmt.Fprintln(p.text(), "  "+f)
	}
}

func (p program) bindCost(in *cloud.Instance, where, text string) (cloud.CostFunction, error) {
	s, err := p.parseSpec(where, text, costs.Kind)
	if err != nil {
		return nil, err
	}
	cost, err := costs.Bind(p.catalogue, in, s)
	if err != nil {
		return nil, usage("%s: %w", where, err)
	}
	return cost, nil
}

func texts(found []validate.Finding) []string {
	return prose.Texts(found, validate.Finding.String)
}
