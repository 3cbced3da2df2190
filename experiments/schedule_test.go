package experiments

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/schedules"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
	"github.com/cloudrearrange/rearrange/results"
)

// scheduler is one of a test.
type scheduler func(*schedules.Run) error

func (s scheduler) Schedule(r *schedules.Run) error { return s(r) }

// withScheduler is a catalogue with that scheduler, named odd.
func withScheduler(s scheduler) *spec.Catalogue {
	return catalogue.Standard().With(schedules.Registry(spec.Entry[schedules.Scheduler]{
		Descriptor: spec.Descriptor{Name: "odd", Synopsis: "for a test", Citation: "own work"},
		New:        func(spec.Args) (schedules.Scheduler, error) { return s, nil },
	}))
}

func plannedSuite(c *spec.Catalogue, text string) (*Suite, error) {
	return DecodeSuite(c, "suite.yaml", []byte(aimed+text))
}

func plannedTasks(t *testing.T, c *spec.Catalogue, text string) []Task {
	t.Helper()
	s, err := plannedSuite(c, text)
	if err != nil {
		t.Fatal(err)
	}
	tasks, err := s.Expand(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return tasks
}

const twoByTwo = `algorithms: [greedy]
schedules:
- {model: [slots(outgoing=1), sequential], duration: precopy, scheduler: [sequential, list]}
`

func TestFaultsOfSchedulesAreToldWithTheirPlace(t *testing.T) {
	for text, want := range map[string]string{
		"schedules: []\n": "schedules: expected at least one schedule, found an empty list",
		"schedules: [{model: slot(total=1), duration: unit, scheduler: list}]\n":        `schedules[0].model: unknown model of concurrency "slot", did you mean "slots"?`,
		"schedules: [{model: sequential, duration: [unit, precpy], scheduler: list}]\n": `schedules[0].duration[1]: unknown duration "precpy", did you mean "precopy"?`,
		"schedules: [{model: sequential, duration: unit, scheduler: [list, list()]}]\n": "schedules[0].scheduler[1]: list is the same scheduler as schedules[0].scheduler[0]",
		"schedules: [{model: sequential, duration: unit}]\n":                            `schedules[0]: field "scheduler" is missing`,
		"schedules: [{model: sequential, duration: [], scheduler: list}]\n":             "schedules[0].duration: expected at least one duration, found an empty list",
		"schedules: [list]\n": "schedules[0]: expected a mapping",
		"schedules:\n- &x {model: sequential, duration: unit, scheduler: list}\n- *x\n":                     "model sequential, duration unit and scheduler list stand together in schedules[0], too",
		"limits: {schedule-timeout: 1s}\n":                                                                  `limits of schedulers need the field "schedules"`,
		"schedules: [{model: sequential, duration: unit, scheduler: list}]\nlimits: {schedule-tables: 0}\n": "limits.schedule-tables: expected",
	} {
		if _, err := plannedSuite(catalogue.Standard(), "algorithms: [greedy]\n"+text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v\nexpected %s", err, want)
		}
	}
}

func TestSchedulesAreAnAxis(t *testing.T) {
	tasks := plannedTasks(t, catalogue.Standard(), twoByTwo+"costs: [ram, count]\nseeds: 1-2\n")
	// Two costs, two models, and of the schedulers one that uses no seed and one with two.
	if len(tasks) != 2*2*(1+2) {
		t.Fatalf("%d tasks", len(tasks))
	}
	keys, found := map[string]bool{}, map[*shared]string{}
	for _, task := range tasks {
		keys[task.Key] = true
		if cost := found[task.path]; cost != "" && cost != task.Cost.String() {
			t.Error("paths under two cost functions are taken for one")
		}
		found[task.path] = task.Cost.String()
	}
	if len(keys) != len(tasks) || len(found) != 2 {
		t.Errorf("%d keys and %d paths of %d tasks", len(keys), len(found), len(tasks))
	}
	first := tasks[0].Record().Schedule
	if first.Scheduling != (results.Scheduling{Model: "slots(outgoing=1)", Duration: "precopy", Scheduler: "sequential"}) || first.Made() {
		t.Errorf("before the run, a record tells %+v", first)
	}
}

func TestKeyOfAScheduleIsStableFromReleaseToRelease(t *testing.T) {
	of := ingredients{
		Instance: "i", Algorithm: "astar", Cost: "ram", Rules: []string{"capacity"}, Limits: results.Limits{ScheduleTimeoutS: 5, ScheduleTables: 7},
		Model: "sequential", Duration: "unit", Scheduler: "list",
	}
	if got, want := of.hash(), "2a323d89f0ee594c7e7d58920b7f8b05"; got != want {
		t.Errorf("key %s, want %s", got, want)
	}
	for name, change := range map[string]func(*ingredients){
		"model":     func(i *ingredients) { i.Model = "slots" },
		"duration":  func(i *ingredients) { i.Duration = "precopy" },
		"scheduler": func(i *ingredients) { i.Scheduler = "exact" },
		"time":      func(i *ingredients) { i.Limits.ScheduleTimeoutS = 6 },
		"tables":    func(i *ingredients) { i.Limits.ScheduleTables = 8 },
	} {
		other := of
		if change(&other); other.hash() == of.hash() {
			t.Errorf("the key does not depend on the %s", name)
		}
	}
}

func TestEveryScheduleIsMadeOfOnePathAndJudged(t *testing.T) {
	tasks := plannedTasks(t, catalogue.Standard(), twoByTwo+"limits: {schedule-tables: 40, expansions: 1000}\n")
	var solved atomic.Int32
	got, err := execute(t, t.Context(), tasks, Options{Jobs: 3, newSolver: func(c *spec.Catalogue, s spec.Spec) (paths.Solver, spec.Spec, error) {
		solved.Add(1)
		return paths.New(c, s)
	}})
	if err != nil || solved.Load() != 1 {
		t.Fatalf("%d paths, error %v", solved.Load(), err)
	}
	var wall float64
	moves := map[string]bool{}
	for _, o := range got {
		r, s := o.record, o.record.Schedule
		if err := r.Check(); err != nil {
			t.Error(err)
		}
		moves[s.Moves] = true
		switch {
		case !s.Made() || !r.Outcome.HasPlan() || *r.Cost == 0:
			t.Errorf("%+v: %s, %s", s, r.Outcome, r.Message)
		case wall != 0 && r.WallS != wall:
			t.Error("runs that differ in the schedule tell of different paths")
		case s.Sequential < s.Makespan || s.LowerBound > s.Makespan || s.Unit != "ms":
			t.Errorf("%+v", s)
		case (s.Scheduler == "sequential" || s.Model == "sequential") && (s.Peak != 1 || s.Makespan != s.Sequential):
			t.Errorf("one at a time, and yet %+v", s)
		case s.Scheduler == "list" && s.Model != "sequential" && (s.Peak < 2 || s.Makespan >= s.Sequential || len(s.Incumbents) == 0):
			t.Errorf("nothing runs in parallel: %+v", s)
		case o.plan.Schedule == nil || o.plan.StepsSHA256(tasks[0].Instance) != r.StepsSHA256() || r.StepsSHA256() == r.PlanSHA256:
			t.Error("the plan that is kept is not that of the record")
		}
		wall = r.WallS
	}
	if len(moves) != 1 {
		t.Error("the order of steps makes a difference to which moves they are")
	}
}

func TestSchedulersThatMisbehaveBecomeRecords(t *testing.T) {
	all := func(r *schedules.Run) error {
		order := make([]int32, len(r.Moves))
		for i := range order {
			order[i] = int32(i)
		}
		table, err := r.InOrder(order)
		if err == nil {
			r.Found(table)
		}
		return err
	}
	for name, tc := range map[string]struct {
		does    scheduler
		outcome results.Outcome
		message string
	}{
		"well": {all, results.Feasible, ""},
		"all at once": {func(r *schedules.Run) error {
			err := all(r)
			for m := range r.Best().Starts {
				length := r.Best().Ends[m] - r.Best().Starts[m]
				r.Best().Starts[m], r.Best().Ends[m] = 0, length
			}
			return err
		}, results.Invalid, "violations, the first: step"},
		"too fast": {func(r *schedules.Run) error {
			err := all(r)
			r.Best().Ends[0]--
			return err
		}, results.Invalid, "at the earliest it can end at"},
		"gives up": {func(*schedules.Run) error { return errors.New("no idea") }, results.Failed, "odd: no idea"},
		"panics":   {func(*schedules.Run) error { panic("ouch") }, results.Failed, "panic: ouch"},
		"nothing":  {func(*schedules.Run) error { return nil }, results.Failed, ""},
	} {
		tasks := plannedTasks(t, withScheduler(tc.does), "algorithms: [greedy]\nschedules: [{model: slots(total=1), duration: precopy, scheduler: odd}]\n")
		got, err := execute(t, t.Context(), tasks, Options{})
		if err != nil {
			t.Fatal(err)
		}
		o := got[tasks[0].Key]
		if r := o.record; r.Outcome != tc.outcome || !strings.Contains(r.Message, tc.message) || r.Check() != nil || (o.plan == nil) != (tc.outcome == results.Failed) {
			t.Errorf("%s: %s, %q, %+v", name, r.Outcome, r.Message, r.Schedule)
		}
	}
}

// blocked is a model under which nothing ever runs.
type blocked struct{ concurrency.Model }

func (blocked) Limits() []concurrency.Limit {
	return []concurrency.Limit{{Name: "gate", Unit: "migrations", Host: cloud.Absent}}
}

func (blocked) Needs(*cloud.Step) concurrency.Needs {
	return concurrency.Needs{Uses: []concurrency.Use{{Limit: 0, Least: 1, Full: 1}}}
}

func TestModelsUnderWhichAStepCanNeverRunAreUnsupported(t *testing.T) {
	c := catalogue.Standard().With(concurrency.Registry(spec.Entry[concurrency.Binder]{
		Descriptor: spec.Descriptor{Name: "blocked", Synopsis: "for a test", Citation: "own work"},
		New: func(spec.Args) (concurrency.Binder, error) {
			return func(*cloud.Instance, cloud.Duration) (concurrency.Model, error) { return blocked{}, nil }, nil
		},
	}))
	tasks := plannedTasks(t, c, "algorithms: [greedy]\nschedules: [{model: blocked, duration: unit, scheduler: list}]\n")
	got, err := execute(t, t.Context(), tasks, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r := got[tasks[0].Key].record; r.Outcome != results.Unsupported || r.Schedule.Status != results.Unsupported || !strings.Contains(r.Message, "never run") || r.Check() != nil {
		t.Errorf("%s, %q, %+v", r.Outcome, r.Message, r.Schedule)
	}
}

func TestUnitsThatDoNotFitAreFaultsOfTheSuite(t *testing.T) {
	s, err := plannedSuite(catalogue.Standard(), "algorithms: [greedy]\nschedules: [{model: steps, duration: precopy, scheduler: list}]\n")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Expand(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "suite.yaml:3: instances[0]: instance random(hosts=4)#1: model of concurrency steps") {
		t.Error(err)
	}
}

func TestAnInterruptedScheduleLeavesNoRecord(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	interrupted := withScheduler(func(r *schedules.Run) error {
		cancel()
		return errors.New("interrupted")
	})
	tasks := plannedTasks(t, interrupted, "algorithms: [greedy]\nschedules: [{model: slots(total=1), duration: unit, scheduler: [odd, list]}]\n")
	if got, err := execute(t, ctx, tasks, Options{Jobs: 1}); err == nil || len(got) > 1 || len(got) == 1 && got[tasks[0].Key].plan != nil {
		t.Errorf("%d records, error %v", len(got), err)
	}
	got, err := execute(t, t.Context(), tasks[1:], Options{})
	if err != nil || !got[tasks[1].Key].record.Schedule.Made() {
		t.Errorf("another schedule of the same path later: %v, %+v", err, got)
	}
}
