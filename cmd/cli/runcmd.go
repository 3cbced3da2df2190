package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/dustin/go-humanize"
	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/experiments"
	"github.com/cloudrearrange/rearrange/metrics/report"
	"github.com/cloudrearrange/rearrange/results"
)

func runCommand(s program) *cli.Command {
	return &cli.Command{
		Name:      "run",
		Usage:     "run an experiment suite, and report on it",
		ArgsUsage: "SUITE",
		Description: "Records, plans and the report go to results/NAME unless -o names another folder.\n" +
			"A run whose record is there already is not repeated, so that an interrupted suite\n" +
			"goes on where it stopped; --rerun repeats some, --fresh begins anew.\n" +
			"experiments/FORMAT.md documents suites and what is written.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "`FOLDER` for records, plans and report"},
			&cli.StringSliceFlag{Name: "cost", Aliases: []string{"c"}, Usage: "`COST` function in place of the suite's own; repeat for more"},
			&cli.StringSliceFlag{Name: "rule", Usage: "sanity `RULE` in place of those of the suite and its instances; repeat for more"},
			&cli.StringSliceFlag{Name: "also", Usage: "sanity `RULE` on top of those; repeat for more"},
			bestFlag(),
			&cli.IntFlag{Name: "jobs", Aliases: []string{"j"}, Usage: "`NUMBER` of runs at the same time; 0, the default, for one per core"},
			&cli.StringFlag{Name: "filter", Usage: "make only runs for which this `EXPRESSION` holds, such as 'hosts > 5 && algorithm == \"auto\"'"},
			&cli.StringSliceFlag{Name: "rerun", Usage: "repeat `WHICH` runs: stale, those of another build; error; invalid; or those of an ALGORITHM; repeat for more"},
			&cli.BoolFlag{Name: "fresh", Usage: "set aside the records that are there", DisableDefaultText: true},
			&cli.BoolFlag{Name: "dry-run", Usage: "list the runs that would be made, and make none", DisableDefaultText: true},
		},
		Action: action(s, 1, 1, runSuite),
	}
}

// override gives a suite the costs and rules named on the command line.
func override(c *cli.Context, s program, suite *experiments.Suite) error {
	chosen, err := given(c, s)
	if err != nil {
		return err
	}
	if chosen.instead != nil {
		suite.Rules = chosen.instead
	}
	suite.Also = chosen.also
	named, err := parseSpecs(c, s, "cost", costs.Kind)
	if named != nil {
		suite.Costs = named
	}
	return err
}

func runSuite(c *cli.Context, s program) error {
	path := c.Args().First()
	data, err := read(s, path)
	if err != nil {
		return err
	}
	suite, err := experiments.DecodeSuite(s.catalogue, nameOf(path), data)
	if err != nil {
		return badInput(err)
	}
	if err := override(c, s, suite); err != nil {
		return err
	}
	again, err := rerunAsked(c, s, suite)
	if err != nil {
		return err
	}
	dir := c.String("output")
	if dir == "" {
		dir = filepath.Join("results", suite.Name)
	}
	known, err := knownBest(c, s, suite.Name)
	if err != nil {
		return err
	}
	tasks, err := suite.Expand(c.Context, func(skipped string) { say(s, "%s", skipped) })
	switch {
	case c.Context.Err() != nil:
		fmt.Fprintln(s.err, "interrupted before the first run")
		return said(exitInterrupted)
	case err != nil:
		return badInput(err)
	}
	if len(tasks) == 0 {
		return usage("%s: there is nothing to run: the files of all entries are missing", nameOf(path))
	}
	if n := experiments.Duplicates(tasks); n > 0 {
		say(s, "%s: the content is that of an instance with another name, which counts once", prose.Count(n, "duplicate instance"))
	}
	chosen, err := filtered(c, s, tasks)
	if err != nil {
		return err
	}
	how := experiments.Options{Jobs: c.Int("jobs"), Provenance: experiments.Provenance(version), Code: codeHash}
	before, _, _ := experiments.ReadReport(s.catalogue, filepath.Join(dir, experiments.SuiteCopy))
	dry := c.Bool("dry-run")
	out, err := openOutput(dir, suite, c.Bool("fresh"), dry)
	if err != nil {
		return err
	}
	defer out.Close()
	for _, p := range out.Problems() {
		say(s, "%v", p)
	}
	if n := out.Others(tasks); n > 0 && before != "" && before != suite.Name {
		say(s, "%s holds %s of other runs, of the suite %s: `rearrange report %[1]s` shows them, too", dir, prose.Count(n, "record"), before)
	}
	if !dry {
		if err := out.Rename(tasks); err != nil {
			return err
		}
	}
	due := out.Due(chosen, again, how)
	todo := make([]experiments.Task, len(due))
	for i, d := range due {
		todo[i] = d.Task
	}
	if done := len(chosen) - len(todo); done > 0 && !dry {
		say(s, "%s recorded in %s already", ofRuns(done, len(chosen)), dir)
	}
	if !again.Stale {
		tellStale(s, suite, out.Stale(notIn(tasks, todo), how))
	}
	if dry {
		for _, d := range due {
			about := d.Names[0].Instance
			if d.Target != nil {
				about += "  " + d.Target.Strategy()
			}
			if s := d.Record().Schedule; s != nil {
				about += fmt.Sprintf("  %s  %s  %s", s.Model, s.Duration, s.Scheduler)
			}
			fmt.Fprintln(s.out, prose.Clean(fmt.Sprintf("%s  %s  %s  seed %d  %s", about, d.Algorithm, d.Cost, d.Seed, d.Why)))
		}
		say(s, "%s would be made", ofRuns(len(due), len(chosen)))
		return nil
	}
	tellAssumed(s, todo)
	bar := newProgress(s.err, suite.Name, len(todo))
	how.Done = func(t experiments.Task, rec results.Record, plan *cloud.Plan) error {
		if err := out.Keep(t, rec, plan); err != nil {
			return err
		}
		bar.add()
		return nil
	}
	err = experiments.Execute(c.Context, todo, how)
	bar.finish()
	if errors.Is(err, context.Canceled) {
		left := len(todo) - bar.done
		say(s, "interrupted: %s recorded in %s; the same command goes on from there", ofRuns(len(chosen)-left, len(chosen)), dir)
		return said(exitInterrupted)
	}
	if err != nil {
		return err
	}
	records := out.Of(tasks)
	shown, err := showReport(s, dir, records, nil, report.Options{Catalogue: s.catalogue, Title: suite.Name, Content: suite.Report, Best: known})
	if err != nil {
		return err
	}
	if len(shown.Alarms()) > 0 {
		return said(exitFailure) // the alarms at the top say which
	}
	return nil
}

