package validate

import (
	"cmp"
	"slices"

	"github.com/dustin/go-humanize"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
	"github.com/cloudrearrange/rearrange/cloud/slas"
)

// Schedule judges a plan with a schedule by the times of its steps alone, on its instance,
// which must have a target. FORMAT.md says what a schedule means. The model of concurrency is
// the one that the schedule names, bound to the instance and to the durations that it names ([concurrency.Of]), and the
// SLAs are those of the instance and of the schedule ([slas.Of]).
//
// It takes O(events × what the rules look at around one change), the time to sort the
// events, and a full judgement at the beginning and at the end.
func Schedule(in *cloud.Instance, rules []cloud.Rule, cost cloud.CostFunction, model concurrency.Model, p *cloud.Plan, levels ...slas.SLA) *Report {
	j := newJudge(in, rules, cost)
	if p.Schedule == nil {
		j.found(0, "the plan has no schedule: it is a path")
		return j.report(p, func(*cloud.Plan) {})
	}
	j.clock = &clock{unit: p.Schedule.Unit}
	t := &timeline{judge: j, model: model, levels: levels, busy: newBusy(in), by: map[cloud.VMID]int{}}
	return j.report(p, t.play)
}

// clock is the instant that the judge has come to.
type clock struct {
	now  int64
	unit string
	told map[cloud.Violation]bool // found since the world last changed
}

// String begins a finding; for a path there is nothing to say.
func (c *clock) String() string {
	if c == nil {
		return ""
	}
	return "at " + c.at(c.now) + ", "
}

func (c *clock) at(t int64) string {
	if c.unit == "step" {
		return "time step " + humanize.Comma(t)
	}
	return humanize.Comma(t) + " " + c.unit
}

// news leaves out what another change of the same group has brought up.
func (c *clock) news(found []cloud.Violation) []cloud.Violation {
	if c.told == nil {
		c.told = map[cloud.Violation]bool{}
	}
	return slices.DeleteFunc(found, func(v cloud.Violation) bool {
		told := c.told[v]
		c.told[v] = true
		return told
	})
}

// The groups of events of one instant, in their order.
const (
	ends     = iota // of steps that started earlier
	downs           // shutdowns that take no time
	starts          // all others
	zeroEnds        // of steps that just started
	ups             // provisions that take no time
)

// event is a start or an end, or both, of a step.
type event struct {
	at    int64
	group int
	step  int // position in the plan
}

// eventsOf lists the events of a plan in their order. A step that ends before it starts takes
// no time.
func eventsOf(steps []cloud.Step) []event {
	out := make([]event, 0, 2*len(steps))
	for i, s := range steps {
		switch {
		case s.End > s.Start:
			out = append(out, event{s.Start, starts, i}, event{s.End, ends, i})
		case s.Action == cloud.Shutdown:
			out = append(out, event{s.Start, downs, i})
		case s.Action == cloud.Provision:
			out = append(out, event{s.Start, ups, i})
		default:
			out = append(out, event{s.Start, starts, i}, event{s.Start, zeroEnds, i})
		}
	}
	slices.SortFunc(out, func(a, b event) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.group, b.group), cmp.Compare(a.step, b.step))
	})
	return out
}

// timeline judges a plan event by event.
type timeline struct {
	*judge
	model  concurrency.Model
	levels []slas.SLA
	busy   *busy
	by     map[cloud.VMID]int // by VM under way: the step, from 1
	begun  []int              // the steps that could start, from 1
	group  []happened
}

// happened is what one event of the current group has changed.
type happened struct {
	step   int // from 1
	action cloud.Action
	change cloud.Change
	when   phrases
}

func (t *timeline) play(p *cloud.Plan) {
	t.order(p.Steps)
	events := eventsOf(p.Steps)
	for len(events) > 0 {
		first := events[0]
		n := 1
		for n < len(events) && events[n].at == first.at && events[n].group == first.group {
			n++
		}
		t.clock.now = first.at
		t.together(p.Steps, events[:n])
		events = events[n:]
	}
	t.times(p)
}

