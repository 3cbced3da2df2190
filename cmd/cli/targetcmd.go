package cli

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/prose"
)

func targetCommand(s program) *cli.Command {
	return &cli.Command{
		Name:      "target",
		Usage:     "choose a target placement, and write the instance with it",
		ArgsUsage: "STRATEGY INSTANCE",
		Description: "`rearrange list strategies` shows the strategies, such as \"evacuate(hosts=host1)\".\n" +
			"The target obeys every rule, those that the initial placement breaks included, and\n" +
			"takes the place of one that the instance has. Rules given with --rule or --also are\n" +
			"written into the instance. The strategy constructs a target and searches for a better one,\n" +
			"and of equally good ones for one that is cheap to get to: briefly, and the same each time,\n" +
			"or for as long as --timeout says. Exit code 3 when it is proved that no target exists, and\n" +
			"why; 4 when the strategy finds none.",
		Flags: []cli.Flag{
			ruleFlag(),
			alsoFlag(),
			outputFlag("`FILE` for the instance, in place of stdout"),
			&cli.DurationFlag{Name: "timeout", Aliases: []string{"t"}, DefaultText: "a brief search", Usage: "search for a better target until this `TIME` has passed, such as 5s"},
			&cli.StringFlag{Name: "cost", Value: "ram", Usage: "`COST` that the search keeps low: of migrations that go straight to the target"},
			&cli.Uint64Flag{Name: "seed", Value: 1, Usage: "`SEED` of the search"},
			&cli.BoolFlag{Name: "progress", Aliases: []string{"p"}, Usage: "tell of every better target as soon as it is found", DisableDefaultText: true},
			&cli.BoolFlag{Name: "json", Usage: "no summary, nothing but the instance", DisableDefaultText: true},
		},
		Action: action(s, 2, 2, target),
	}
}

func target(c *cli.Context, s program) error {
	if err := checkOutput(c.String("output")); err != nil {
		return err
	}
	request, err := newTargetRequest(c, s)
	if err != nil {
		return err
	}
	in := request.Instance
	request.Search = request.Briefly(c.Uint64("seed"))
	if timeout := c.Duration("timeout"); timeout > 0 {
		now := time.Now()
		end := s.began.Add(timeout - 4*now.Sub(s.began)) // to judge, to bound and to write takes longer than to read
		request.Search = &targets.Search{
			Seed: c.Uint64("seed"), Threads: runtime.GOMAXPROCS(0),
			GoOn:  func() bool { return c.Context.Err() == nil && time.Now().Before(end) },
			Spent: func() float64 { return float64(time.Since(now)) / float64(max(1, end.Sub(now))) },
		}
	}
	if c.Bool("progress") {
		o, err := request.Objective(request.strategy)
		if err != nil {
			return request.misuse(err)
		}
		request.Watch(o, s.began, func(i targets.Incumbent) {
			fmt.Fprintf(s.err, "%8.3f s  objective %s, %s\n", i.Elapsed.Seconds(), o.Show(i.Objective), moving(request.Request, i.Migrations, i.Cost))
		})
	}
	choice, err := targets.Choose(c.Context, request.strategy, request.Request)
	if err != nil {
		return request.fault(err)
	}
	in.Target = choice.Target
	if err := write(s, c.String("output"), in.Encode); err != nil {
		return err
	}
	if !c.Bool("json") {
		tellRemarks(s, in, cloud.RemarksOf(nil, request.Rules...))
		worth, err := request.Weigh(request.strategy, choice.Target)
		if err != nil {
			return request.misuse(err)
		}
		describeTarget(s.err, request.Request, choice, worth)
	}
	return nil
}

// moving says how much migrates.
func moving(r *targets.Request, migrations int, cost int64) string {
	return fmt.Sprintf("%s to migrate, cost %s", prose.Count(migrations, "VM"), strings.TrimRight(humanize.Comma(cost)+" "+r.Cost.Unit(), " "))
}

// describeTarget says in a few lines what changes on the way to the target.
func describeTarget(w io.Writer, r *targets.Request, c targets.Choice, t targets.Worth) {
	in := r.Instance
	fmt.Fprintf(w, "%s: a target that obeys every rule\n", in.Name)
	before, after := r.Measure(in.Initial), r.Measure(c.Target)
	fmt.Fprintf(w, "  hosts in use %s → %s, highest load %.1f %% → %.1f %%\n",
		humanize.Comma(int64(before.HostsInUse)), humanize.Comma(int64(after.HostsInUse)), 100*before.Highest, 100*after.Highest)
	fmt.Fprintf(w, "  objective %s\n", worthOf(t))
	fmt.Fprintf(w, "  %s", moving(r, t.Migrations, t.Cost))
	if t.Provisions > 0 {
		fmt.Fprintf(w, "; %d to provision", t.Provisions)
	}
	fmt.Fprintln(w)
	if mended := cloud.Distinct(cloud.Breaches(in, r.Rules, in.Initial)); mended != nil {
		fmt.Fprintf(w, "  mends %s of the initial placement\n", countBreaches(len(mended)))
		listSome(w, 4, prose.Texts(mended, brief), "; `rearrange validate` lists all")
	}
	switch {
	case c.Path == nil:
		fmt.Fprintln(w, "  whether a path exists is not known")
	case len(c.Path) > 0:
		fmt.Fprintf(w, "  a path exists: %s\n", prose.Count(len(c.Path), "migration"))
	}
}

// worthOf says what a target is worth, and what is proved of that.
func worthOf(t targets.Worth) string {
	o, proved := t.Objective, "no bound is known"
	switch {
	case t.Status == cloud.Optimal:
		proved = "proved optimal"
	case t.Bound != cloud.Score{}:
		proved = "proved: no target goes below " + o.Show(t.Bound)
	}
	return fmt.Sprintf("%s: %s → %s; %s", o, o.Show(t.Before), o.Show(t.After), proved)
}
