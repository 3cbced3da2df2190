package execution_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/execution"
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/schedules"
	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
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
