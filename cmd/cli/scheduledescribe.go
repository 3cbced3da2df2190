package cli

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/dustin/go-humanize"

	"github.com/cloudrearrange/rearrange/algorithms/schedules"
	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/prose"
)

// described is a schedule in words.
type described struct {
	p      *timetable.Problem
	result *schedules.Result
	plan   *cloud.Plan // with the schedule
}

func (d described) time(t int64) string { return scheduleTime(t, d.plan.Schedule.Unit) }

// makespan says how long the schedule is, and how much shorter it could be.
func (d described) makespan() string {
	r := d.result
	text := "makespan " + d.time(r.Makespan)
	if r.Status == cloud.Optimal {
		return text + ", proved shortest"
	}
	if r.LowerBound > 0 {
		text += ", lower bound " + d.time(r.LowerBound) + gap(r.Makespan, r.LowerBound)
	}
	return text
}

// rerouted says what another path costs than that of the plan that was to be scheduled; "" if it is the same path.
func (d described) rerouted(given *cloud.Plan) string {
	if d.plan.Cost == given.Cost {
		return ""
	}
	return fmt.Sprintf("; by another path, of cost %s in place of %s", humanize.Comma(d.plan.Cost), humanize.Comma(given.Cost))
}

// speedUp says what running in parallel is worth.
func (d described) speedUp() string {
	text := "one at a time: " + d.time(d.p.Total())
	if all, together := d.p.Total(), d.result.Makespan; all > together {
		times := fmt.Sprintf("%.3g", float64(all)/float64(together))
		if all/together >= 1000 {
			times = humanize.Comma(all / together)
		}
		text += ", " + times + " times as long"
	}
	return text + fmt.Sprintf("; at most %s at once", humanize.Comma(int64(schedules.Peak(schedules.UnderWay(d.plan.Steps)))))
}

// A summary shows only the first few limits and kinds of bounds.
const (
	mostLimits = 5
	mostBounds = 4
)

// summary says in a few lines what makes the schedule as long as it is.
func (d described) summary(w io.Writer) {
	fmt.Fprintf(w, "  %s\n", d.speedUp())
	s := d.plan.Schedule
	fold(w, fmt.Sprintf("%s, %s, %s: %s in %s", s.Model, s.Duration, s.Scheduler, prose.Count(d.result.Tables, "schedule"), prose.Duration(d.result.Elapsed)), 2)
	d.limits(w)
	fold(w, d.critical(), 2)
	d.bounds(w)
}

// bounds lists the largest lower bound of each kind, and what it comes from.
func (d described) bounds(w io.Writer) {
	told := map[string]bool{}
	for _, b := range d.result.Bounds {
		if told[b.Name] || len(told) == mostBounds {
			continue
		}
		if len(told) == 0 {
			fmt.Fprintln(w, "  no schedule is shorter than")
		}
		told[b.Name] = true
		hang(w, fmt.Sprintf("  %14s  ", d.time(b.Value)), b.Name+": "+b.Of)
	}
}

// hang prints a text after a label; further lines are indented to stand below the first.
func hang(w io.Writer, label, text string) {
	for _, line := range prose.Wrap(prose.Clean(text), screen-width(label)) {
		fmt.Fprintln(w, label+line)
		label = strings.Repeat(" ", width(label))
	}
}

// critical says what the steps wait for that make the schedule as long as it is.
func (d described) critical() string {
	chain := schedules.Critical(d.p, d.plan.Steps)
	if len(chain) == 0 {
		return "nothing takes time"
	}
	count := map[schedules.Wait]int{}
	for _, l := range chain {
		count[l.Waits]++
	}
	text := "critical path: " + prose.Count(len(chain), "step")
	var parts []string
	for _, of := range []struct {
		wait schedules.Wait
		text string
	}{
		{schedules.WaitsLimit, "%s for a limit"},
		{schedules.WaitsRoom, "%s for room or another rule"},
		{schedules.WaitsVM, "%s for an earlier step of the same VM"},
		{schedules.WaitsPhase, "%s for the shutdowns, or for all migrations"},
		{schedules.WaitsWindow, "%s for the end of a window"},
		{schedules.WaitsHeldBack, "%s held back by the scheduler"},
	} {
		if n := count[of.wait]; n > 0 {
			parts = append(parts, fmt.Sprintf(of.text, humanize.Comma(int64(n))))
		}
	}
	if parts != nil {
		text += "; waiting: " + strings.Join(parts, ", ")
	}
	return text
}

// limits is the table of bottlenecks.
func (d described) limits(w io.Writer) {
	loads := schedules.Loads(d.p)
	if len(loads) == 0 || d.result.Makespan == 0 {
		return
	}
	rows := [][3]string{{"busiest limits", "work", "busy"}}
	for _, l := range loads[:min(mostLimits, len(loads))] {
		name := shortened(prose.Clean(d.p.Limits[l.Limit].Name), screen-30)
		rows = append(rows, [3]string{name, d.time(int64(math.Round(l.Work))), fmt.Sprintf("%.1f %%", 100*l.Work/float64(d.result.Makespan))})
	}
	widths := [3]int{}
	for _, r := range rows {
		for c, text := range r {
			widths[c] = max(widths[c], width(text))
		}
	}
	for _, r := range rows {
		fmt.Fprintf(w, "  %-*s  %*s  %*s\n", widths[0], r[0], widths[1], r[1], widths[2], r[2])
	}
	if n := len(loads) - mostLimits; n > 0 {
		fmt.Fprintf(w, "  … and %s\n", prose.Count(n, "more limit"))
	}
}
