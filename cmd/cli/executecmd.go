package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/algorithms/execution"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/drivers"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
)

func executeCommand(s program) *cli.Command {
	return &cli.Command{
		Name:      "execute",
		Usage:     "carry a plan out on a cloud, or say what would be done",
		ArgsUsage: "INSTANCE PLAN",
		Description: "Without --on, a dry run: it says what would be done, and asks nothing of any cloud.\n" +
			"With --on, it carries the plan out and tells what happens; `rearrange list drivers`\n" +
			"shows the clouds, of which the simulated one is for trying things out. The judge has to\n" +
			"accept the plan first. Steps that fail are tried again, and where the cloud changes on\n" +
			"the way, the executor looks for another path: `rearrange list executors`.\n\n" +
			"A journal has all that was asked of the cloud and what came of it. If the command is\n" +
			"killed, the same command with --resume goes on from the journal. A simulated cloud ends\n" +
			"with the command; --resume rebuilds it from its seed and the journal.\n\n" +
			"Interrupt it once, and nothing more begins, and what is under way ends; interrupt it\n" +
			"twice, and it ends at once. In both cases --resume goes on.\n\n" +
			"Exit codes: 0 target reached, 4 not reached, 3 not reached and proved that it cannot\n" +
			"be any more, 5 plan invalid, 130 interrupted.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "on", Usage: "`DRIVER` of the cloud that carries the plan out; without it, a dry run"},
			&cli.StringFlag{Name: "executor", Value: "adaptive", Usage: "`EXECUTOR` that decides which steps begin when"},
			&cli.StringFlag{Name: "journal", Usage: "`FILE` for the journal; needed unless the cloud is simulated"},
			&cli.BoolFlag{Name: "resume", Usage: "go on from the journal", DisableDefaultText: true},
			&cli.StringFlag{Name: "approve", Usage: "`WHAT` to ask about on the terminal before it begins: each step, each batch of steps that begin together, or none; default: none on a simulated cloud, batch on others"},
			&cli.StringFlag{Name: "model", Usage: "`MODEL` of concurrency; default: that of the schedule, or else slots(preset=nova)"},
			&cli.StringFlag{Name: "duration", Usage: "`DURATION` expected of each step; default: that of the schedule, or else precopy"},
			&cli.StringFlag{Name: "cost", Aliases: []string{"c"}, Usage: "`COST` function; default: that of the plan"},
			ruleFlag(),
			alsoFlag(),
			&cli.Uint64Flag{Name: "seed", Aliases: []string{"s"}, Value: 1, Usage: "`SEED` of the simulated cloud, and of whatever chooses at random"},
			&cli.DurationFlag{Name: "stop-after", Usage: "begin nothing more after this `TIME` of the cloud, such as 5m, as after an interrupt; 0 for none", DefaultText: "0"},
			&cli.StringFlag{Name: "instance-out", Usage: "`FILE` for the instance with the placement reached, to go on from"},
			&cli.StringFlag{Name: "steps", Usage: "of a dry run: which `STEPS` to list, such as 100-150, or all"},
			jsonFlag(),
		},
		Action: action(s, 2, 2, execute),
	}
}

func execute(c *cli.Context, s program) error {
	if c.Args().Get(0) == fileio.Stdio && c.Args().Get(1) == fileio.Stdio {
		return usage("execute reads INSTANCE or PLAN from standard input, not both")
	}
	if err := checkExecuteFlags(c); err != nil {
		return err
	}
	j, err := newJob(c, s)
	if err != nil {
		return err
	}
	if !c.IsSet("on") {
		return j.dryRun()
	}
	return j.carryOut()
}

