package execution_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/execution"
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/schedules"
	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/drivers"
	"github.com/cloudrearrange/rearrange/cloud/durations"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
	"github.com/cloudrearrange/rearrange/generators"
)

// memory is a journal that outlives the executor, as a file does.
type memory struct{ bytes.Buffer }

func (m *memory) Append(line []byte) error { _, err := m.Write(line); return err }

func (m *memory) entries(t *testing.T) []execution.Entry {
	out, err := execution.ReadEntries("journal", bytes.NewReader(m.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// planned makes an instance of a family with a schedule of a path to its target; nil where none is found.
func planned(t *testing.T, family string, seed uint64) (*cloud.Instance, *cloud.Plan) {
	c := catalogue.Standard()
	made, err := generators.Generate(c, spec.MustParse(family), seed)
	if err != nil {
		t.Fatal(err)
	}
	in := made[0]
	p, err := paths.NewProblem(c, in, nil, spec.Named("ram"))
	if err != nil {
		t.Fatal(err)
	}
	solver, full, err := paths.New(c, spec.Named("auto"))
	if err != nil {
		t.Fatal(err)
	}
	result, err := solver.Solve(context.Background(), p, paths.Options{Expansions: 20000, Seed: seed, Cores: 1})
	if err != nil {
		t.Fatal(err)
	}
	if !result.Status.HasPlan() {
		return nil, nil
	}
	plan := result.Plan(p, full.String())
	problem, err := timetable.NewProblem(c, in, nil, plan, spec.MustParse("slots(preset=nova)"), spec.MustParse("precopy(dirty=20)"))
	if err != nil {
		t.Fatal(err)
	}
	list, name, err := schedules.New(c, spec.Named("list"))
	if err != nil {
		t.Fatal(err)
	}
	timed, err := schedules.Schedule(context.Background(), list, problem, schedules.Options{Tables: 20, Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	return in, timed.Plan(name.String())
}

// execute carries a plan out on a simulated cloud, and resumes as often as the executor is killed.
func execute(t *testing.T, in *cloud.Instance, plan *cloud.Plan, executor, on string, seed uint64) (*execution.Report, *drivers.Simulation, *memory) {
	c := catalogue.Standard()
	takes, err := durations.Bind(c, in, spec.MustParse("precopy(dirty=20)"))
	if err != nil {
		t.Fatal(err)
	}
	binder, _, err := spec.Build[drivers.Binder](c, drivers.Kind, spec.MustParse(on))
	if err != nil {
		t.Fatal(err)
	}
	d, err := binder(drivers.Setting{Catalogue: c, Instance: in, Duration: takes, Plan: plan, Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	e, _, err := execution.New(c, spec.MustParse(executor))
	if err != nil {
		t.Fatal(err)
	}
	task := execution.Task{Catalogue: c, Instance: in, Plan: plan, Model: spec.MustParse("slots(preset=nova)"), Duration: spec.MustParse("precopy(dirty=20)"), Cost: spec.Named("ram")}
	journal := &memory{}
	for {
		report, err := execution.Execute(context.Background(), e, d, task, execution.Options{Journal: journal, Known: journal.entries(t), Seed: seed})
		if errors.Is(err, drivers.ErrKilled) {
			continue
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, journal.String())
		}
		return report, d.(*drivers.Simulation), journal
	}
}

func TestSmoke(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	reached, total := 0, 0
	for seed := uint64(1); seed <= 60; seed++ {
		family := fmt.Sprintf("random(hosts=%d, max=1024, migrations=100, utilisation=%.2f)", 4+rng.IntN(6), []float64{.6, .7, .8, .9}[rng.IntN(4)])
		in, plan := planned(t, family, seed)
		if in == nil {
			continue
		}
		total++
		report, sim, journal := execute(t, in, plan, "adaptive", "simulation(failures=0.05, deviation=3, arrivals=2, deaths=1, kills=2, checks=no, lag=30s)", seed)
		if report.Reached {
			reached++
		} else {
			t.Logf("seed %d: %+v", seed, report)
		}
		if i := slices.IndexFunc(sim.Log(), func(e drivers.LogEntry) bool { return e.What == drivers.Twice }); i >= 0 {
			t.Errorf("seed %d: started twice: %+v\n%s", seed, sim.Log()[i], journal.String())
		}
	}
	t.Logf("%d of %d reached", reached, total)
}
