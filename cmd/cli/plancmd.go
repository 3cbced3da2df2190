package cli

import (
	"fmt"
	"io"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/schedules"
	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func planCommand(s program) *cli.Command {
	return &cli.Command{
		Name:      "plan",
		Usage:     "target, path and schedule in one go",
		ArgsUsage: "INSTANCE",
		Description: "Chooses a target placement, finds a path to it and runs its steps in parallel, as\n" +
			"`rearrange target`, `rearrange solve` and `rearrange schedule` do one after the other. Writes the\n" +
			"plan with its schedule as JSON, and to stderr what the target is worth, what the path costs\n" +
			"and how long the schedule takes, with what is proved of each. The plan is judged before\n" +
			"it is written. Without --target, the instance's own target counts. With it, the plan is\n" +
			"for the instance that --instance-out writes.",
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "target", Usage: "`STRATEGY` that chooses the target, in place of the instance's own target"},
			algorithmFlag(),
			schedulerFlag("schedule"),
			modelFlag(),
			durationFlag(),
			slaFlag(),
			costFlag(),
			ruleFlag(),
			alsoFlag(),
			timeoutFlag(time.Minute, "1m"),
			memoryFlag(),
			&cli.Uint64Flag{Name: "seed", Aliases: []string{"s"}, Value: 1, Usage: "`SEED` of whatever chooses at random"},
			outputFlag("`FILE` for the plan, in place of stdout"),
			&cli.StringFlag{Name: "instance-out", Usage: "`FILE` for the instance with its target and rules"},
			&cli.BoolFlag{Name: "json", Usage: "no summary, nothing but the plan", DisableDefaultText: true},
		}, chartFlags()...),
		Action: action(s, 1, 1, plan),
	}
}

// planner is what the command plan is asked.
type planner struct {
	program
	c         *cli.Context
	target    spec.Spec // the zero value: the instance's own
	solver    paths.Solver
	algorithm spec.Spec // in full
	cost      spec.Spec
	memory    int64
	schedule  schedulerChoice
}

func newPlanner(c *cli.Context, s program) (*planner, error) {
	p := &planner{program: s, c: c}
	if c.String("output") == fileio.Stdio && c.String("instance-out") == fileio.Stdio {
		return nil, usage("plan writes the plan or the instance to standard output, not both")
	}
	for _, flag := range []string{"output", "instance-out"} {
		if err := checkOutput(c.String(flag)); err != nil {
			return nil, err
		}
	}
	err := checkChart(c)
	if err == nil && c.IsSet("target") {
		p.target, err = s.parseSpec("--target", c.String("target"), targets.Kind)
	}
	if err == nil {
		p.algorithm, err = s.parseSpec("--algorithm", c.String("algorithm"), paths.Kind)
	}
	if err == nil {
		p.cost, err = s.parseSpec("--cost", c.String("cost"), costs.Kind)
	}
	if err == nil {
		p.memory, err = memory(c.String("memory"))
	}
	if err == nil {
		p.schedule, err = givenSchedule(c, s, "schedule")
	}
	if err != nil {
		return nil, err
	}
	if p.solver, p.algorithm, err = paths.New(s.catalogue, p.algorithm); err != nil {
		return nil, usage("--algorithm: %w", err)
	}
	return p, nil
}

// left is the share of the time that the command has left, 0 for no limit.
func (p *planner) left(share float64) time.Duration {
	limit := p.c.Duration("timeout")
	if limit == 0 {
		return 0
	}
	return max(time.Duration(share*float64(limit-time.Since(p.began))), 1)
}

