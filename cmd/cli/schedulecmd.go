package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/algorithms/schedules"
	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
	"github.com/cloudrearrange/rearrange/cloud/durations"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/slas"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

func scheduleCommand(s program) *cli.Command {
	return &cli.Command{
		Name:      "schedule",
		Usage:     "run the steps of a plan in parallel: when does each start?",
		ArgsUsage: "INSTANCE PLAN",
		Description: "Writes the plan with a start and an end for each step as JSON, and a summary with the\n" +
			"first steps to stderr; `rearrange show` lists them all. The model of concurrency says\n" +
			"which migrations may run at the same time: `rearrange list concurrency`. Steps keep\n" +
			"every rule at every instant, in whatever order those under way end. The plan's order is\n" +
			"only a starting point: a step waits for another only because of room, rules or the model.\n" +
			"The schedule of a plan that has one is replaced. Every schedule is judged before it is written.\n\n" +
			"SLAs, those of the instance and --sla, are kept too: `rearrange list sla`. If no schedule can keep\n" +
			"them, or none was found that does, it says which and why, and writes none: exit code 3 if that\n" +
			"is proved, else 4.\n\n" +
			"The summary has a lower bound, on every schedule of the same steps, and the busiest\n" +
			"limits: the time that each would need if it were used in full, and that time as a\n" +
			"share of the makespan.",
		Flags: append([]cli.Flag{
			schedulerFlag("scheduler"),
			modelFlag(),
			durationFlag(),
			slaFlag(),
			ruleFlag(),
			alsoFlag(),
			timeoutFlag(10*time.Second, "10s"),
			&cli.Uint64Flag{Name: "seed", Aliases: []string{"s"}, Value: 1, Usage: "`SEED` of schedulers that choose at random"},
			outputFlag("`FILE` for the plan with its schedule, in place of stdout"),
			&cli.BoolFlag{Name: "progress", Aliases: []string{"p"}, Usage: "tell of every shorter schedule as soon as it is found", DisableDefaultText: true},
			&cli.BoolFlag{Name: "json", Usage: "no summary, nothing but the plan", DisableDefaultText: true},
		}, chartFlags()...),
		Action: action(s, 2, 2, schedule),
	}
}

// The flags that say how steps run in parallel.
func schedulerFlag(name string) cli.Flag {
	return &cli.StringFlag{Name: name, Value: "list", Usage: "`SCHEDULER` that chooses the times"}
}

func modelFlag() cli.Flag {
	return &cli.StringFlag{Name: "model", Value: "slots(preset=nova)", Usage: "`MODEL` of concurrency: which migrations may run at the same time, and how fast"}
}

func durationFlag() cli.Flag {
	return &cli.StringFlag{Name: "duration", Value: "precopy", Usage: "`DURATION` of each step"}
}

func slaFlag() cli.Flag {
	return &cli.StringSliceFlag{Name: "sla", Usage: "`SLA` to keep beside those of the instance, such as deadline(at=30m); may be repeated"}
}

// schedulerChoice is what the command line says of schedules.
type schedulerChoice struct {
	scheduler       schedules.Scheduler
	full            spec.Spec // of the scheduler
	model, duration spec.Spec
	slas            []spec.Spec
}

// givenSchedule reads the flags that say how steps run in parallel, of which one names the scheduler.
func givenSchedule(c *cli.Context, s program, flag string) (out schedulerChoice, err error) {
	name, err := s.parseSpec("--"+flag, c.String(flag), schedules.Kind)
	if err != nil {
		return out, err
	}
	if out.scheduler, out.full, err = schedules.New(s.catalogue, name); err != nil {
		return out, usage("--%s: %w", flag, err)
	}
	if out.model, err = s.parseSpec("--model", c.String("model"), concurrency.Kind); err != nil {
		return out, err
	}
	for _, text := range c.StringSlice("sla") {
		parsed, err := s.parseSpec("--sla", text, slas.Kind)
		if err != nil {
			return out, err
		}
		out.slas = append(out.slas, parsed)
	}
	out.duration, err = s.parseSpec("--duration", c.String("duration"), durations.Kind)
	return out, err
}

