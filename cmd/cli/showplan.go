package cli

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/urfave/cli/v2"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/rules"
)

// checkPlanFlags finds fault with what the flags ask of a plan, before anything is read.
func checkPlanFlags(c *cli.Context) error {
	instance, plan := c.Args().Get(0), c.Args().Get(1)
	if c.NArg() < 2 {
		for _, name := range []string{"steps", "at"} {
			if c.IsSet(name) {
				return usage("--%s needs a PLAN: show INSTANCE PLAN --%s %s", name, name, c.String(name))
			}
		}
		return nil
	}
	if instance == fileio.Stdio && plan == fileio.Stdio {
		return usage("show reads INSTANCE or PLAN from standard input, not both")
	}
	for _, name := range []string{"target", "features", "plot"} {
		if c.IsSet(name) {
			return usage("--%s cannot be used with a PLAN", name)
		}
	}
	if c.IsSet("at") {
		if c.IsSet("steps") {
			return usage("--at and --steps exclude each other")
		}
		return nil
	}
	for _, name := range []string{"resource", "hosts", "host"} {
		if c.IsSet(name) {
			return usage("--%s applies to the drawing of hosts: with a PLAN, also give --at STEP", name)
		}
	}
	return nil
}

// showPlan lists the steps of a plan, or draws the hosts at a moment of it.
func showPlan(c *cli.Context, s program, in *cloud.Instance, colored bool) error {
	instance, file := nameOf(c.Args().Get(0)), nameOf(c.Args().Get(1))
	if in.Target == nil {
		return usage("%s: /target: the instance has no target placement, so it cannot have a plan", instance)
	}
	plan, err := readPlan(s, c.Args().Get(1), in)
	if err != nil {
		return err
	}
	if ownRules := !c.IsSet("rule") && !c.IsSet("also"); ownRules && plan.InstanceSHA256 != "" && !in.Is(plan.InstanceSHA256) {
		fmt.Fprintf(s.err, "note: %s was made for another instance than %s, or for an earlier version of it\n", file, instance)
	}
	if c.IsSet("at") {
		at, err := momentOf(in, plan, c.Int("at"))
		if err != nil {
			return atFault(file, err)
		}
		d, err := newDrawing(c, s, in, at, colored)
		if err != nil {
			return err
		}
		return d.show(c.Bool("json"), s.out)
	}
	bound, err := rules.Bind(s.catalogue, in, nil)
	if err != nil {
		return badInput(cloud.Locate(instance, err))
	}
	inForce, _, _ := cloud.Mend(in, bound, in.Initial) // what cannot be mended is for the judge to say
	unit := ""
	if plan.CostFunction != "" {
		cost, err := s.bindCost(in, file+": /cost_function", plan.CostFunction)
		if err != nil {
			return err
		}
		unit = cost.Unit()
	}
	show, err := stretches(c.String("steps"), len(plan.Steps), c.Bool("json"))
	if err != nil {
		return err
	}
	l := newStepList(in, inForce, plan, show, colored)
	if c.Bool("json") {
		err = l.json(s.out, unit)
	} else {
		l.title(s.out, unit)
		if len(plan.Steps) > 0 {
			l.print(s.out, 0)
		}
	}
	if err != nil {
		return err
	}
	for _, err := range cloud.Replay(cloud.NewState(in, nil, in.Initial), plan) {
		if err != nil {
			return atFault(file, err)
		}
	}
	return nil
}

// atFault says that a plan cannot be carried out to its end.
func atFault(file string, err error) error {
	if _, known := err.(*exitError); known {
		return err
	}
	return &exitError{exitInvalidPlan, fmt.Errorf("%s: the plan is INVALID: %w; `rearrange validate` lists all that is wrong", file, err)}
}

// A list of more steps than mostSteps is folded: it has the first and the last ones.
const (
	mostSteps  = 40
	firstSteps = 25
	lastSteps  = 10
)

// stretches are the steps to list of so many, by the flag --steps.
func stretches(text string, steps int, all bool) ([]stretch, error) {
	whole := stretch{0, steps}
	switch {
	case text == "all" || text == "" && (all || steps <= mostSteps):
		return []stretch{whole}, nil
	case text == "":
		return []stretch{{0, firstSteps}, {steps - lastSteps, steps}}, nil
	}
	from, to, isRange := strings.Cut(strings.ReplaceAll(text, ",", ""), "-") // lists write 17,078
	if !isRange {
		to = from
	}
	first, err1 := strconv.Atoi(from)
	last, err2 := strconv.Atoi(to)
	if err1 != nil || err2 != nil || first > last {
		return nil, usage("--steps: expected a range such as 100-150, a step, or all, found %q", text)
	}
	if first < 1 || last > steps {
		return nil, usage("--steps: %s, found %q", ofSteps(steps), text)
	}
	return []stretch{{first - 1, last}}, nil
}

func ofSteps(steps int) string {
	if steps == 0 {
		return "the plan has no steps"
	}
	return fmt.Sprintf("the plan has steps 1 to %s", humanize.Comma(int64(steps)))
}