// tellAssumed says once for each cost function and each duration what is assumed where instances do not say:
// of the first instance that this is true of, and of how many it is.
func tellAssumed(s program, tasks []experiments.Task) {
	type remarks struct {
		experiments.Remarks
		where string
	}
	var first []remarks
	instances := map[string]map[string]bool{} // by what assumes something
	for _, t := range tasks {
		for _, r := range t.Remarks {
			if len(r.Texts) == 0 {
				continue
			}
			if instances[r.Of] == nil {
				instances[r.Of] = map[string]bool{}
				first = append(first, remarks{r, t.Names[0].Instance})
			}
			instances[r.Of][t.SHA256] = true
		}
	}
	for _, r := range first {
		if n := len(instances[r.Of]); n > 1 {
			r.where += ", the first of " + prose.Count(n, "such instance")
		}
		for _, text := range r.Texts {
			say(s, "%s: %s: %s", r.Of, r.where, text)
		}
	}
}

// notIn are the tasks that are not among those to be made.
func notIn(tasks, todo []experiments.Task) []experiments.Task {
	made := map[string]bool{}
	for _, t := range todo {
		made[t.Key] = true
	}
	return slices.DeleteFunc(slices.Clone(tasks), func(t experiments.Task) bool { return made[t.Key] })
}

// tellStale says of which algorithms there are records that another program made.
func tellStale(s program, suite *experiments.Suite, stale map[string][]experiments.Task) {
	for _, a := range suite.Algorithms {
		if n := len(stale[a.String()]); n > 0 {
			say(s, "%s: %s of another build; run with --rerun stale to repeat them", a, prose.Count(n, "record"))
		}
	}
}

// openOutput opens the folder for records, or looks at it for a dry run, as if there were no
// records where these are to be set aside.
func openOutput(dir string, suite *experiments.Suite, fresh, dry bool) (*experiments.Output, error) {
	if !dry {
		out, err := experiments.OpenOutput(dir, suite, fresh)
		return out, unwritable(dir, err)
	}
	look := dir
	if fresh {
		look = ""
	}
	out, err := experiments.LookAtOutput(look)
	return out, unreadable(dir, err)
}

// say writes a line on stderr, which may hold names and texts of anyone.
func say(s program, format string, args ...any) {
	fmt.Fprintln(s.err, prose.Clean(fmt.Sprintf(format, args...)))
}

// tellRemarks says on stderr what is assumed where the instance does not say.
func tellRemarks(s program, in *cloud.Instance, remarks []string) {
	for _, r := range remarks {
		say(s, "%s: %s", in.Name, r)
	}
}

func ofRuns(n, all int) string { return humanize.Comma(int64(n)) + " of " + prose.Count(all, "run") }

// rerunAsked reads which runs are made again.
func rerunAsked(c *cli.Context, s program, suite *experiments.Suite) (again experiments.Again, err error) {
	for _, text := range c.StringSlice("rerun") {
		switch text {
		case string(experiments.Stale):
			again.Stale = true
		case string(results.Failed), string(results.Invalid):
			again.Outcomes = append(again.Outcomes, results.Outcome(text))
		default:
			written, err := spec.Parse(text)
			if err != nil {
				return again, usage("--rerun: %w", err)
			}
			own, ok := suite.Algorithm(written)
			if !ok {
				known := append([]string{string(experiments.Stale), string(results.Failed), string(results.Invalid)}, prose.Texts(suite.Algorithms, spec.Spec.String)...)
				return again, usage("--rerun: %s is no algorithm of the suite%s", written, spec.DidYouMean(text, known, "known are"))
			}
			again.Algorithms = append(again.Algorithms, own.String())
		}
	}
	return again, nil
}
