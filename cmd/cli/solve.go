package cli

import (
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

func solveCommand(s program) *cli.Command {
	return &cli.Command{
		Name:      "solve",
		Usage:     "find a path of migrations from initial placement to target",
		ArgsUsage: "INSTANCE",
		Description: "Writes the plan as JSON, and a summary of it with its first steps to stderr;\n" +
			"`rearrange show` lists them all. Every plan is replayed by the judge before it is\n" +
			"written. What the initial placement breaks is mended on the way: no breach grows, and\n" +
			"none is left in the end. The plan of a search without one has no steps; its reason\n" +
			"says why. When interrupted, by SIGINT, SIGTERM or SIGHUP, it writes the best plan\n" +
			"found so far. The time limit counts from the start of the command: the search\n" +
			"gets what reading leaves of it, less what judging and writing the plan will take.",
		Flags: []cli.Flag{
			algorithmFlag(),
			costFlag(),
			ruleFlag(),
			alsoFlag(),
			timeoutFlag(time.Minute, "1m"),
			memoryFlag(),
			&cli.Int64Flag{Name: "expansions", Usage: "limit on the `NUMBER` of expanded states; 0, the default, for none"},
			&cli.Uint64Flag{Name: "seed", Aliases: []string{"s"}, Value: 1, Usage: "`SEED` of algorithms that choose at random"},
			outputFlag("`FILE` for the plan, in place of stdout"),
			&cli.BoolFlag{Name: "progress", Aliases: []string{"p"}, Usage: "tell of every better plan as soon as it is found", DisableDefaultText: true},
			&cli.BoolFlag{Name: "json", Usage: "no summary, nothing but the plan", DisableDefaultText: true},
		},
		Action: action(s, 1, 1, solve),
	}
}

func algorithmFlag() cli.Flag {
	return &cli.StringFlag{Name: "algorithm", Aliases: []string{"a"}, Value: "auto", Usage: "`ALGORITHM` that looks for the path"}
}

func timeoutFlag(value time.Duration, text string) cli.Flag {
	return &cli.DurationFlag{Name: "timeout", Aliases: []string{"t"}, Value: value, DefaultText: text, Usage: "limit on the `TIME` of the whole command, reading and writing included, such as 30s; 0 for none"}
}

func memoryFlag() cli.Flag {
	return &cli.StringFlag{Name: "memory", Aliases: []string{"m"}, Value: "4GiB", Usage: "limit on the `AMOUNT` of memory for the search's tables, such as 512MiB; 0 for none"}
}

func solve(c *cli.Context, s program) error {
	out := c.String("output")
	if err := checkOutput(out); err != nil {
		return err
	}
	algorithm, err := s.parseSpec("--algorithm", c.String("algorithm"), paths.Kind)
	if err != nil {
		return err
	}
	solver, full, err := paths.New(s.catalogue, algorithm)
	if err != nil {
		return usage("--algorithm: %w", err)
	}
	limit, err := memory(c.String("memory"))
	if err != nil {
		return err
	}
	p, took, err := readProblem(c, s, c.Args().First())
	if err != nil {
		return err
	}
	if !c.Bool("json") {
		tellRemarks(s, p.Instance, p.Remarks())
	}
	go p.Instance.SHA256() // the plan needs the hash; computed while the search runs
	defer collectWithin(limit)()
	timeout := c.Duration("timeout")
	options := paths.Options{
		Timeout: searchTime(timeout, time.Since(s.began), took), Within: timeout, MemoryBytes: limit, Expansions: c.Int64("expansions"), Seed: c.Uint64("seed"),
	}
	if c.Bool("progress") {
		tell := newTeller(s.err, p.Cost.Unit())
		options.OnIncumbent, options.OnProgress = tell.incumbent, tell.progress
		defer tell.every(sayEvery)()
	}
	result, err := solver.Solve(c.Context, p, options)
	if err != nil {
		return err
	}
	plan := result.Plan(p, full.String())
	if plan.Status.HasPlan() {
		if verdict := validate.Plan(p.Instance, p.Rules, p.Cost, plan); !verdict.OK() {
			return &exitError{exitInvalidPlan, fmt.Errorf("the plan of %s is invalid and was not written: %s", full, strings.Join(texts(verdict.Findings), "\n"))}
		}
	}
	if err := write(s, out, func(w io.Writer) error { return plan.Encode(w, p.Instance) }); err != nil {
		return err
	}
	if !c.Bool("json") {
		steps := firstOf(p.Instance, p.Rules, plan)
		summarize(s.err, p, &result, steps, algorithm.String())
		steps.preview(s.err, c, c.Args().First(), out)
	}
	return ending(c, result.Status)
}

// ending is the exit code of a search for a path.
func ending(c *cli.Context, status cloud.Status) error {
	switch {
	case c.Context.Err() != nil:
		return said(exitInterrupted)
	case status == cloud.Infeasible:
		return said(exitInfeasible)
	case !status.HasPlan():
		return said(exitLimit)
	}
	return nil
}

// collectWithin has garbage collected so often that the process grows by little more than a
// limit from now on; 0 is none. Else there may be as much garbage as the search holds. What
// it returns sets things back.
func collectWithin(limit int64) (restore func()) {
	const least = 32 << 20 // with less, collecting would take all the time
	if limit == 0 || limit > math.MaxInt64/4 {
		return func() {}
	}
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	before := debug.SetMemoryLimit(int64(now.Sys-now.HeapReleased) + max(limit+limit/10, least))
	return func() { debug.SetMemoryLimit(before) }
}

// searchTime is the part of the command's time limit that is left for the search. It reserves
// time to judge and write the plan, about one and a half times as long as it took to decode and
// check the instance (at 100,000 hosts), but at most half of the remaining time.
func searchTime(limit, spent, took time.Duration) time.Duration {
	if limit == 0 {
		return 0
	}
	left := limit - spent
	return max(left-min(took+took/2, left/2), 1) // 0 stands for no limit
}

// summarize says in a few lines what was found.
func summarize(w io.Writer, p *paths.Problem, r *paths.Result, steps *stepList, algorithm string) {
	fmt.Fprintf(w, "%s: %s", p.Instance.Name, r.Status)
	if r.Reason != "" {
		fmt.Fprintf(w, " (%s)", r.Reason)
	}
	fmt.Fprintln(w)
	if r.Status.HasPlan() {
		fmt.Fprintf(w, "  %s\n", costOf(p, r))
		fmt.Fprintf(w, "  %s; checked by the judge\n", steps.counts())
	}
	fold(w, fmt.Sprintf("%s: %s expanded, %s generated, %s, %s", algorithm,
		prose.Count(r.Counters.Expanded, "state"), humanize.Comma(r.Counters.Generated),
		humanize.IBytes(uint64(r.PeakBytes)), prose.Duration(r.Elapsed)), 2)
}

// costOf says what a path costs, and how far from the best possible that may be.
func costOf(p *paths.Problem, r *paths.Result) string {
	return fmt.Sprintf("cost %s %s, lower bound %s%s", humanize.Comma(r.Cost), p.Cost.Unit(), humanize.Comma(r.LowerBound), gap(r.Cost, r.LowerBound))
}

// previewed is how many steps of a plan a summary shows.
const previewed = 10

// firstOf lists the first steps of a plan.
func firstOf(in *cloud.Instance, inForce []cloud.Rule, plan *cloud.Plan) *stepList {
	return newStepList(in, inForce, plan, []stretch{{0, min(previewed, len(plan.Steps))}}, false)
}

// preview prints the first steps, and how to see the others: in the files named, as far as
// those can be read again. No instance is one that was not written.
func (l *stepList) preview(w io.Writer, c *cli.Context, instance, file string) {
	if len(l.plan.Steps) == 0 {
		return
	}
	l.print(w, 2)
	n := len(l.plan.Steps) - previewed
	if n <= 0 {
		return
	}
	text := "… and " + prose.Count(n, "more step")
	if file == fileio.Stdio || file == os.DevNull {
		text += "; with -o PLAN"
		file = "PLAN"
	}
	if instance == "" {
		text += " and --instance-out INSTANCE"
	}
	if instance == "" || instance == fileio.Stdio {
		instance = "INSTANCE"
	}
	command := []string{"rearrange show", quoted(instance), quoted(file)}
	for _, flag := range []string{"rule", "also"} {
		for _, text := range c.StringSlice(flag) {
			command = append(command, "--"+flag, quoted(text))
		}
	}
	fmt.Fprintf(w, "  %s: %s\n", text, strings.Join(command, " ")) // not folded, to be copied
}

// quoted is a word of a command as a shell takes it.
func quoted(word string) string {
	if plain := func(r rune) bool { return !strings.ContainsRune(" \t\n'\"\\$`!*?[](){}<>|&;#~", r) }; word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// gap says how far a cost may be from the best possible.
func gap(cost, bound int64) string {
	switch {
	case bound >= cost:
		return ""
	case bound == 0:
		return ", gap unbounded"
	}
	if share := 100 * float64(cost-bound) / float64(bound); share >= 0.005 {
		return fmt.Sprintf(", gap %.2f %%", share)
	}
	return ", gap below 0.01 %"
}