// fits tells whether duration, model and SLAs can be had of an instance, in terms of the flags and the file that name them.
func (o *schedulerChoice) fits(s program, file string, in *cloud.Instance) error {
	takes, err := durations.Bind(s.catalogue, in, o.duration)
	if err != nil {
		return usage("--duration: %w", err)
	}
	if _, err := concurrency.Bind(s.catalogue, in, takes, o.model); err != nil {
		return usage("--model: %w", err)
	}
	own := *in
	own.SLAs = nil
	if _, err := slas.Bind(s.catalogue, &own, takes, takes.Unit(), o.slas...); err != nil {
		return usage("--sla: %w", err)
	}
	if _, err := slas.Bind(s.catalogue, in, takes, takes.Unit()); err != nil {
		return badInput(cloud.Locate(file, err))
	}
	return nil
}

func schedule(c *cli.Context, s program) error {
	instance, file, out := c.Args().Get(0), c.Args().Get(1), c.String("output")
	if instance == fileio.Stdio && file == fileio.Stdio {
		return usage("schedule reads INSTANCE or PLAN from standard input, not both")
	}
	if err := checkOutput(out); err != nil {
		return err
	}
	if err := checkChart(c); err != nil {
		return err
	}
	choice, err := givenSchedule(c, s, "scheduler")
	if err != nil {
		return err
	}
	in, ruleSpecs, err := readBesideRules(c, s, instance)
	if err != nil {
		return orSwapped(c, s, err, instance, file)
	}
	if err := choice.fits(s, nameOf(instance), in); err != nil {
		return err
	}
	plan, err := readPlan(s, file, in)
	if err != nil {
		return err
	}
	p, err := timetable.NewProblem(s.catalogue, in, ruleSpecs, plan, choice.model, choice.duration, choice.slas...)
	if err != nil {
		return badInput(cloud.Locate(nameOf(file), err))
	}
	if !c.Bool("json") {
		tellRemarks(s, in, cloud.RemarksOf(p.Duration, p.Rules...))
	}
	took := time.Since(s.began)
	options := schedules.Options{Timeout: searchTime(c.Duration("timeout"), took, took), Seed: c.Uint64("seed")}
	if c.Bool("progress") {
		options.OnIncumbent = func(i schedules.Incumbent) {
			fmt.Fprintf(s.err, "%8.3f s  makespan %s\n", i.Elapsed.Seconds(), scheduleTime(i.Makespan, p.Duration.Unit()))
		}
	}
	result, err := choice.run(c, s, p, nameOf(file), options)
	if err != nil {
		return err
	}
	d := described{result.Problem, result, result.Plan(choice.full.String())}
	timed := d.plan
	if err := write(s, out, func(w io.Writer) error { return timed.Encode(w, in) }); err != nil {
		return err
	}
	if c.IsSet("plot") {
		if err := d.plot(c, s); err != nil {
			return err
		}
	}
	if !c.Bool("json") {
		fmt.Fprintf(s.err, "%s: %s%s\n", in.Name, d.makespan(), d.rerouted(plan))
		d.summary(s.err)
		steps := firstOf(in, p.Rules, timed)
		fmt.Fprintf(s.err, "  %s; checked by the judge\n", steps.counts())
		steps.preview(s.err, c, instance, out)
	}
	if c.Context.Err() != nil {
		return said(exitInterrupted)
	}
	return nil
}

// run finds a schedule and has it judged. A plan that is no path to the target is refused: schedulers and bounds take for
// granted that it can be carried out.
func (o schedulerChoice) run(c *cli.Context, s program, p *timetable.Problem, file string, options schedules.Options) (*schedules.Result, error) {
	order := make([]int32, len(p.Moves))
	for m := range order {
		order[m] = int32(m)
	}
	if _, err := p.Relaxed().InOrder(order); err != nil {
		return nil, atFault(file, err)
	}
	cost, err := s.bindCost(p.Instance, file+": /cost_function", p.Plan.CostFunction)
	if err != nil {
		return nil, err
	}
	path := *p.Plan
	path.Schedule = nil
	if verdict := validate.Plan(p.Instance, p.Rules, cost, &path); !verdict.OK() {
		return nil, atFault(file, errors.New(verdict.Findings[0].String()))
	}
	result, err := schedules.Schedule(c.Context, o.scheduler, p, options)
	if err != nil {
		return nil, atFault(file, err)
	}
	if !result.Status.HasPlan() {
		return nil, unmet(result.Problem, result)
	}
	plan := result.Plan(o.full.String())
	judge, err := s.judgeOf(p.Instance, file, p.Rules, plan)
	if err != nil {
		return nil, err
	}
	if verdict := judge(cost); !verdict.OK() {
		return nil, &exitError{exitInvalidPlan, fmt.Errorf("the schedule of %s is invalid and was not written: %s", o.full, strings.Join(texts(verdict.Findings), "\n"))}
	}
	return result, nil
}