// title says what is known of the plan as a whole.
func (l *stepList) title(w io.Writer, unit string) {
	p := l.plan
	if !p.Status.HasPlan() {
		text := fmt.Sprintf("%s: %s, no plan", prose.Clean(l.in.Name), p.Status)
		if p.Reason != "" {
			text += ": " + prose.Clean(p.Reason)
		}
		fold(w, text, 0)
		return
	}
	text := strings.TrimRight(fmt.Sprintf("%s: %s, cost %s %s", l.in.Name, p.Status, humanize.Comma(p.Cost), unit), " ")
	if p.LowerBound > 0 && p.LowerBound < p.Cost {
		text += fmt.Sprintf(", lower bound %s%s", humanize.Comma(p.LowerBound), gap(p.Cost, p.LowerBound))
	}
	fold(w, prose.Clean(text), 0)
	if s := p.Schedule; s != nil {
		text := fmt.Sprintf("schedule: %s, makespan %s", s.Model, scheduleTime(s.Makespan, s.Unit))
		if s.LowerBound > 0 {
			text += ", lower bound " + scheduleTime(s.LowerBound, s.Unit) + gap(s.Makespan, s.LowerBound)
		}
		if s.Bottleneck != "" {
			text += ": " + s.Bottleneck
		}
		if len(s.SLAs) > 0 {
			text += "; made to keep " + strings.Join(s.SLAs, ", ")
		}
		fold(w, prose.Clean(text), 0)
	}
	fold(w, l.counts(), 0)
}

// counts are how many steps of which kind the plan has, and what they mend.
func (l *stepList) counts() string {
	count := map[cloud.Action]int{}
	for _, s := range l.plan.Steps {
		count[s.Action]++
	}
	parts := []string{prose.Count(count[cloud.Migrate], "migration")}
	if n := l.bypasses(0, len(l.plan.Steps)); n != "" {
		parts[0] += " (" + n + ")"
	}
	for _, a := range []cloud.Action{cloud.Suspend, cloud.Resume, cloud.Shutdown, cloud.Provision} {
		if count[a] > 0 {
			parts = append(parts, prose.Count(count[a], string(a)))
		}
	}
	text := strings.Join(parts, ", ")
	switch n := l.mended(0, len(l.plan.Steps)); {
	case len(l.broken) == 0:
	case n < len(l.broken):
		text += fmt.Sprintf("; mends %s of %s", humanize.Comma(int64(n)), countBreaches(len(l.broken)))
	default:
		text += "; mends " + countBreaches(n)
	}
	return text
}

// json prints the steps listed.
func (l *stepList) json(w io.Writer, unit string) error {
	type room struct {
		VM   string `json:"vm"`
		Step int    `json:"step"`
	}
	type step struct {
		Step   int          `json:"step"`
		Action cloud.Action `json:"action"`
		VM     string       `json:"vm"`
		Demand int64        `json:"demand"` // of the first resource
		From   string       `json:"from,omitempty"`
		To     string       `json:"to,omitempty"`
		Cost   int64        `json:"cost"`
		Spent  int64        `json:"cost_so_far"`
		Start  *int64       `json:"start,omitempty"`
		End    *int64       `json:"end,omitempty"`
		Bypass bool         `json:"bypass"`
		Room   *room        `json:"makes_room_for,omitempty"`
		Mends  []breach     `json:"mends,omitempty"`
	}
	out := struct {
		Instance string       `json:"instance"`
		Status   cloud.Status `json:"status"`
		Cost     int64        `json:"cost"`
		Unit     string       `json:"unit"`
		TimeUnit string       `json:"time_unit,omitempty"`
		Makespan *int64       `json:"makespan,omitempty"`
		ToMend   []breach     `json:"to_mend,omitempty"`
		Count    int          `json:"step_count"`
		Steps    []step       `json:"steps"`
	}{Instance: l.in.Name, Status: l.plan.Status, Cost: l.plan.Cost, Unit: unit, ToMend: breaches(l.broken), Count: len(l.plan.Steps), Steps: []step{}}
	if s := l.plan.Schedule; s != nil {
		out.TimeUnit, out.Makespan = s.Unit, &s.Makespan
	}
	l.each(func(i int) {
		s := &l.plan.Steps[i]
		one := step{Step: i + 1, Action: s.Action, VM: l.in.VMs[s.VM].Name, Demand: l.in.VMs[s.VM].Demand[0], Cost: s.Cost, Spent: l.spent[i]}
		one.From, one.To = nameOrNone(l.in, s.From), nameOrNone(l.in, s.To)
		if l.plan.Schedule != nil {
			one.Start, one.End = &s.Start, &s.End
		}
		one.Bypass = s.Action == cloud.Migrate && l.in.IsBypass(s)
		if reason, ok := l.makesWay[i]; ok && reason >= 0 {
			one.Room = &room{l.in.VMs[l.plan.Steps[reason].VM].Name, reason + 1}
		}
		one.Mends = breaches(l.mends[i])
		out.Steps = append(out.Steps, one)
	})
	return encodeJSON(w, out)
}
