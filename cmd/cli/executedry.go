package cli

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/dustin/go-humanize"

	"github.com/cloudrearrange/rearrange/algorithms/execution"
	"github.com/cloudrearrange/rearrange/algorithms/schedules"
	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/prose"
)

// dryRun says what would be done: what the executor does on a simulated cloud in which nothing goes wrong, and each step takes the
// time that is expected of it.
func (j *job) dryRun() error {
	d, err := j.driver(j.on)
	if err != nil {
		return err
	}
	story := newStory(j, nil)
	report, err := execution.Execute(j.c.Context, j.executor, d, j.task, execution.Options{Seed: j.seed, OnEntry: story.add})
	if err != nil {
		return j.broken(err, report)
	}
	sum := &outcome{job: j, report: report, story: story, dry: true}
	if j.c.Bool("json") {
		if err := sum.print(); err != nil {
			return err
		}
		return sum.ending()
	}
	show, err := stretches(j.c.String("steps"), len(story.requests), false)
	if err != nil {
		return err
	}
	w := j.text()
	told := sum.told()
	fold(w, fmt.Sprintf("%s: a dry run; nothing is asked of any cloud", prose.Clean(j.in.Name)), 0)
	sum.would(w, told)
	if len(told.Steps) > 0 {
		newStepList(j.in, j.inForce(), told, show, false).print(w, 2)
	}
	sum.how(w)
	return sum.ending()
}

// inForce are the rules that hold on the way.
func (j *job) inForce() []cloud.Rule {
	inForce, _, err := cloud.Mend(j.in, j.bound, j.in.Initial)
	if err != nil {
		return j.bound
	}
	return inForce
}

// told is the plan with the times at which its steps began and ended.
func (s *outcome) told() *cloud.Plan {
	at := map[int64]int{}
	out := *s.plan
	out.Steps = nil
	for _, e := range s.story.entries {
		switch e.Event {
		case execution.EventRequest:
			v, _ := s.in.VM(e.VM)
			at[e.ID] = len(out.Steps)
			out.Steps = append(out.Steps, cloud.Step{
				Action: e.Action, VM: v, From: s.hostOf(e.From), To: s.hostOf(e.To), Cost: e.Cost, Start: e.At - s.report.Began, End: e.At - s.report.Began,
			})
		case execution.EventEnded, execution.EventFailed:
			out.Steps[at[e.ID]].End = e.At - s.report.Began
		}
	}
	slices.SortStableFunc(out.Steps, func(a, b cloud.Step) int { return cmp.Compare(a.Start, b.Start) })
	out.Schedule = &cloud.Schedule{Model: s.task.Model.String(), Duration: s.task.Duration.String(), Unit: "ms", Makespan: s.report.Ended - s.report.Began}
	return &out
}

// would says how the execution would go as a whole, what it would keep to, and what is assumed.
func (s *outcome) would(w io.Writer, told *cloud.Plan) {
	starts := map[int64]bool{}
	for i := range told.Steps {
		starts[told.Steps[i].Start] = true
	}
	steps := humanize.Comma(int64(len(told.Steps)))
	if len(told.Steps) > 0 {
		steps += fmt.Sprintf(", begun at %s; at most %s under way at once",
			prose.Count(len(starts), "instant"), humanize.Comma(int64(schedules.Peak(schedules.UnderWay(told.Steps)))))
	}
	lines := [][2]string{
		{"outcome", s.verdict()},
		{"time", s.took()},
		{"cost", fmt.Sprintf("%s %s", humanize.Comma(s.report.Cost), s.cost.Unit())},
		{"steps", steps},
		{"executor", s.full.Name},
		{"limits", s.task.Model.String() + ", every rule at every instant"},
		{"durations", s.task.Duration.String() + ", as expected: no failures, no delays"},
	}
	for _, r := range cloud.RemarksOf(s.duration, s.bound...) {
		lines = append(lines, [2]string{"assumed", r})
	}
	for _, l := range lines {
		hang(w, fmt.Sprintf("  %-10s  ", l[0]), l[1])
	}
	if p, err := timetable.NewProblem(s.catalogue, s.in, s.task.Rules, s.plan, s.task.Model, s.task.Duration); err == nil {
		described{p, &schedules.Result{Makespan: told.Schedule.Makespan}, told}.limits(w)
	}
}

// how says how to carry the plan out.
func (s *outcome) how(w io.Writer) {
	command := []string{"rearrange execute", quoted(s.c.Args().Get(0)), quoted(s.c.Args().Get(1))}
	for _, name := range []string{"executor", "model", "duration", "cost", "seed"} {
		if s.c.IsSet(name) {
			command = append(command, "--"+name, quoted(fmt.Sprint(s.c.Value(name))))
		}
	}
	for _, name := range []string{"rule", "also"} {
		for _, text := range s.c.StringSlice(name) {
			command = append(command, "--"+name, quoted(text))
		}
	}
	text := strings.Join(command, " ")
	fmt.Fprintln(w, "to try it on a simulated cloud in which things go wrong:")
	fmt.Fprintf(w, "  %s --on 'simulation(failures=0.05)'\n", text)
	fmt.Fprintln(w, "to carry it out on a cloud of `rearrange list drivers`:")
	fmt.Fprintf(w, "  %s --on DRIVER --journal FILE\n", text)
}
