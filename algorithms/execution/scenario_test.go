package execution_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/cloudrearrange/rearrange/algorithms/execution"
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/schedules"
	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/drivers"
	"github.com/cloudrearrange/rearrange/cloud/durations"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// scenario is one execution to come: a plan, and a cloud that does not do as it is told.
type scenario struct {
	kind            string // of the instance
	in              *cloud.Instance
	plan            *cloud.Plan
	model, duration string
	cloud, executor string
	seed            uint64
}

func (s *scenario) String() string {
	text := fmt.Sprintf("%s, seed %d: %s on %s under %s, %s\nrules %v\n", s.kind, s.seed, s.executor, s.cloud, s.model, s.duration, s.in.Rules)
	if *only > 0 {
		var b bytes.Buffer
		_ = s.in.Encode(&b)
		text += b.String()
	}
	return text
}

// outcome is what came of a scenario.
type outcome struct {
	report  *execution.Report
	log     []drivers.LogEntry
	last    *drivers.Snapshot
	journal []execution.Entry
	lives   int // of the executor
	found   []string
}

// task is what the executor is told.
func (s *scenario) task() execution.Task {
	return execution.Task{
		Catalogue: catalogue.Standard(), Instance: s.in, Plan: s.plan, Model: spec.MustParse(s.model), Duration: spec.MustParse(s.duration), Cost: spec.Named("ram"),
	}
}

// simulation makes the cloud.
func (s *scenario) simulation() (*drivers.Simulation, error) {
	c := catalogue.Standard()
	takes, err := durations.Bind(c, s.in, spec.MustParse(s.duration))
	if err != nil {
		return nil, err
	}
	binder, _, err := spec.Build[drivers.Binder](c, drivers.Kind, spec.MustParse(s.cloud))
	if err != nil {
		return nil, err
	}
	d, err := binder(drivers.Setting{Catalogue: c, Instance: s.in, Duration: takes, Plan: s.plan, Seed: s.seed})
	if err != nil {
		return nil, err
	}
	return d.(*drivers.Simulation), nil
}

// maxLives bounds how often one execution is resumed.
const maxLives = 50

// run carries the plan out, and resumes as often as the executor dies.
func (s *scenario) run(journal store) (*outcome, error) {
	sim, err := s.simulation()
	if err != nil {
		return nil, err
	}
	d := &watched{Simulation: sim, journal: journal}
	e, _, err := execution.New(catalogue.Standard(), spec.MustParse(s.executor))
	if err != nil {
		return nil, err
	}
	out := &outcome{}
	for out.report == nil {
		known, err := journal.open()
		if err != nil {
			return nil, err
		}
		if out.lives++; out.lives > maxLives {
			return nil, errors.New("it is resumed for ever")
		}
		report, err := s.live(e, d, journal, known)
		switch {
		case err == nil:
			out.report = report
		case len(known) > 0 && known[len(known)-1].Event == execution.EventFinished:
			out.report = report // it died when it had written its last line
		case !errors.Is(err, drivers.ErrKilled) && !errors.Is(err, errDied):
			return nil, err
		}
	}
	for out.last == nil { // the executor may have to be killed yet
		if out.last, err = d.Snapshot(context.Background()); err != nil && !errors.Is(err, drivers.ErrKilled) {
			return nil, err
		}
	}
	out.log, out.found = d.Log(), d.found
	out.journal, err = journal.read()
	return out, err
}

// maxEntries bounds the entries of one life: an executor that writes more goes round in circles.
const maxEntries = 100_000

func (s *scenario) live(e execution.Executor, d drivers.Driver, journal execution.Journal, known []execution.Entry) (*execution.Report, error) {
	entries := 0
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	return execution.Execute(ctx, e, d, s.task(), execution.Options{Journal: journal, Known: known, Seed: s.seed, OnEntry: func(execution.Entry) {
		if entries++; entries > maxEntries {
			cancel()
		}
	}})
}

// solved plans the path to the target, with a schedule unless the scenario's model is asked for none. It tells whether there is a path.
func (s *scenario) solved(scheduled bool) (bool, error) {
	c := catalogue.Standard()
	p, err := paths.NewProblem(c, s.in, nil, spec.Named("ram"))
	if err != nil {
		return false, err
	}
	solver, full, err := paths.New(c, spec.Named("auto"))
	if err != nil {
		return false, err
	}
	result, err := solver.Solve(context.Background(), p, paths.Options{Expansions: 20000, Seed: s.seed, Cores: 1})
	if err != nil || !result.Status.HasPlan() {
		return false, err
	}
	s.plan = result.Plan(p, full.String())
	if !scheduled {
		return true, nil
	}
	problem, err := timetable.NewProblem(c, s.in, nil, s.plan, spec.MustParse(s.model), spec.MustParse(s.duration))
	if err != nil {
		return false, err
	}
	list, name, err := schedules.New(c, spec.Named("list"))
	if err != nil {
		return false, err
	}
	timed, err := schedules.Schedule(context.Background(), list, problem, schedules.Options{Tables: 20, Seed: s.seed})
	if err != nil {
		return false, err
	}
	s.plan = timed.Plan(name.String())
	return true, nil
}

// models of concurrency, and the limits that they stand for.
var models = []struct {
	text string
	limits
}{
	{"slots(preset=nova)", limits{outgoing: 1}},
	{"slots(preset=kubevirt)", limits{outgoing: 2, total: 5}},
	{"slots(per-host=2)", limits{perHost: 2}},
	{"slots(incoming=1, total=2)", limits{incoming: 1, total: 2}},
	{"sequential", limits{total: 1}},
	{"slots(total=100)", limits{total: 100}},
	{"bandwidth(sharing=max-min)", limits{}},
}

func limitsOf(model string) limits {
	for _, m := range models {
		if m.text == model {
			return m.limits
		}
	}
	panic("no limits of " + model)
}

// draw makes a scenario, nil where no path to the target is found.
func draw(seed uint64, on, executor string) (*scenario, error) {
	rng := rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15))
	kind := instances[seed%uint64(len(instances))]
	s := &scenario{
		kind: kind.kind, in: kind.make(rng), model: models[rng.IntN(len(models))].text, executor: executor, cloud: on, seed: seed,
		duration: []string{"precopy(bandwidth=1)", "precopy(bandwidth=2, shutdown=2s, provision=3s, suspend=4s, resume=5s)", "rate"}[rng.IntN(3)],
	}
	ok, err := s.solved(rng.IntN(3) > 0)
	if !ok || err != nil {
		return nil, err
	}
	return s, nil
}
