package validate_test

import (
	"slices"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
	"github.com/cloudrearrange/rearrange/cloud/durations"
	"github.com/cloudrearrange/rearrange/cloud/internal/cloudtest"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// Random schedules are made by the guards: of rules and of the model of concurrency.

// director draws a schedule, instant by instant.
type director struct {
	t        *rapid.T
	in       *cloud.Instance
	state    *cloud.State
	model    concurrency.Model
	guard    *concurrency.Guard
	reckless bool // starts some steps that guards refuse
	mends    bool // goes on until all rules hold, if it can
	oneByOne bool // ends each step before the next starts
	now      int64
	plan     *cloud.Plan
	underWay []int // steps
	fate     []fate
}

// fate is what becomes of a VM.
type fate int

const (
	moves   fate = iota
	leaves       // it is to be shut down
	arrives      // it is to be provisioned
	sleeps       // it is suspended, or to be resumed
	settled      // nothing more
)

// draw makes an instance, with the named rule among others, and a schedule that leads to
// its target. A start that is to be broken breaks rules if some attempts find such ones; any other keeps all of
// them.
func draw(t *rapid.T, rule string, reckless, discrete, broken bool) (*cloud.Instance, *cloud.Plan) {
	d := newDirector(t, rule, reckless, discrete, broken)
	d.direct()
	return d.in, d.plan
}

func newDirector(t *rapid.T, rule string, reckless, discrete, broken bool) *director {
	in := cloudtest.Priced(t)
	for h := range in.Hosts { // more room, for more at once
		for r := range in.Resources {
			in.Hosts[h].Capacity[r] += rapid.SampledFrom([]int64{0, 3, 12}).Draw(t, "room")
		}
	}
	if broken {
		if rule == "affinity" || rapid.IntRange(0, 3).Draw(t, "crowded") == 0 {
			crowd(t, in)
		}
		overfill(t, in, rule == "capacity")
	}
	fate := chooseFates(t, in)
	for v, h := range in.Target { // of the others rules know no target yet
		if fate[v] == sleeps && h == cloud.Absent {
			in.Target[v] = in.Initial[v]
		} else if fate[v] != sleeps {
			in.Target[v] = cloud.Absent
		}
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	var bound []cloud.Rule
	if broken {
		bound = chooseBroken(t, in, rule, discrete)
	} else {
		bound = chooseRules(t, in, rule, discrete)
	}
	inForce, _, err := cloud.Mend(in, bound, in.Initial)
	if err != nil {
		t.Fatal(err)
	}
	text := cloudtest.ConcurrencySpec(t, rapid.SampledFrom([]string{"slots", "slots", "slots", "sequential"}).Draw(t, "model"))
	if rapid.IntRange(0, 2).Draw(t, "wide") > 0 {
		text = spec.MustParse("slots(total=6)")
	}
	unit, err := durations.Bind(catalogue.Standard(), in, spec.Named("unit"))
	if err != nil {
		t.Fatal(err)
	}
	model, err := concurrency.Bind(catalogue.Standard(), in, unit, text)
	if err != nil {
		t.Fatal(err)
	}
	return &director{
		t: t, in: in, state: cloud.NewState(in, inForce, in.Initial), mends: broken, model: model, guard: concurrency.NewGuard(model), reckless: reckless,
		plan: &cloud.Plan{Status: cloud.Feasible, Schedule: &cloud.Schedule{Model: text.String(), Unit: "ms"}}, fate: fate,
	}
}

// chooseFates draws what becomes of the VMs.
func chooseFates(t *rapid.T, in *cloud.Instance) []fate {
	out := make([]fate, len(in.VMs))
	for v, h := range in.Initial {
		kind := rapid.IntRange(0, 3).Draw(t, "fate")
		switch {
		case h == cloud.Absent && kind > 0:
			out[v] = arrives
		case h == cloud.Absent:
			out[v] = settled
		case kind == 0:
			out[v] = leaves
		case kind == 1 && in.VMs[v].Interruptible:
			out[v] = sleeps
		}
	}
	return out
}

// chooseRules gives an instance rules that hold initially: the named one, if a few attempts find
// such a one, and up to two more.
func chooseRules(t *rapid.T, in *cloud.Instance, rule string, discrete bool) []cloud.Rule {
	all := ruleNames()
	in.Rules = []spec.Spec{}
	var bound []cloud.Rule
	for n := range 1 + rapid.IntRange(0, 2).Draw(t, "more rules") {
		for range 4 {
			s := cloudtest.RuleSpec(t, in, rule)
			if !discrete {
				if _, timed := s.Value("continuous"); timed {
					s = s.With("continuous", "yes")
				}
			}
			made, err := rules.Bind(catalogue.Standard(), in, []spec.Spec{s})
			if err != nil {
				t.Fatalf("%s: %v", s, err)
			}
			if len(validate.Placement(in, made, in.Initial, false)) == 0 {
				in.Rules = append(in.Rules, s)
				bound = append(bound, made...)
				break
			}
		}
		if n == 0 {
			rule = "capacity"
		} else {
			rule = rapid.SampledFrom(all).Draw(t, "rule")
		}
	}
	return bound
}

func ruleNames() []string {
	var out []string
	for _, d := range catalogue.Standard().Descriptors(rules.Kind) {
		out = append(out, d.Name)
	}
	return out
}

func (d *director) direct() {
	for range rapid.IntRange(1, 5).Draw(d.t, "instants") {
		d.endDue()
		d.start(leaves)
		d.start(moves)
		d.endZero()
		d.start(arrives)
		d.now += rapid.Int64Range(1, 3).Draw(d.t, "later")
	}
	if d.mends {
		d.mend()
	}
	// What was begun is brought to an end, as far as the guards let it.
	for range 12 {
		d.endDue()
		for v := range d.in.VMs {
			if (d.fate[v] == leaves || d.fate[v] == sleeps && d.state.HostOf(cloud.VMID(v)) == cloud.Absent) && d.idle(v) {
				d.try(v, rapid.Int64Range(1, 2).Draw(d.t, "duration"))
			}
		}
		d.now++
	}
	for len(d.underWay) > 0 {
		d.endDue()
		d.now++
	}
	d.finish()
}

// finish makes the target what was reached, and the claims of the plan right.
func (d *director) finish() {
	d.in.Target = d.state.Placement()
	p := d.plan
	for _, s := range p.Steps {
		p.Schedule.Makespan = max(p.Schedule.Makespan, s.End)
		p.Cost += s.Cost
	}
	p.Schedule.LowerBound = rapid.Int64Range(0, p.Schedule.Makespan).Draw(d.t, "bound of the makespan")
	p.LowerBound = rapid.Int64Range(0, p.Cost).Draw(d.t, "bound")
	if err := d.in.Check(); err != nil {
		d.t.Fatal(err)
	}
}

func (d *director) idle(v int) bool {
	return !slices.ContainsFunc(d.underWay, func(i int) bool { return d.plan.Steps[i].VM == cloud.VMID(v) })
}

func (d *director) endDue() {
	d.endIf(func(s cloud.Step) bool { return s.End <= d.now && s.Start < d.now })
}

func (d *director) endZero() { d.endIf(func(s cloud.Step) bool { return s.End <= d.now }) }

func (d *director) endIf(over func(cloud.Step) bool) {
	d.underWay = slices.DeleteFunc(d.underWay, func(i int) bool {
		s := d.plan.Steps[i]
		if over(s) {
			d.end(s)
		}
		return over(s)
	})
}

func (d *director) end(s cloud.Step) {
	d.state.End(s.VM)
	d.guard.End(d.model.Needs(&s))
}

// start starts some steps: shutdowns that take no time, where VMs that leave are asked for,
// provisions that take none, where those that arrive are, or any others.
func (d *director) start(which fate) {
	for range rapid.IntRange(1, 8).Draw(d.t, "tries") {
		v := rapid.IntRange(0, len(d.in.VMs)-1).Draw(d.t, "vm")
		if !d.idle(v) {
			continue
		}
		duration := rapid.SampledFrom([]int64{0, 1, 2, 2, 3, 4, 5}).Draw(d.t, "duration")
		switch f := d.fate[v]; {
		case which != moves && f != which:
			continue
		case which != moves:
			duration = 0
		case f == leaves || f == arrives:
			duration = max(duration, 1)
		}
		d.try(v, duration)
	}
}

// try starts the next step of a VM, if the guards let it.
func (d *director) try(v int, duration int64) {
	vm := cloud.VMID(v)
	to := cloud.HostID(rapid.IntRange(0, len(d.in.Hosts)-1).Draw(d.t, "to"))
	s := cloud.Step{VM: vm, From: d.state.HostOf(vm), To: to, Start: d.now, End: d.now + duration}
	demand := d.in.VMs[v].Demand[0]
	next := d.fate[v]
	switch {
	case next == settled || s.From == s.To:
		return
	case next == moves:
		s.Action, s.Cost = cloud.Migrate, demand
	case next == arrives:
		s.Action, next = cloud.Provision, moves
	case next == leaves:
		s.Action, s.To, next = cloud.Shutdown, cloud.Absent, settled
	case s.From == cloud.Absent:
		s.Action, s.To, s.Cost, next = cloud.Resume, d.in.Target[v], demand, settled
	default:
		s.Action, s.To, s.Cost = cloud.Suspend, cloud.Absent, 2*demand
	}
	needs := d.model.Needs(&s)
	counts := s.Action != cloud.Shutdown && s.Action != cloud.Provision
	sane := d.state.Allows(vm, s.To) && d.guard.Lacks(needs) < 0
	if !sane && !(d.reckless && rapid.IntRange(0, 5).Draw(d.t, "recklessly") == 0) {
		return
	}
	d.fate[v] = next
	d.plan.Steps = append(d.plan.Steps, s)
	d.state.Begin(vm, s.To)
	d.guard.Begin(needs)
	if d.oneByOne || !counts && duration == 0 {
		d.end(s)
		return
	}
	d.underWay = append(d.underWay, len(d.plan.Steps)-1)
}

// mutateSchedule changes one thing of a plan with a schedule, or of its instance.
func mutateSchedule(t *rapid.T, in *cloud.Instance, p *cloud.Plan) string {
	kinds := []string{"makespan", "bound", "model", "cost", "status", "target", "capacity", "rule"}
	if len(p.Steps) > 0 {
		kinds = append(kinds, "shift", "shift", "shift", "end", "end", "start", "start", "merge", "merge", "early",
			"vm", "to", "to", "drop", "repeat", "price", "order")
	}
	kind := rapid.SampledFrom(kinds).Draw(t, "mutation")
	var s *cloud.Step
	if len(p.Steps) > 0 {
		s = &p.Steps[rapid.IntRange(0, len(p.Steps)-1).Draw(t, "step")]
	}
	host := func() cloud.HostID { return cloud.HostID(rapid.IntRange(0, len(in.Hosts)-1).Draw(t, "host")) }
	sorted := true
	switch kind {
	case "makespan":
		p.Schedule.Makespan = rapid.Int64Range(0, p.Schedule.Makespan+1).Draw(t, "makespan")
	case "bound":
		p.Schedule.LowerBound = rapid.Int64Range(0, p.Schedule.Makespan+2).Draw(t, "bound")
	case "model":
		p.Schedule.Model = cloudtest.ConcurrencySpec(t, rapid.SampledFrom([]string{"slots", "slots", "sequential"}).Draw(t, "model")).String()
	case "cost":
		p.Cost++
	case "status":
		p.Status = rapid.SampledFrom([]cloud.Status{cloud.Optimal, cloud.Unknown}).Draw(t, "status")
	case "target":
		in.Target[rapid.IntRange(0, len(in.VMs)-1).Draw(t, "vm")] = host()
	case "rule":
		addRule(t, in)
	case "capacity":
		h := host()
		in.Hosts[h].Capacity[0] = max(in.Hosts[h].Reserved[0], in.Hosts[h].Capacity[0]-2)
	case "shift":
		by := rapid.Int64Range(-2, 3).Draw(t, "by")
		s.Start, s.End = s.Start+by, s.End+by
	case "end":
		s.End = s.Start + rapid.Int64Range(0, 6).Draw(t, "duration")
	case "start":
		s.Start = rapid.Int64Range(0, s.End+1).Draw(t, "start")
	case "early":
		s.End = s.Start - 1
	case "merge": // ends with another step
		s.End = max(s.Start, p.Steps[rapid.IntRange(0, len(p.Steps)-1).Draw(t, "with")].End)
	case "vm":
		s.VM = cloud.VMID(rapid.IntRange(0, len(in.VMs)-1).Draw(t, "vm"))
	case "to":
		if s.To != cloud.Absent {
			s.To = host()
		}
	case "price":
		s.Cost++
	case "drop":
		p.Steps = slices.DeleteFunc(p.Steps, func(other cloud.Step) bool { return other == *s })
	case "repeat":
		p.Steps = append(p.Steps, *s)
	case "order":
		other := &p.Steps[rapid.IntRange(0, len(p.Steps)-1).Draw(t, "with")]
		*s, *other = *other, *s
		sorted = false
	}
	if sorted {
		slices.SortStableFunc(p.Steps, func(a, b cloud.Step) int { return int(a.Start - b.Start) })
	}
	if kind != "cost" && kind != "price" && kind != "makespan" && kind != "bound" {
		p.Cost, p.Schedule.Makespan = 0, 0
		for _, s := range p.Steps {
			p.Cost += s.Cost
			p.Schedule.Makespan = max(p.Schedule.Makespan, s.End)
		}
		p.LowerBound = min(p.LowerBound, p.Cost)
		p.Schedule.LowerBound = min(p.Schedule.LowerBound, p.Schedule.Makespan)
	}
	return kind
}

func cloneCase(in *cloud.Instance, p *cloud.Plan) (*cloud.Instance, *cloud.Plan) {
	in2, p2 := *in, *p
	in2.Target = in.Target.Clone()
	in2.Hosts = slices.Clone(in.Hosts)
	for h := range in2.Hosts {
		in2.Hosts[h].Capacity = slices.Clone(in2.Hosts[h].Capacity)
	}
	p2.Steps = slices.Clone(p.Steps)
	if p.Schedule != nil {
		p2.Schedule = new(*p.Schedule)
	}
	return &in2, &p2
}
