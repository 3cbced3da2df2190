package experiments

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
	"github.com/cloudrearrange/rearrange/results"
)

// solverFunc is a solver made of a function.
type solverFunc func(ctx context.Context, p *paths.Problem, o paths.Options) (paths.Result, error)

func (f solverFunc) Solve(ctx context.Context, p *paths.Problem, o paths.Options) (paths.Result, error) {
	return f(ctx, p, o)
}

// instead makes a test's solver stand in for every algorithm.
func instead(f solverFunc) func(*spec.Catalogue, spec.Spec) (paths.Solver, spec.Spec, error) {
	return func(_ *spec.Catalogue, s spec.Spec) (paths.Solver, spec.Spec, error) { return f, s, nil }
}

// tasksOf expands a suite of small instances.
func tasksOf(t *testing.T, instances string) []Task {
	t.Helper()
	s, err := DecodeSuite(catalogue.Standard(), "suite.yaml", []byte("format: rearrange/suite/1\nname: t\ninstances: "+instances+"\nalgorithms: [astar]\n"))
	if err != nil {
		t.Fatal(err)
	}
	tasks, err := s.Expand(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return tasks
}

type outcome struct {
	record results.Record
	plan   *cloud.Plan
}

func execute(t *testing.T, ctx context.Context, tasks []Task, o Options) (map[string]outcome, error) {
	t.Helper()
	out := map[string]outcome{}
	o.Done = func(task Task, rec results.Record, plan *cloud.Plan) error {
		if rec.RunKey != task.Key {
			t.Errorf("the record of %s is handed over for %s", rec.RunKey, task.Key)
		}
		if _, twice := out[rec.RunKey]; twice { // a race here would be a race in Done
			t.Errorf("two records of one run")
		}
		if err := rec.Check(); err != nil {
			t.Errorf("a record that no store takes: %v", err)
		}
		out[rec.RunKey] = outcome{rec, plan}
		return nil
	}
	err := Execute(ctx, tasks, o)
	return out, err
}

func one(t *testing.T, f solverFunc) outcome {
	t.Helper()
	tasks := tasksOf(t, `["classic(case=tricky)"]`)
	got, err := execute(t, t.Context(), tasks, Options{newSolver: instead(f)})
	if err != nil || len(got) != 1 {
		t.Fatalf("%d records, error %v", len(got), err)
	}
	return got[tasks[0].Key]
}

func TestEveryTaskGetsOneRecordHoweverManyJobs(t *testing.T) {
	tasks := tasksOf(t, `[{spec: random(hosts=3), seeds: 1-20}]`)
	for _, jobs := range []int{0, 1, 3, 64} {
		got, err := execute(t, t.Context(), tasks, Options{Jobs: jobs})
		if err != nil {
			t.Fatal(err)
		}
		for _, task := range tasks {
			if got[task.Key].record.Outcome != results.Optimal {
				t.Errorf("jobs %d: %s: outcome %q", jobs, task.Instance.Name, got[task.Key].record.Outcome)
			}
		}
	}
}

func TestNoTasksIsNoError(t *testing.T) {
	if got, err := execute(t, t.Context(), nil, Options{}); err != nil || len(got) > 0 {
		t.Errorf("%d records, error %v", len(got), err)
	}
}

func TestJobsRunAtTheSameTimeAndNoMoreThanAskedFor(t *testing.T) {
	tasks := tasksOf(t, `[{spec: random(hosts=3), seeds: 1-12}]`)
	const jobs = 3
	var now, most atomic.Int32
	meet := make(chan struct{})
	var once sync.Once
	_, err := execute(t, t.Context(), tasks, Options{Jobs: jobs, newSolver: instead(func(ctx context.Context, p *paths.Problem, o paths.Options) (paths.Result, error) {
		n := now.Add(1)
		defer now.Add(-1)
		for {
			m := most.Load()
			if n <= m || most.CompareAndSwap(m, n) {
				break
			}
		}
		if n == jobs {
			once.Do(func() { close(meet) })
		}
		<-meet // nobody goes on until all jobs are here
		return paths.Result{Status: cloud.Unknown}, nil
	})})
	if err != nil {
		t.Fatal(err)
	}
	if most.Load() != jobs {
		t.Errorf("%d runs at the same time, want %d", most.Load(), jobs)
	}
}

func TestSolversThatMisbehaveBecomeRecords(t *testing.T) {
	type result = paths.Result
	tricky := func(r result, err error) solverFunc {
		return func(context.Context, *paths.Problem, paths.Options) (result, error) { return r, err }
	}
	for name, c := range map[string]struct {
		solver  solverFunc
		outcome results.Outcome
		message string
		plan    bool
	}{
		"panics": {func(context.Context, *paths.Problem, paths.Options) (result, error) {
			panic("index out of luck")
		}, results.Failed, "panic: index out of luck\n", false},
		"panics on nil": {func(context.Context, *paths.Problem, paths.Options) (result, error) {
			var p *paths.Problem
			return result{Cost: int64(len(p.Rules))}, nil
		}, results.Failed, "panic: runtime error", false},
		"panics with bytes that are no text": {func(context.Context, *paths.Problem, paths.Options) (result, error) {
			panic("\xff\xfe")
		}, results.Failed, "panic: \uFFFD\n", false},
		"fails":            {tricky(result{}, errors.New("out of paper")), results.Failed, "out of paper", false},
		"claims optimum":   {tricky(result{Status: cloud.Optimal, Cost: 0, LowerBound: 0}, nil), results.Invalid, "", true},
		"no such VM":       {tricky(result{Status: cloud.Feasible, Migrations: []cloud.Change{{VM: 99, From: 0, To: 1}}}, nil), results.Failed, "panic: ", false},
		"no such host":     {tricky(result{Status: cloud.Feasible, Migrations: []cloud.Change{{VM: 0, From: 0, To: 77}}}, nil), results.Failed, "panic: ", false},
		"unknown status":   {tricky(result{Status: "splendid"}, nil), results.Failed, `the result of the solver is inconsistent: /outcome: unknown outcome "splendid"`, false},
		"no status":        {tricky(result{}, nil), results.Failed, "the result of the solver is inconsistent: ", false},
		"negative bound":   {tricky(result{Status: cloud.Unknown, LowerBound: -4}, nil), results.Failed, "/lower_bound: expected a non-negative integer, found -4", false},
		"negative counter": {tricky(result{Status: cloud.Unknown, Counters: paths.Counters{Expanded: -4}}, nil), results.Failed, "/counters/expanded: expected a non-negative integer, found -4", false},
		"negative memory":  {tricky(result{Status: cloud.Unknown, PeakBytes: -1}, nil), results.Failed, "/peak_bytes", false},
		"negative cost":    {tricky(result{Status: cloud.Unknown, Incumbents: []paths.Incumbent{{Cost: -1}}}, nil), results.Failed, "/incumbents/0", false},
		"back in time":     {tricky(result{Status: cloud.Unknown, Elapsed: -time.Second}, nil), results.Failed, "/wall_s", false},
		"unsupported":      {tricky(result{Status: cloud.Unsupported, Reason: "too many shoes"}, nil), results.Unsupported, "too many shoes", false},
		"gives up":         {tricky(result{Status: cloud.Unknown, Reason: "no luck"}, nil), results.Unknown, "no luck", false},
		"wrong infeasible": {tricky(result{Status: cloud.Infeasible, Reason: "I said so"}, nil), results.Infeasible, "I said so", false},
	} {
		t.Run(name, func(t *testing.T) {
			got := one(t, c.solver)
			if got.record.Outcome != c.outcome || !strings.Contains(got.record.Message, c.message) {
				t.Errorf("outcome %q, message %q; want %q, %q", got.record.Outcome, got.record.Message, c.outcome, c.message)
			}
			if (got.plan != nil) != c.plan {
				t.Errorf("plan %v, want one: %v", got.plan, c.plan)
			}
		})
	}
}

func TestPlanThatTheJudgeRejectsIsKeptWithItsRecordAndJudgedCost(t *testing.T) {
	got := one(t, func(ctx context.Context, p *paths.Problem, o paths.Options) (paths.Result, error) {
		solver, _, err := paths.New(catalogue.Standard(), spec.Named("astar"))
		if err != nil {
			return paths.Result{}, err
		}
		r, err := solver.Solve(ctx, p, o)
		r.Cost--                     // the sum is a lie
		r.LowerBound = r.Cost        // and so is the proof
		slices.Reverse(r.Migrations) // and the way
		return r, err
	})
	if got.record.Outcome != results.Invalid || got.plan == nil {
		t.Fatalf("outcome %q, plan %v", got.record.Outcome, got.plan)
	}
	if got.record.Cost == nil || *got.record.Cost != 3850 {
		t.Errorf("the record's cost is not the judge's: %v", got.record.Cost)
	}
	if !strings.Contains(got.record.Message, "violations, the first: ") {
		t.Errorf("message %q", got.record.Message)
	}
	if got.record.Steps != len(got.plan.Steps) || got.record.PlanSHA256 == "" {
		t.Errorf("record %+v", got.record)
	}
}

func TestInterruptionDropsUnfinishedRunsAndKeepsFinishedOnes(t *testing.T) {
	tasks := tasksOf(t, `[{spec: random(hosts=3), seeds: 1-10}]`)
	ctx, interrupt := context.WithCancelCause(t.Context())
	cause := errors.New("the user had enough")
	var calls atomic.Int32
	got, err := execute(t, ctx, tasks, Options{Jobs: 2, newSolver: instead(func(ctx context.Context, p *paths.Problem, o paths.Options) (paths.Result, error) {
		if calls.Add(1) <= 4 {
			return paths.Result{Status: cloud.Unknown, Reason: "finished"}, nil
		}
		interrupt(cause)
		<-ctx.Done()
		return paths.Result{Status: cloud.Unknown, Reason: "cut short"}, nil
	})})
	if !errors.Is(err, cause) {
		t.Errorf("error %v, want the cause", err)
	}
	// A run that ends while another interrupts may be either, but never half.
	if len(got) < 3 || len(got) > 4 {
		t.Errorf("%d records, want the 4 that were finished", len(got))
	}
	for _, o := range got {
		if o.record.Message != "finished" {
			t.Errorf("a run that was cut short is recorded: %+v", o.record)
		}
	}
}

func TestRunThatEndedBeforeTheInterruptionIsKept(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	count := 0
	err := Execute(ctx, tasksOf(t, `[classic]`), Options{Jobs: 1, Done: func(Task, results.Record, *cloud.Plan) error {
		interrupt()
		count++
		return nil
	}})
	if count != 1 || !errors.Is(err, context.Canceled) {
		t.Errorf("%d records, error %v", count, err)
	}
}

func TestInterruptedBeforeItBeginsRunsNothing(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	got, err := execute(t, ctx, tasksOf(t, `[{spec: random(hosts=3), seeds: 1-10}]`), Options{})
	if len(got) > 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("%d records, error %v", len(got), err)
	}
}