// checkExecuteFlags finds fault with flags that do not go together, before anything is read.
func checkExecuteFlags(c *cli.Context) error {
	if !c.IsSet("on") {
		for _, name := range []string{"journal", "resume", "approve", "stop-after", "instance-out"} {
			if c.IsSet(name) {
				return usage("--%s goes with --on DRIVER: without it, nothing is carried out", name)
			}
		}
	} else if c.IsSet("steps") {
		return usage("--steps is of a dry run, and cannot be used with --on")
	}
	if c.Bool("resume") && !c.IsSet("journal") {
		return usage("--resume goes on from a journal: give --journal FILE")
	}
	if c.String("instance-out") == fileio.Stdio {
		return usage("execute tells on standard output what happens: --instance-out needs the name of a file")
	}
	if err := checkApproval(c, c.String("approve")); err != nil {
		return err
	}
	return checkOutput(c.String("instance-out"))
}

// carryOut carries the plan out, and resumes as often as a simulated cloud has the executor killed.
func (j *job) carryOut() error {
	d, err := j.driver(j.on)
	if err != nil {
		return err
	}
	sim, simulated := d.(*drivers.Simulation)
	if simulated && j.c.Bool("resume") {
		if d, err = j.driver(j.on.With("kills", "0")); err != nil { // else the executor would be killed again where it was
			return err
		}
		sim = d.(*drivers.Simulation)
	}
	ask, err := j.approval(simulated)
	if err != nil {
		return err
	}
	journal, known, err := j.openJournal(simulated)
	if err != nil {
		return err
	}
	defer journal.close()
	if simulated {
		if err := execution.Replay(context.Background(), d, known); err != nil {
			return usage("%s: %w; --resume on a simulated cloud takes the same --on, --seed and --duration", j.c.String("journal"), err)
		}
	}
	story := newStory(j, known)
	if !j.c.Bool("json") {
		tellRemarks(j.program, j.in, cloud.RemarksOf(j.duration, j.bound...))
		story.print = j.text()
		story.open()
	}
	report, err := j.perform(d, journal, known, story, ask)
	if err != nil {
		return j.broken(err, report)
	}
	if path := j.c.String("instance-out"); path != "" {
		if err := j.writeReached(path, d, story.aims); err != nil {
			return err
		}
	}
	sum := &outcome{job: j, report: report, story: story, sim: sim}
	if err := sum.print(); err != nil {
		return err
	}
	return sum.ending()
}

// perform is the execution itself.
func (j *job) perform(d drivers.Driver, journal *keptJournal, known []execution.Entry, story *story, ask *approval) (*execution.Report, error) {
	ctx, end := context.WithCancel(context.WithoutCancel(j.c.Context))
	defer end()
	if isTerminal(j.err) {
		defer context.AfterFunc(j.c.Context, func() {
			say(j.program, "\ninterrupted: nothing more begins, and what is under way ends; interrupt again to end at once")
		})()
	}
	options := execution.Options{Journal: journal, Known: known, Seed: j.seed, OnEntry: story.add, Stop: j.stop(known)}
	if ask != nil {
		ask.quit = end
		options.Approve = ask.approve
	}
	for {
		report, err := execution.Execute(ctx, j.executor, d, j.task, options)
		if !errors.Is(err, drivers.ErrKilled) {
			return report, err
		}
		story.killed()
		if options.Known, err = journal.reopen(); err != nil {
			return report, err
		}
	}
}

// stop tells when nothing more is to begin: after an interrupt, or after some time of the cloud since the command began.
func (j *job) stop(known []execution.Entry) func(now int64) bool {
	after, first := j.c.Duration("stop-after"), int64(-1)
	if n := len(known); n > 0 {
		first = known[n-1].At
	}
	return func(now int64) bool {
		if first < 0 {
			first = now
		}
		return j.c.Context.Err() != nil || after > 0 && time.Duration(now-first)*time.Millisecond >= after
	}
}

// broken says why an execution broke off, and how to go on.
func (j *job) broken(err error, report *execution.Report) error {
	if report == nil {
		return usage("%w", err)
	}
	code := exitFailure
	if errors.Is(err, context.Canceled) {
		code, err = exitInterrupted, errors.New("ended at once; what was under way is left to the cloud")
	}
	hint := ""
	if path := j.c.String("journal"); path != "" {
		hint = fmt.Sprintf("\n  the same command with --resume goes on from %s", path)
	}
	return &exitError{code, fmt.Errorf("%s: %w%s", j.in.Name, err, hint)}
}