func plan(c *cli.Context, s program) error {
	p, err := newPlanner(c, s)
	if err != nil {
		return err
	}
	in, ruleSpecs, path, about, err := p.choose()
	if err != nil {
		return err
	}
	if err := p.schedule.fits(s, nameOf(c.Args().First()), in); err != nil {
		return err
	}
	problem, err := paths.NewProblem(s.catalogue, in, ruleSpecs, p.cost)
	if err != nil {
		return badInput(cloud.Locate(nameOf(c.Args().First()), err))
	}
	defer collectWithin(p.memory)()
	// Paths of thousands of migrations are scheduled in a second; most of the time is for finding cheaper ones.
	found, err := p.solver.Solve(c.Context, problem, paths.Options{
		Timeout: p.left(0.7), Within: c.Duration("timeout"), MemoryBytes: p.memory, Seed: c.Uint64("seed"), Known: path,
	})
	if err != nil {
		return err
	}
	out := found.Plan(problem, p.algorithm.String())
	if !out.Status.HasPlan() {
		return p.noPath(in, out, about)
	}
	t, err := timetable.NewProblem(s.catalogue, in, ruleSpecs, out, p.schedule.model, p.schedule.duration, p.schedule.slas...)
	if err != nil {
		return badInput(cloud.Locate(nameOf(c.Args().First()), err))
	}
	result, err := p.schedule.run(c, s, t, "the path", schedules.Options{Timeout: p.left(0.8), Seed: c.Uint64("seed")})
	if err != nil {
		return err
	}
	d := described{result.Problem, result, result.Plan(p.schedule.full.String())}
	if err := p.write(in, d.plan); err != nil {
		return err
	}
	if c.IsSet("plot") {
		if err := d.plot(c, s); err != nil {
			return err
		}
	}
	if !c.Bool("json") {
		tellRemarks(s, in, cloud.RemarksOf(t.Duration, t.Rules...))
		steps := firstOf(in, t.Rules, d.plan)
		fmt.Fprintf(s.err, "%s: target, path and schedule, checked by the judge\n", in.Name)
		rerouted := d.rerouted(out)
		found.Cost = d.plan.Cost
		p.tell(about, steps.counts()+"; "+costOf(problem, &found)+rerouted, d.makespan(), d.speedUp())
		d.limits(s.err)
		instance := c.String("instance-out")
		if !c.IsSet("target") {
			instance = c.Args().First()
		}
		steps.preview(s.err, c, instance, c.String("output"))
	}
	return ending(c, out.Status)
}

// tell says in a few lines what the answers are.
func (p *planner) tell(answers ...string) {
	for i, text := range answers {
		hang(p.err, fmt.Sprintf("  %-8s  ", [...]string{"target", "path", "schedule", ""}[i]), text)
	}
}

// choose reads the instance, and chooses a target unless it is to keep its own. It tells what the target is worth, and a path to it
// if one is known. Rules are those to keep in place of the instance's own, nil for these: an instance that is not written stays as it is.
func (p *planner) choose() (in *cloud.Instance, rules []spec.Spec, path []cloud.Change, about string, err error) {
	file := p.c.Args().First()
	if p.target.Name == "" {
		if in, rules, err = readBesideRules(p.c, p.program, file); err != nil {
			return nil, nil, nil, "", err
		}
		if in.Target == nil {
			return nil, nil, nil, "", usage("%s: /target: the instance has no target placement: --target STRATEGY chooses one", nameOf(file))
		}
		if rules != nil && p.c.IsSet("instance-out") {
			in.Rules, rules = rules, nil
		}
		return in, rules, nil, "that of the instance", nil
	}
	request, err := readTargetRequest(p.c, p.program, "--target", p.target, file)
	if err != nil {
		return nil, nil, nil, "", err
	}
	request.Search = request.Briefly(p.c.Uint64("seed"))
	if within := p.left(0.4); within > 0 {
		goOn, end := request.Search.GoOn, time.Now().Add(within)
		request.Search.GoOn = func() bool { return goOn() && p.c.Context.Err() == nil && time.Now().Before(end) }
	}
	choice, err := targets.Choose(p.c.Context, request.strategy, request.Request)
	if err != nil {
		return nil, nil, nil, "", request.fault(err)
	}
	worth, err := request.Weigh(request.strategy, choice.Target)
	if err != nil {
		return nil, nil, nil, "", request.misuse(err)
	}
	in = request.Instance
	in.Target = choice.Target
	return in, nil, choice.Path, worthOf(worth), nil
}

// write writes the plan and, if asked to, the instance that it is for.
func (p *planner) write(in *cloud.Instance, plan *cloud.Plan) error {
	if path := p.c.String("instance-out"); path != "" {
		if err := write(p.program, path, in.Encode); err != nil {
			return err
		}
	}
	return write(p.program, p.c.String("output"), func(w io.Writer) error { return plan.Encode(w, in) })
}

// noPath ends a command that found no path to the target.
func (p *planner) noPath(in *cloud.Instance, plan *cloud.Plan, about string) error {
	if err := p.write(in, plan); err != nil {
		return err
	}
	if !p.c.Bool("json") {
		fmt.Fprintf(p.err, "%s: no path was found\n", in.Name)
		p.tell(about, string(plan.Status)+": "+plan.Reason)
	}
	return ending(p.c, plan.Status)
}
