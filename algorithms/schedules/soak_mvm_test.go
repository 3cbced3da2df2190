//go:build soak

package schedules_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/schedules"
	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// The published instances of migration scheduling stay as close to their bounds as they were, whatever the machine: the
// number of tables is the limit.
func TestSoakPublishedInstancesGetLonger(t *testing.T) {
	files, err := filepath.Glob("../../../shared/data/mvm/*.json")
	if err != nil || len(files) == 0 {
		t.Skip("../shared/data/mvm is not there")
	}
	c := catalogue.Standard()
	importer, _, err := spec.Build[formats.Importer](c, "import", spec.Named("btrplace"))
	if err != nil {
		t.Fatal(err)
	}
	solver, full, err := paths.New(c, spec.Named("auto"))
	if err != nil {
		t.Fatal(err)
	}
	list, name, err := schedules.New(c, spec.Named("list"))
	if err != nil {
		t.Fatal(err)
	}
	proved, sum := 0, 0.0
	for _, file := range files {
		in, err := importer.Import([]string{file})
		if err != nil {
			t.Fatal(err)
		}
		problem, err := paths.NewProblem(c, in, nil, spec.Named("ram"))
		if err != nil {
			t.Fatal(err)
		}
		path, err := solver.Solve(context.Background(), problem, paths.Options{Expansions: 100_000})
		if err != nil || !path.Status.HasPlan() {
			t.Fatalf("%s: %v, %v", in.Name, path.Status, err)
		}
		p, err := timetable.NewProblem(c, in, nil, path.Plan(problem, full.String()), spec.Named("bandwidth"), spec.Named("mvm"))
		if err != nil {
			t.Fatal(err)
		}
		r, err := schedules.Schedule(context.Background(), list, p, schedules.Options{Tables: 1500, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		plan := r.Plan(name.String())
		if v := validate.Schedule(in, problem.Rules, problem.Cost, p.Model, plan); !v.OK() {
			t.Errorf("%s: %v", in.Name, v.Findings)
		}
		ratio := float64(r.Makespan) / float64(r.LowerBound)
		if ratio > 1.03 {
			t.Errorf("%s: makespan %d, bound %d", in.Name, r.Makespan, r.LowerBound)
		}
		if sum += ratio; r.Status == cloud.Optimal {
			proved++
		}
		if in.Name == "infra_scale-x10-2" && r.Makespan != 168_000 {
			t.Errorf("%s takes %d ms, and can be done in 168 s", in.Name, r.Makespan)
		}
	}
	mean := sum / float64(len(files))
	t.Logf("%d of %d proved optimal, on average %.4f of the bound", proved, len(files), mean)
	if mean > 1.01 || proved < 24 {
		t.Errorf("%d of %d proved optimal, on average %.4f of the bound", proved, len(files), mean)
	}
}
