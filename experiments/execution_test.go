package experiments

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/execution"
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud/drivers"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
	"github.com/cloudrearrange/rearrange/results"
)

// executor is one of a test.
type executor func(context.Context, *execution.Run) error

func (e executor) Execute(ctx context.Context, r *execution.Run) error { return e(ctx, r) }

func withExecutor(e executor) *spec.Catalogue {
	return catalogue.Standard().With(execution.Registry(spec.Entry[execution.Executor]{
		Descriptor: spec.Descriptor{Name: "odd", Synopsis: "for a test", Citation: "own work"},
		New:        func(spec.Args) (execution.Executor, error) { return e, nil },
	}))
}

// spoilt is a simulated cloud that carries plans out, and tells something else.
type spoilt struct {
	drivers.Driver
	spoil func([]drivers.LogEntry) []drivers.LogEntry
}

func (s spoilt) Log() []drivers.LogEntry {
	return s.spoil(slices.Clone(s.Driver.(*drivers.Simulation).Log()))
}

// withCloud is a catalogue with a cloud that makes something else of a simulated one.
func withCloud(make func(drivers.Driver) drivers.Driver) *spec.Catalogue {
	c := catalogue.Standard()
	return c.With(drivers.Registry(spec.Entry[drivers.Binder]{
		Descriptor: spec.Descriptor{Name: "odd", Synopsis: "for a test", Citation: "own work"},
		New: func(spec.Args) (drivers.Binder, error) {
			binder, _, err := spec.Build[drivers.Binder](c, drivers.Kind, spec.MustParse("simulation"))
			return func(s drivers.Setting) (drivers.Driver, error) {
				d, err := binder(s)
				return make(d), err
			}, err
		},
	}))
}

const (
	onePlan  = "algorithms: [greedy]\nschedules: [{model: slots(outgoing=1), duration: precopy, scheduler: list}]\n"
	twoByOne = onePlan + "executions:\n- {executor: [adaptive, in-order], on: simulation(failures=0.1)}\n"
)

func TestFaultsOfExecutionsAreToldWithTheirPlace(t *testing.T) {
	for text, want := range map[string]string{
		"executions: []\n": "executions: expected at least one execution, found an empty list",
		"executions: [{executor: adaptiv, on: simulation}]\n":                         `executions[0].executor: unknown executor "adaptiv", did you mean "adaptive"?`,
		"executions: [{executor: adaptive, on: [simulation, simulation(kils=1)]}]\n":  `executions[0].on[1]: unknown parameter "kils" of simulation, did you mean "kills"?`,
		"executions: [{executor: [adaptive, adaptive(retries=5)], on: simulation}]\n": "executions[0].executor[1]: adaptive(retries=5) is the same executor as executions[0].executor[0]",
		"executions: [{executor: adaptive}]\n":                                        `executions[0]: field "on" is missing`,
		"executions:\n- &x {executor: adaptive, on: simulation}\n- *x\n":              "executor adaptive and on simulation stand together in executions[0], too",
		"executions: [{executor: adaptive, on: simulation, model: sequential}]\n":     "executions[0]: unknown field \"model\"",
	} {
		if _, err := plannedSuite(catalogue.Standard(), onePlan+text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v\nexpected %s", err, want)
		}
	}
	_, err := plannedSuite(catalogue.Standard(), "algorithms: [greedy]\nexecutions: [{executor: adaptive, on: simulation}]\n")
	if err == nil || !strings.Contains(err.Error(), `executions need the field "schedules"`) {
		t.Error(err)
	}
	s, err := plannedSuite(catalogue.Standard(), strings.Replace(twoByOne, "precopy", "unit", 1))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Expand(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "executions take durations in ms, not in steps: unit") {
		t.Error(err)
	}
}

func TestExecutionsAreAnAxis(t *testing.T) {
	tasks := plannedTasks(t, catalogue.Standard(), twoByOne+"seeds: 7-9\n")
	if len(tasks) != 2*3 {
		t.Fatalf("%d tasks", len(tasks))
	}
	keys, plans := map[string]bool{}, map[*shared]bool{}
	for _, task := range tasks {
		keys[task.Key], plans[task.planned] = true, true
		if got := task.Record(); got.Execution.PlanSeed != 7 || got.Seed != task.Seed || got.Executing().On != "simulation(failures=0.1)" || got.Execution.Made() {
			t.Errorf("before the run, a record tells %d, %+v", got.Seed, got.Execution)
		}
		if !slices.ContainsFunc(task.Packages, func(p string) bool { return strings.HasSuffix(p, "/execution") }) || !slices.ContainsFunc(task.Packages, func(p string) bool { return strings.HasSuffix(p, "/drivers") }) {
			t.Errorf("the run does not depend on executor and cloud: %q", task.Packages)
		}
	}
	if len(keys) != len(tasks) || len(plans) != 1 {
		t.Errorf("%d keys and %d plans of %d tasks", len(keys), len(plans), len(tasks))
	}
	seedless := plannedTasks(t, catalogue.Standard(), strings.Replace(twoByOne, "scheduler: list", "scheduler: fifo", 1)+"seeds: 7-9\n")
	if len(seedless) != 6 || seedless[0].planSeed != 0 {
		t.Errorf("%d tasks, plan seed %d", len(seedless), seedless[0].planSeed)
	}
}

