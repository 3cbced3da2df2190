package cli

import (
	"io"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/plots"
	"github.com/cloudrearrange/rearrange/metrics/tables"
)

func frontierCommand(s program) *cli.Command {
	return &cli.Command{
		Name:      "frontier",
		Usage:     "show what better targets cost to reach: the best trade-offs, with a plan for each",
		ArgsUsage: "STRATEGY INSTANCE",
		Description: "Looks for the targets of which none has both a better objective, that of the strategy,\n" +
			"and a cheaper path: from doing nothing to the best target. `rearrange list strategies`\n" +
			"shows the strategies and the terms that targets have to keep. The table lists, for each\n" +
			"target, its objective, the cost of the path to it and a lower bound on the cost of every\n" +
			"path to a target that is at least as good; proved means that none is cheaper. Targets to which no path was\n" +
			"found are listed apart. With -o, the folder gets the table (frontier.csv), a picture,\n" +
			"and for each point the instance with that target and the plan, checked by the judge.\n" +
			"Exit code 3 when it is proved that no target exists; 4 when none is found.",
		Flags: []cli.Flag{
			ruleFlag(),
			alsoFlag(),
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "`FOLDER` for table, picture, instances and plans; the table alone on stdout unless given"},
			&cli.StringFlag{Name: "format", Value: "terminal", Usage: "`FORMAT` of the table on stdout"},
			&cli.StringFlag{Name: "picture", Value: "png", Usage: "`FORMAT` of the picture: " + strings.Join(plots.Formats(), ", ")},
			&cli.DurationFlag{Name: "timeout", Aliases: []string{"t"}, DefaultText: "a brief search", Usage: "limit on the `TIME` of the whole command, reading and writing included, such as 60s"},
			costFlag(),
			&cli.IntFlag{Name: "points", Value: 20, Usage: "the `NUMBER` of points to look for; up to 5 times as many are kept"},
			&cli.Uint64Flag{Name: "seed", Aliases: []string{"s"}, Value: 1, Usage: "`SEED` of the search"},
			jsonFlag(),
		},
		Action: action(s, 2, 2, frontier),
	}
}

func frontier(c *cli.Context, s program) error {
	render, err := frontierOutput(c, s)
	if err != nil {
		return err
	}
	if c.Int("points") < 1 {
		return usage("--points: expected at least 1, found %d", c.Int("points"))
	}
	request, err := newTargetRequest(c, s)
	if err != nil {
		return err
	}
	request.Instance.Target = nil
	sweep := targets.Sweep{Points: c.Int("points"), Seed: c.Uint64("seed")}
	if timeout := c.Duration("timeout"); timeout > 0 {
		// For each point, an instance and a plan are written, which takes about as long as to read one.
		took := time.Since(s.began)
		reserve := 2 * took
		if c.IsSet("output") {
			reserve = time.Duration(3*5*sweep.Points/2) * took
		}
		sweep.Timeout = max(timeout-took-min(reserve, timeout/5)-timeout/25, 1)
	}
	found, err := request.Frontier(c.Context, request.strategy, sweep)
	if err != nil {
		return request.fault(err)
	}
	t := frontierTable(request.Request, found, request.name.String())
	if c.IsSet("output") {
		w := frontierFolder{s, c.String("output"), c.String("picture"), request.Request, found}
		if err := w.write(t); err != nil {
			return err
		}
	}
	if err := render(s.out, t); err != nil {
		return usage("--format: %w", err)
	}
	if c.Context.Err() != nil {
		return said(exitInterrupted)
	}
	return nil
}

// frontierOutput checks where the results go, and finds out how the table is written.
func frontierOutput(c *cli.Context, s program) (tables.Renderer, error) {
	if picture := c.String("picture"); !slices.Contains(plots.Formats(), picture) {
		return nil, usage("--picture: unknown format %q%s", picture, spec.DidYouMean(picture, plots.Formats(), "known are"))
	}
	format := c.String("format")
	if c.Bool("json") {
		format = "json"
	}
	if format == "terminal" {
		return func(w io.Writer, t tables.Table) error { return tables.Terminal(w, t, tableScreen(s)) }, nil
	}
	sp, err := s.parseSpec("--format", format, tables.FormatKind)
	if err != nil {
		return nil, err
	}
	render, _, err := spec.Build[tables.Renderer](s.catalogue, tables.FormatKind, sp)
	if err != nil {
		return nil, usage("--format: %w", err)
	}
	return render, nil
}
