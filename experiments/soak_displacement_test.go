//go:build soak

package experiments

import (
	"context"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
	"github.com/cloudrearrange/rearrange/results"
)

// Over the suite that compares with the displacement algorithm auto has a plan wherever that
// has one, and is nowhere costlier.
func TestSoakAutoIsCostlierThanDisplacement(t *testing.T) {
	s, err := ReadSuite(catalogue.Standard(), "suites/displacement.yaml")
	if err != nil {
		t.Fatal(err)
	}
	tasks, err := s.Expand(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	byInstance := map[string]map[string]results.Record{}
	err = Execute(context.Background(), tasks, Options{Done: func(task Task, r results.Record, _ *cloud.Plan) error {
		if byInstance[task.SHA256] == nil {
			byInstance[task.SHA256] = map[string]results.Record{}
		}
		byInstance[task.SHA256][task.Algorithm.Name] = r
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	compared, saves, lost := 0, 0, 0
	for _, runs := range byInstance {
		auto, displacement := runs["auto"], runs["displacement"]
		for _, r := range runs {
			if r.Outcome.Faulty() {
				t.Errorf("%s on %s: %s (%s)", r.Algorithm, r.Instance, r.Outcome, r.Message)
			}
		}
		switch {
		case !displacement.Outcome.HasPlan():
			continue
		case !auto.Outcome.HasPlan():
			t.Logf("%s: auto ends with %s (%s), displacement has a plan", auto.Instance, auto.Outcome, auto.Message)
			lost++
		case *auto.Cost > *displacement.Cost:
			t.Errorf("%s: auto ends at %d, displacement at %d", auto.Instance, *auto.Cost, *displacement.Cost)
		case *auto.Cost < *displacement.Cost:
			saves++
		}
		compared++
	}
	t.Logf("auto is cheaper on %d of %d instances", saves, compared)
	// Of instances that it was not developed on, two are too hard for it within this limit.
	if lost > compared/100 {
		t.Errorf("auto has no plan on %d of %d instances on which displacement has one", lost, compared)
	}
	if compared < 200 || saves < 50 {
		t.Errorf("auto is cheaper on %d of %d instances: too few to show anything", saves, compared)
	}
}