func TestKeyOfAnExecutionIsStableFromReleaseToRelease(t *testing.T) {
	of := ingredients{
		Instance: "i", Algorithm: "astar", Cost: "ram", Rules: []string{"capacity"}, Seed: 3, Model: "sequential", Duration: "precopy", Scheduler: "list",
		Executor: "adaptive", On: "simulation", PlanSeed: 1,
	}
	if got, want := of.hash(), "ce7c7837b712c0594940357d22f0c93a"; got != want {
		t.Errorf("key %s, want %s", got, want)
	}
	for name, change := range map[string]func(*ingredients){
		"executor":          func(i *ingredients) { i.Executor = "in-order" },
		"cloud":             func(i *ingredients) { i.On = "other" },
		"seed of the cloud": func(i *ingredients) { i.Seed = 4 },
		"seed of the plan":  func(i *ingredients) { i.PlanSeed = 2 },
	} {
		other := of
		if change(&other); other.hash() == of.hash() {
			t.Errorf("the key does not depend on the %s", name)
		}
	}
}

func TestEveryExecutionIsOfOnePlanAndJudged(t *testing.T) {
	tasks := plannedTasks(t, catalogue.Standard(), onePlan+`executions:
- {executor: [adaptive, in-order, in-batches], on: ["simulation(failures=0.1, deviation=2)", "simulation(deaths=1, arrivals=2, kills=3, stalls=0.1, lag=60s)"]}
seeds: 1-4
limits: {schedule-tables: 40, expansions: 1000}
`)
	var solved atomic.Int32
	got, err := execute(t, t.Context(), tasks, Options{Jobs: 3, newSolver: func(c *spec.Catalogue, s spec.Spec) (paths.Solver, spec.Spec, error) {
		solved.Add(1)
		return paths.New(c, s)
	}})
	if err != nil || solved.Load() != 1 || len(got) != 24 {
		t.Fatalf("%d paths, %d records, error %v", solved.Load(), len(got), err)
	}
	reached, resumed, plan := map[string]int{}, 0, ""
	for _, o := range got {
		r, e := o.record, o.record.Execution
		if err := r.Check(); err != nil {
			t.Error(err)
		}
		if !r.Outcome.HasPlan() || !e.Made() || e.Violations != 0 || e.Ends+e.Failures+e.Refusals != e.Requests || r.Schedule.SHA256 != o.plan.StepsSHA256(tasks[0].Instance) {
			t.Errorf("%s, %s: %+v", r.Outcome, r.Message, e)
		}
		if plan != "" && plan != r.Schedule.SHA256 {
			t.Error("executions of different plans")
		}
		plan = r.Schedule.SHA256
		resumed += e.Resumes
		if e.Status == results.Reached {
			reached[e.Executor]++
		}
		if e.Deaths == 0 && (e.Astray == 0) != (e.Status == results.Reached) {
			t.Errorf("%d VMs astray, and yet %s", e.Astray, e.Status)
		}
	}
	if reached["adaptive"] < 4 || reached["in-order"] > 1 || resumed == 0 {
		t.Errorf("reached %v, resumed %d times", reached, resumed)
	}
}

// The judge of executions sees what an executor that is no good does where the cloud lets it.
func TestScriptsThatGoOnRegardlessBreakRules(t *testing.T) {
	tasks := plannedTasks(t, catalogue.Standard(), onePlan+"executions: [{executor: [adaptive, in-order], on: \"simulation(failures=0.4, checks=no)\"}]\nseeds: 1-6\n")
	got, err := execute(t, t.Context(), tasks, Options{})
	if err != nil {
		t.Fatal(err)
	}
	broken := map[string]int{}
	for _, o := range got {
		if r := o.record; r.Outcome == results.Invalid && strings.Contains(r.Message, "capacity: at ") && r.Execution.Violations > 0 {
			broken[r.Execution.Executor]++
		}
	}
	if broken["adaptive"] != 0 || broken["in-order"] == 0 {
		t.Errorf("rules were broken by %v", broken)
	}
}