// order holds the times of the steps against each other.
func (t *timeline) order(steps []cloud.Step) {
	for i, s := range steps {
		n := i + 1
		if s.Start < 0 {
			t.found(n, "the step starts at %s, before the beginning", t.clock.at(s.Start))
		}
		if s.End < s.Start {
			t.found(n, "the step ends at %s, before it starts, at %s", t.clock.at(s.End), t.clock.at(s.Start))
		}
		if i > 0 && s.Start < steps[i-1].Start {
			t.found(n, "the step starts at %s, before step %d, at %s: steps must be ordered by start time",
				t.clock.at(s.Start), n-1, t.clock.at(steps[i-1].Start))
		}
		t.out.Makespan = max(t.out.Makespan, s.End)
	}
}

// together lets the events of one group happen, and judges what has come about.
func (t *timeline) together(steps []cloud.Step, events []event) {
	t.group = t.group[:0]
	clear(t.clock.told)
	for _, e := range events {
		n, s := e.step+1, steps[e.step]
		switch e.group {
		case downs, ups:
			t.instantly(n, s)
		case starts:
			t.begin(n, s)
		default:
			t.end(n, s)
		}
	}
	for _, h := range t.group {
		t.change = h.change
		t.changed(h.step, h.action, h.when)
	}
	if events[0].group == starts {
		t.limits(steps)
	}
}

// instantly carries out a shutdown or provision that takes no time.
func (t *timeline) instantly(n int, s cloud.Step) {
	if t.may(n, s) {
		t.happens(n, s, after)
		t.w.move(s.VM, s.To)
	}
}

func (t *timeline) begin(n int, s cloud.Step) {
	if t.may(n, s) {
		t.happens(n, s, during)
		t.w.depart(s.VM, s.To)
		t.by[s.VM] = n
		if counts(s.Action) {
			t.busy.begin(s)
		}
	}
}

// end ends a step, unless it could not start.
func (t *timeline) end(n int, s cloud.Step) {
	if t.by[s.VM] != n {
		return
	}
	t.happens(n, s, after)
	t.w.arrive(s.VM)
	delete(t.by, s.VM)
	if counts(s.Action) {
		t.busy.end(s)
	}
}

// may notes what is wrong with a step whatever the rules say, and tells whether it can start at
// all.
func (t *timeline) may(n int, s cloud.Step) bool {
	if other, underWay := t.by[s.VM]; underWay {
		t.found(n, "at %s VM %q is still under way by step %d", t.clock.at(t.clock.now), t.in.VMs[s.VM].Name, other)
		return false
	}
	if !t.lawful(n, s) {
		return false
	}
	t.charge(n, s)
	t.begun = append(t.begun, n)
	return true
}

// happens notes what an event changes, before the world changes.
func (t *timeline) happens(n int, s cloud.Step, when phrases) {
	t.group = append(t.group, happened{n, s.Action, cloud.Change{VM: s.VM, From: t.w.host[s.VM], To: s.To}, when})
}

// limits asks the model of concurrency about the steps that just started.
func (t *timeline) limits(steps []cloud.Step) {
	var started []cloud.Step
	last := 0
	for _, h := range t.group {
		if s := steps[h.step-1]; counts(s.Action) {
			started = append(started, s)
			last = h.step
		}
	}
	if last > 0 {
		t.broken(last, t.clock.String(), t.model.Violations(t.busy, started))
	}
}

// times holds the ends of the steps against the earliest possible ones, all times against the SLAs, and what the schedule says of itself against what its
// steps say.
func (t *timeline) times(p *cloud.Plan) {
	slices.Sort(t.begun)
	steps := make([]cloud.Step, len(t.begun))
	for i, n := range t.begun {
		steps[i] = p.Steps[n-1]
	}
	for i, earliest := range t.model.Earliest(steps) {
		if s := steps[i]; s.End < earliest {
			t.found(t.begun[i], "the step ends at %s, at the earliest it can end at %s", t.clock.at(s.End), t.clock.at(earliest))
		}
	}
	for _, level := range t.levels {
		for _, v := range level.Violations(steps) {
			n := 0
			if v.Step >= 0 {
				n = t.begun[v.Step]
			}
			t.out.Findings = append(t.out.Findings, Finding{Step: n, Rule: v.SLA, Msg: v.Msg})
		}
	}
	if claim := p.Schedule.Makespan; claim != t.out.Makespan {
		t.found(0, "the schedule claims a makespan of %s, but its last step ends at %s", t.clock.at(claim), t.clock.at(t.out.Makespan))
	}
	if bound := p.Schedule.LowerBound; bound > t.out.Makespan {
		t.found(0, "the schedule has a lower bound of %s but ends at %s", t.clock.at(bound), t.clock.at(t.out.Makespan))
	}
}
