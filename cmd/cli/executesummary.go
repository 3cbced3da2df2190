package cli

import (
	"fmt"
	"strings"

	"github.com/dustin/go-humanize"

	"github.com/cloudrearrange/rearrange/algorithms/execution"
	"github.com/cloudrearrange/rearrange/cloud/drivers"
	"github.com/cloudrearrange/rearrange/cloud/prose"
)

// outcome is what came of an execution.
type outcome struct {
	*job
	report *execution.Report
	story  *story
	sim    *drivers.Simulation // nil: the cloud is none
	dry    bool
}

// ending is the exit code.
func (s *outcome) ending() error {
	switch {
	case s.report.Reached:
		return nil
	case s.report.Stopped:
		return said(exitInterrupted)
	case s.report.Proved:
		return said(exitInfeasible)
	}
	return said(exitLimit)
}

// print tells it in a few lines, or as JSON.
func (s *outcome) print() error {
	if s.c.Bool("json") {
		return encodeJSON(s.out, s.json())
	}
	r, w := s.report, s.text()
	fold(w, prose.Clean(s.in.Name)+": "+s.verdict(), 0)
	for _, l := range [][2]string{
		{"time", s.took()},
		{"cost", fmt.Sprintf("%s %s; %s", humanize.Comma(r.Cost), s.cost.Unit(), s.planned())},
		{"steps", s.steps()},
		{"changes", s.changes()},
		{"resumed", s.resumed()},
		{"given up", strings.Join(prose.First(prose.Texts(r.GivenUp, nameInList), 10), ", ")},
		{"on the way", s.faults()},
	} {
		if l[1] != "" {
			hang(w, fmt.Sprintf("  %-10s  ", l[0]), l[1])
		}
	}
	if path := s.c.String("journal"); path != "" && r.Stopped {
		fmt.Fprintf(w, "the same command with --resume goes on from %s\n", path)
	}
	return nil
}

// verdict says whether the target was reached, and if not, why.
func (s *outcome) verdict() string {
	switch r := s.report; {
	case r.Reached && s.mended():
		return "target reached, which was changed on the way"
	case r.Reached:
		return "target reached"
	case r.Stopped:
		return "stopped on demand, before the target was reached"
	default:
		return "target NOT reached: " + r.Why
	}
}

// mended tells whether the last target differs from the plan's.
func (s *outcome) mended() bool {
	target := s.story.aims
	if target == nil {
		return false
	}
	for v, h := range s.in.Target {
		if target[s.in.VMs[v].Name] != nameOrNone(s.in, h) {
			return true
		}
	}
	return false
}

func (s *outcome) took() string {
	text := instant(s.report.Ended-s.report.Began, "ms")
	if p := s.plan.Schedule; p != nil {
		text += "; in the schedule " + scheduleTime(p.Makespan, p.Unit)
	}
	return text
}

// planned is the cost that the plan has.
func (s *outcome) planned() string {
	if s.task.Cost.String() != s.plan.CostFunction && s.c.IsSet("cost") {
		return fmt.Sprintf("in the plan %s by %s", humanize.Comma(s.plan.Cost), s.plan.CostFunction)
	}
	return "in the plan " + humanize.Comma(s.plan.Cost)
}

// steps counts what was asked of the cloud.
func (s *outcome) steps() string {
	r := s.report
	text := humanize.Comma(int64(r.Ends)) + " done"
	for _, of := range []struct {
		n    int
		text string
	}{
		{r.Failures - s.story.late, "failed"}, {s.story.late, "took too long"}, {r.Refusals, "refused"}, {s.story.retries, "tried again"},
	} {
		if of.n > 0 {
			text += fmt.Sprintf(", %s %s", humanize.Comma(int64(of.n)), of.text)
		}
	}
	return text
}

// changes counts how often the cloud was not as expected, and what came of it.
func (s *outcome) changes() string {
	r := s.report
	if r.Changes == 0 && r.Plans == 0 {
		return ""
	}
	return prose.Count(r.Changes, "change") + " of the cloud, " + prose.Count(r.Plans, "new plan")
}

func (s *outcome) resumed() string {
	if s.report.Resumes == 0 {
		return ""
	}
	text := times(s.report.Resumes)
	if n := s.story.kills; n > 0 {
		text += "; the simulation killed the executor " + times(n)
	}
	return text
}

func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return prose.Count(n, "time")
}

// faults counts what the simulated cloud did by itself.
func (s *outcome) faults() string {
	if s.sim == nil {
		return ""
	}
	var died, came []string
	for _, e := range s.sim.Log() {
		switch e.What {
		case drivers.Died:
			died = append(died, nameInList(e.Request.From))
		case drivers.Arrived:
			came = append(came, nameInList(e.Request.VM))
		}
	}
	var parts []string
	if died != nil {
		parts = append(parts, prose.Count(len(died), "host")+" died: "+strings.Join(prose.First(died, 5), ", "))
	}
	if came != nil {
		parts = append(parts, prose.Count(len(came), "foreign VM")+" came")
	}
	return strings.Join(parts, "; ")
}