func TestExecutorsThatMisbehaveBecomeRecords(t *testing.T) {
	for name, tc := range map[string]struct {
		does    executor
		outcome results.Outcome
		message string
	}{
		"idle":     {func(_ context.Context, r *execution.Run) error { return r.Finish(false, "no time") }, results.Feasible, ""},
		"liar":     {func(_ context.Context, r *execution.Run) error { return r.Finish(true, "") }, results.Invalid, "the target is said to be reached"},
		"gives up": {func(context.Context, *execution.Run) error { return context.DeadlineExceeded }, results.Failed, "odd: context deadline exceeded"},
		"panics":   {func(context.Context, *execution.Run) error { panic("ouch") }, results.Failed, "panic: ouch"},
	} {
		tasks := plannedTasks(t, withExecutor(tc.does), onePlan+"executions: [{executor: odd, on: simulation}]\n")
		got, err := execute(t, t.Context(), tasks, Options{})
		if err != nil {
			t.Fatal(err)
		}
		o := got[tasks[0].Key]
		if r := o.record; r.Outcome != tc.outcome && !(tc.outcome == results.Feasible && r.Outcome.HasPlan()) || !strings.Contains(r.Message, tc.message) || r.Check() != nil || r.Execution.Made() == (tc.outcome == results.Failed) {
			t.Errorf("%s: %s, %q, %+v", name, r.Outcome, r.Message, r.Execution)
		}
	}
}

func TestLogsThatDisagreeWithTheJournalAreFound(t *testing.T) {
	for want, spoil := range map[string]func([]drivers.LogEntry) []drivers.LogEntry{
		"": func(l []drivers.LogEntry) []drivers.LogEntry { return l },
		"was accepted by the journal, and not by the log": func(l []drivers.LogEntry) []drivers.LogEntry {
			return slices.DeleteFunc(l, func(e drivers.LogEntry) bool { return e.Request.ID == l[0].Request.ID })
		},
		"it was started twice": func(l []drivers.LogEntry) []drivers.LogEntry { return slices.Insert(l, 1, l[0]) },
		`"ended" by the journal, and "failed" by the log`: func(l []drivers.LogEntry) []drivers.LogEntry {
			l[slices.IndexFunc(l, func(e drivers.LogEntry) bool { return e.What == drivers.Ended })].What = drivers.Failed
			return l
		},
		"a host is dead": func(l []drivers.LogEntry) []drivers.LogEntry {
			return slices.Insert(l, 0, drivers.LogEntry{What: drivers.Died, Request: drivers.Request{From: l[0].Request.To}})
		},
		"it is under way in the end": func(l []drivers.LogEntry) []drivers.LogEntry { return l[:len(l)-1] },
	} {
		c := withCloud(func(d drivers.Driver) drivers.Driver { return spoilt{d, spoil} })
		tasks := plannedTasks(t, c, onePlan+"executions: [{executor: in-order, on: odd}]\n")
		got, err := execute(t, t.Context(), tasks, Options{})
		if err != nil {
			t.Fatal(err)
		}
		r := got[tasks[0].Key].record
		found := findingsOf(t, tasks[0], c)
		if (r.Outcome == results.Invalid) != (want != "") || !strings.Contains(found, want) || want == "" && found != "" {
			t.Errorf("%s: %q, expected %q in %s", r.Outcome, r.Message, want, found)
		}
	}
}

// findingsOf are all findings about the execution of a task.
func findingsOf(t *testing.T, task Task, c *spec.Catalogue) string {
	t.Helper()
	r := run{task: task}
	r.do(t.Context())
	driver, err := r.cloud()
	if err != nil {
		t.Fatal(err)
	}
	report, entries, err := r.carryOut(t.Context(), driver)
	if err != nil {
		t.Fatal(err)
	}
	found, err := r.judgeExecution(driver, report, entries)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, f := range found {
		texts = append(texts, f.String())
	}
	return strings.Join(texts, "\n")
}

func TestCloudsWithoutALogAreRefused(t *testing.T) {
	c := withCloud(func(d drivers.Driver) drivers.Driver { return struct{ drivers.Driver }{d} })
	tasks := plannedTasks(t, c, onePlan+"executions: [{executor: in-order, on: odd}]\n")
	got, err := execute(t, t.Context(), tasks, Options{})
	if r := got[tasks[0].Key].record; err != nil || r.Outcome != results.Failed || !strings.Contains(r.Message, "odd keeps no log") {
		t.Errorf("%v, %s, %q", err, r.Outcome, r.Message)
	}
}

func TestAnInterruptedExecutionLeavesNoRecord(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	c := withExecutor(func(context.Context, *execution.Run) error {
		cancel()
		return context.Canceled
	})
	tasks := plannedTasks(t, c, onePlan+"executions: [{executor: odd, on: simulation}]\n")
	if got, err := execute(t, ctx, tasks, Options{Jobs: 1}); err == nil || len(got) > 0 {
		t.Errorf("%d records, error %v", len(got), err)
	}
}