func TestErrorOfDoneEndsTheExperiment(t *testing.T) {
	full := errors.New("the disk is full")
	var calls int
	err := Execute(t.Context(), tasksOf(t, `[{spec: random(hosts=3), seeds: 1-30}]`), Options{
		Jobs: 2,
		Done: func(Task, results.Record, *cloud.Plan) error {
			calls++
			return full
		},
	})
	if !errors.Is(err, full) || calls > 2 {
		t.Errorf("error %v after %d records, want the error of Done at once", err, calls)
	}
}

func TestRecordSaysWhatWasAskedAndHowLimitsWereHeld(t *testing.T) {
	task := expand(t, `
instances: [classic(case=tricky)]
algorithms: [largefirst]
rules: [capacity]
seeds: 7
limits: {timeout: 1500ms, memory: 1MiB, expansions: 9, cores: 2}
`)[0]
	from := results.Provenance{Version: "1", Revision: "abc"}
	var asked paths.Options
	got, err := execute(t, t.Context(), []Task{task}, Options{Jobs: 3, Provenance: from, newSolver: instead(func(_ context.Context, p *paths.Problem, o paths.Options) (paths.Result, error) {
		asked = o
		return paths.Result{
			Status: cloud.Unknown, Reason: "r", LowerBound: 3, PeakBytes: 5, Elapsed: 2 * time.Second,
			Counters:   paths.Counters{Expanded: 4},
			Incumbents: []paths.Incumbent{{Elapsed: time.Second, Cost: 8, Bound: 2}},
		}, nil
	})})
	if err != nil {
		t.Fatal(err)
	}
	if asked.Timeout != 1500*time.Millisecond || asked.MemoryBytes != 1<<20 || asked.Expansions != 9 || asked.Cores != 2 || asked.Seed != 7 {
		t.Errorf("the solver was asked for %+v", asked)
	}
	bound := int64(3)
	want := results.Record{
		Format: results.RecordFormat, RunKey: task.Key, InstanceSHA256: task.SHA256, Source: task.Instance.SourceSHA256(),
		Name: results.Name{Instance: "tricky", Class: "tricky", Family: "classic", Parameters: results.Values{"case": "tricky"}},
		Features: map[string]any{
			"hosts": 3, "vms": 6, "resources": 1, "rules": 1, "groups": 0, "sizes": 3, "interruptible": 0, "broken_rules": 0, "breaches": 0, "vms_per_host": 2.0,
			"utilisation.ram": 0.683, "utilisation": 0.683, "largest_vm": 0.5, "shutdowns": 1, "provisions": 0,
			"misplaced": 3, "misplaced_fraction": 0.6, "across_racks": 0, "across_zones": 0, "deadlocked": true, "entangled": 3, "locked": 3,
		},
		Algorithm: "largefirst", AlgorithmParameters: task.AlgorithmParameters, CostFunction: "ram", CostUnit: "MiB",
		Rules: []string{"capacity"}, Seed: 7, Limits: task.Limits,
		Outcome: results.Unknown, Message: "r", LowerBound: &bound, WallS: 2, PeakBytes: 5,
		Counters:   map[string]int64{"expanded": 4, "generated": 0, "reopened": 0, "stored": 0},
		Incumbents: []results.Incumbent{{ElapsedS: 1, Cost: 8, Bound: 2}},
		Enforced: map[string]string{
			"timeout": "the solver looks at the clock", "memory": "the solver accounts for what it stores",
			"expansions": "counted by the driver", "cores": "the driver starts no more goroutines",
		},
		Provenance: from,
	}
	rec := got[task.Key].record
	if date, err := time.Parse(time.RFC3339, rec.Provenance.Date); err != nil || time.Since(date) > time.Minute || rec.Provenance.Load < 0 {
		t.Errorf("begun %s under a load of %v", rec.Provenance.Date, rec.Provenance.Load)
	}
	want.Provenance.Date, want.Provenance.Load, want.Provenance.Jobs = rec.Provenance.Date, rec.Provenance.Load, 3
	if diff := cmp.Diff(want, rec); diff != "" {
		t.Error(diff)
	}
}

func ExampleExecute() {
	suite, err := DecodeSuite(catalogue.Standard(), "suite.yaml", []byte(`
format: rearrange/suite/1
name: example
instances: [classic(case=tricky)]
algorithms: [dijkstra, astar]
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	tasks, err := suite.Expand(context.Background(), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	err = Execute(context.Background(), tasks, Options{
		Jobs: 1,
		Done: func(t Task, rec results.Record, plan *cloud.Plan) error {
			fmt.Println(rec.Instance, rec.Algorithm, rec.Outcome, *rec.Cost)
			return nil
		},
	})
	if err != nil {
		fmt.Println(err)
	}
	// Unordered output:
	// tricky dijkstra optimal 3850
	// tricky astar optimal 3850
}
