package cli

import (
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/experiments"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/metrics/where"
	"github.com/cloudrearrange/rearrange/results"
)

// filtered are the tasks for which the expression of --filter holds, all without one. Those
// without a value that it asks for are left out.
func filtered(c *cli.Context, s program, tasks []experiments.Task) ([]experiments.Task, error) {
	if !c.IsSet("filter") {
		return tasks, nil
	}
	records := make([]results.Record, len(tasks))
	for i, t := range tasks {
		records[i] = t.Record()
	}
	sum := summary.Of(records, summary.WithCatalogue(s.catalogue))
	filter, err := where.Parse(sum, c.String("filter"))
	if err == nil {
		err = filter.OnlyInputs()
	}
	if err != nil {
		return nil, usage("--filter: %w", err)
	}
	chosen, choice := filter.Of(sum)
	keep := map[string]bool{}
	for _, r := range chosen.All() {
		keep[r.RunKey] = true
	}
	out := slices.DeleteFunc(slices.Clone(tasks), func(t experiments.Task) bool { return !keep[t.Key] })
	if len(out) == 0 {
		return nil, usage("--filter: %s holds for %s", filter, choice)
	}
	say(s, "filter %s: %s", filter, choice)
	return out, nil
}
