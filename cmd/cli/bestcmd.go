package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/metrics/tables"
	"github.com/cloudrearrange/rearrange/results"
	"github.com/cloudrearrange/rearrange/results/best"
)

func bestCommand(s program) *cli.Command {
	return &cli.Command{
		Name:      "best",
		Usage:     "keep the best that is known of each question: plans, bounds, proofs",
		ArgsUsage: "RESULTS…",
		Description: "RESULTS are folders that `rearrange run` wrote to, files of records, or files of\n" +
			"best-known values. For each instance, cost function and rules the cheapest\n" +
			"validated plan, the highest proved bound and the proof that there is no plan are\n" +
			"kept, with the runs that they come from; where strategies chose targets, plans by\n" +
			"their target, and for each objective the best target and the highest bound; where\n" +
			"plans were made schedules, for each model of concurrency the shortest schedule of\n" +
			"their moves and the highest bound. FILE is made, or merged into, which\n" +
			"never makes it worse. What is new or improved is told on stderr. A plan that a\n" +
			"run proved cannot be is an alarm which names both runs: nothing is changed, and\n" +
			"the exit code is 1. `rearrange report` takes in results/best/NAME.jsonl for the\n" +
			"suite NAME. results/FORMAT.md documents the format.",
		Flags: []cli.Flag{outputFlag("`FILE` to merge into; without it the values go to stdout")},
		Action: action(s, 1, -1, func(c *cli.Context, s program) error {
			path := c.String("output")
			if err := checkOutput(path); err != nil {
				return err
			}
			return keepBest(s, path, c.Args().Slice())
		}),
	}
}

func keepBest(s program, path string, from []string) error {
	var before *best.Set
	if path != fileio.Stdio {
		var err error
		if before, err = readBest(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	sets := []*best.Set{before}
	for _, name := range from {
		set, err := readEither(s, name)
		if err != nil {
			return err
		}
		sets = append(sets, set)
	}
	after := best.Merge(sets...)
	if wrong := after.Contradictions(); len(wrong) > 0 {
		fmt.Fprintf(s.err, "ALARMS (%d)\n", len(wrong))
		for _, c := range wrong {
			fmt.Fprintf(s.err, "- %s\n", prose.Clean(c.String()))
		}
		return &exitError{exitFailure, fmt.Errorf("%s: nothing was changed", prose.Count(len(wrong), "contradiction"))}
	}
	changes := best.Changes(before, after)
	if path == fileio.Stdio || slices.ContainsFunc(changes, func(c best.Change) bool { return c.Kind != best.Unchanged }) {
		if err := write(s, path, after.Write); err != nil {
			return err
		}
	}
	in := ""
	if path != fileio.Stdio {
		in = " in " + path
	}
	return tellChanges(s.err, in, changes)
}

// readBest reads a file of best-known values, whole or not at all.
func readBest(path string) (*best.Set, error) {
	set, problems, err := best.Read(path, nil)
	if err != nil {
		return nil, unreadable(path, err)
	}
	if len(problems) > 0 {
		return nil, usage("%s", strings.Join(prose.Texts(problems, results.Problem.String), "\n"))
	}
	return set, nil
}

// readEither reads best-known values from a file of them or from records.
func readEither(s program, path string) (*best.Set, error) {
	holds, err := holdsBest(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	if holds {
		return readBest(path)
	}
	records, problems, err := readRecords([]string{path})
	if err != nil {
		return nil, err
	}
	tellProblems(s.err, problems)
	return best.Of(records), nil
}

func holdsBest(path string) (bool, error) {
	if info, err := os.Stat(path); err != nil || info.IsDir() {
		return false, err
	}
	f, err := fileio.Open(path, nil)
	if err != nil {
		return false, err
	}
	defer f.Close()
	return best.Holds(f)
}

// tellChanges prints what became of which question.
func tellChanges(w io.Writer, in string, changes []best.Change) error {
	if err := tables.Terminal(w, changesTable(in, changes), tables.Screen{Width: terminalWidth(w)}); err != nil {
		return err
	}
	improved := improvedTable(changes)
	if len(improved.Rows) == 0 {
		return nil
	}
	fmt.Fprintln(w)
	return tables.Terminal(w, improved, tables.Screen{Width: terminalWidth(w)})
}
