package cli

import (
	"regexp"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/experiments"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/metrics/where"
	"github.com/cloudrearrange/rearrange/results"
)

// runFilter chooses among runs that are yet to be made; nil takes all.
type runFilter struct{ filter *where.Filter }

// filterAsked reads the expression of --filter.
func filterAsked(c *cli.Context, s program) (*runFilter, error) {
	if !c.IsSet("filter") {
		return nil, nil
	}
	text := c.String("filter")
	filter, err := where.Parse(s.catalogue, text, nil)
	if err != nil {
		return nil, usage("--filter: %w", err)
	}
	if name := outcomeIn(text); name != "" {
		return nil, usage("--filter: %s is not known before the run", name)
	}
	return &runFilter{filter}, nil
}

// choose returns the tasks for which the expression holds. Those without a value that it asks
// for are left out.
func (f *runFilter) choose(tasks []experiments.Task) ([]experiments.Task, error) {
	if f == nil {
		return tasks, nil
	}
	var out []experiments.Task
	for _, t := range tasks {
		if _, choice := f.filter.Of(summary.Of([]results.Record{t.Record()})); choice.Chosen > 0 {
			out = append(out, t)
		}
	}
	if len(out) == 0 {
		return nil, usage("--filter: %s holds for none of the %d runs", f.filter, len(tasks))
	}
	return out, nil
}

var (
	quoted = regexp.MustCompile("\"(\\\\.|[^\"\\\\])*\"|'(\\\\.|[^'\\\\])*'|`[^`]*`")
	name   = regexp.MustCompile(`[\pL_][\pL\pN_.]*`)
)

// outcomeIn finds the name of something in an expression that only a run tells.
func outcomeIn(expression string) string {
	for _, n := range name.FindAllString(quoted.ReplaceAllString(expression, `""`), -1) {
		first, _, _ := strings.Cut(n, ".")
		if slices.Contains([]string{
			"outcome", "solved", "message", "cost", "lower_bound", "steps", "plan_sha256", "wall_s", "cpu_s", "peak_bytes",
			"counters", "incumbents", "enforced", "provenance",
		}, first) {
			return n
		}
	}
	return ""
}
