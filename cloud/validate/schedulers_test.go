package validate_test

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/algorithms/schedules"
	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
	"github.com/cloudrearrange/rearrange/cloud/durations"
	"github.com/cloudrearrange/rearrange/cloud/internal/cloudtest"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// task is a plan that the judge accepts, and how to schedule it.
type task struct {
	in              *cloud.Instance
	plan            *cloud.Plan
	path            bool // the plan is one, else a schedule of which steps overlap
	model, duration spec.Spec
}

// tasks makes plans under a rule, from sane and from broken starts, and draws a model of concurrency and durations.
func tasks(rule, model string) *rapid.Generator[task] {
	return rapid.Custom(func(t *rapid.T) task {
		d := newDirector(t, rule, false, true, rapid.IntRange(0, 3).Draw(t, "mends") == 0)
		if rapid.IntRange(0, 3).Draw(t, "of a schedule") == 0 {
			d.direct()
		} else {
			d.path(8)
		}
		in, p := d.in, d.plan
		moving := map[cloud.VMID]bool{}
		for _, s := range p.Steps {
			if phase(s) == 1 {
				moving[s.VM] = true
			}
		}
		if len(moving) < 3 {
			t.Skip("little to do at the same time")
		}
		w := task{in: in, plan: new(*p), model: cloudtest.ConcurrencySpec(t, model), duration: spec.Named("unit")}
		if model != "steps" {
			names := []string{}
			for _, d := range catalogue.Standard().Descriptors(durations.Kind) {
				names = append(names, d.Name)
			}
			w.duration = cloudtest.DurationSpec(t, rapid.SampledFrom(names).Draw(t, "duration"))
		}
		w.plan.Schedule, w.plan.Steps = nil, slices.Clone(p.Steps)
		slices.SortStableFunc(w.plan.Steps, func(a, b cloud.Step) int { return phase(a) - phase(b) })
		for i := range w.plan.Steps {
			w.plan.Steps[i].Start, w.plan.Steps[i].End = 0, 0
		}
		w.path = judge(t, in, w.plan).OK()
		inPhases := slices.IsSortedFunc(p.Steps, func(a, b cloud.Step) int { return phase(a) - phase(b) })
		if !w.path && (p.Schedule == nil || !inPhases || !judgeSchedule(t, in, p).OK()) {
			t.Skip("no plan")
		}
		return w
	})
}

// phase is 0 for shutdowns, 2 for provisions and 1 for all else, which a plan has in this order.
func phase(s cloud.Step) int {
	switch s.Action {
	case cloud.Shutdown:
		return 0
	case cloud.Provision:
		return 2
	}
	return 1
}

// outcomes counts what a comparison has in it.
type outcomes struct {
	tasks, refused, overlapping, mending, slept, unsane int
	optimal                                             map[string]int
}

// schedulersAndJudge has every scheduler schedule random plans under every model, and the judge judge them.
func schedulersAndJudge(t *testing.T, number int) outcomes {
	c := outcomes{optimal: map[string]int{}}
	names, models := ruleNames(), catalogue.Standard().Descriptors(concurrency.Kind)
	for i := range number {
		model := models[i%len(models)].Name
		if i%5 > 0 && model == "sequential" {
			continue
		}
		w := tasks(names[i/len(models)%len(names)], model).Example(i)
		p, err := timetable.NewProblem(catalogue.Standard(), w.in, nil, w.plan, w.model, w.duration)
		if err != nil { // a duration without end, a step that no link can carry
			c.refused++
			continue
		}
		c.tasks++
		bound, err := rules.Bind(catalogue.Standard(), w.in, nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(validate.Placement(w.in, bound, w.in.Initial, false)) > 0 {
			c.mending++
		}
		overlap := false
		var plans []*cloud.Plan
		for _, d := range catalogue.Standard().Descriptors(schedules.Kind) {
			plan := c.schedule(t, w, p, d)
			if plan == nil {
				continue
			}
			overlap = overlap || slices.ContainsFunc(plan.Steps, func(s cloud.Step) bool {
				return slices.ContainsFunc(plan.Steps, func(o cloud.Step) bool { return o.VM != s.VM && o.Start < s.Start && s.Start < o.End })
			})
			plans = append(plans, plan)
		}
		for _, proved := range plans {
			for _, other := range plans {
				if proved.Schedule.LowerBound > other.Schedule.Makespan {
					t.Fatalf("%s proves a bound of %d, and there is a schedule of\n%s", proved.Schedule.Scheduler, proved.Schedule.LowerBound, shown(w.in, other))
				}
			}
		}
		if overlap {
			c.overlapping++
		}
		if slices.ContainsFunc(w.plan.Steps, func(s cloud.Step) bool { return s.Action == cloud.Suspend }) {
			c.slept++
		}
	}
	return c
}

// schedule holds one scheduler against the judge and against what it promises.
func (c *outcomes) schedule(t *testing.T, w task, p *timetable.Problem, d spec.Descriptor) *cloud.Plan {
	run := func(seed uint64) (*schedules.Result, string) {
		named := spec.Named(d.Name)
		if nodes := slices.IndexFunc(d.Params, func(p spec.Param) bool { return p.Name == "nodes" }); nodes >= 0 {
			named = named.With("nodes", "300")
		}
		s, full, err := schedules.New(catalogue.Standard(), named)
		if err != nil {
			t.Fatal(err)
		}
		r, err := schedules.Schedule(context.Background(), s, p, schedules.Options{Tables: 25, Seed: seed})
		if err != nil {
			if w.path || !strings.Contains(err.Error(), "can never start") {
				t.Fatalf("%s under %s and %s: %v\n%s", full, p.Model, p.Duration, err, shown(w.in, w.plan))
			}
			return nil, ""
		}
		return r, full.String()
	}
	r, full := run(1)
	if r == nil {
		c.unsane++
		return nil
	}
	plan := r.Plan(full)
	if found := judgeSchedule(t, w.in, plan); !found.OK() {
		t.Fatalf("%s under %s and %s: %v\n%s", full, p.Model, p.Duration, found.Findings, shown(w.in, plan))
	}
	if r.LowerBound > r.Makespan || r.Makespan > p.Total() && w.path && d.Name == "sequential" {
		t.Fatalf("%s: makespan %d, bound %d, sequential %d", full, r.Makespan, r.LowerBound, p.Total())
	}
	if d.Has(schedules.Seedless) {
		if again, _ := run(2); again == nil || !reflect.DeepEqual(again.Steps, r.Steps) {
			t.Fatalf("%s says that the seed makes no difference:\n%s", full, shown(w.in, plan))
		}
	}
	if r.Status == cloud.Optimal {
		c.optimal[d.Name]++
	}
	return plan
}

// No schedule of any scheduler fails the judge, under any model of concurrency, rule and duration; each scheduler ends
// for every path.
func TestJudgeRefusesWhatSchedulersFind(t *testing.T) {
	c := schedulersAndJudge(t, 600)
	t.Logf("%+v", c)
	if c.tasks < 300 || c.overlapping < 70 || c.mending < 20 || c.slept < 70 || c.refused > c.tasks/2 || c.unsane > c.tasks/10 {
		t.Errorf("too few cases: %+v", c)
	}
}
