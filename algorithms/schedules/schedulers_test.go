package schedules_test

import (
	"context"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/schedules"
	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// run has a scheduler schedule a problem.
func run(t testing.TB, scheduler string, p *timetable.Problem, o schedules.Options) (*schedules.Result, error) {
	t.Helper()
	s, _, err := schedules.New(catalogue.Standard(), spec.MustParse(scheduler))
	if err != nil {
		t.Fatal(err)
	}
	return schedules.Schedule(context.Background(), s, p, o)
}

// Two VMs that change places on full hosts: no scheduler finds a way, and each says which step can never start.
func TestPlanThatIsNoPathIsScheduled(t *testing.T) {
	in := &cloud.Instance{
		Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}},
		Hosts:     []cloud.Host{{Name: "a", Capacity: []int64{1}, Reserved: []int64{0}}, {Name: "b", Capacity: []int64{1}, Reserved: []int64{0}}},
		VMs:       []cloud.VM{{Name: "v", Demand: []int64{1}}, {Name: "w", Demand: []int64{1}}},
		Rules:     []spec.Spec{spec.Named("capacity")},
		Initial:   cloud.Placement{0, 1}, Target: cloud.Placement{1, 0},
	}
	plan := &cloud.Plan{Status: cloud.Feasible, Steps: []cloud.Step{
		{Action: cloud.Migrate, VM: 0, From: 0, To: 1}, {Action: cloud.Migrate, VM: 1, From: 1, To: 0},
	}}
	p, err := timetable.NewProblem(catalogue.Standard(), in, nil, plan, spec.MustParse("slots(total=2)"), spec.Named("unit"))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range catalogue.Standard().Descriptors(schedules.Kind) {
		if r, err := run(t, d.Name, p, schedules.Options{}); err == nil || !strings.Contains(err.Error(), "step 1 of the plan can never start") {
			t.Errorf("%s: %v, %v", d.Name, r, err)
		}
	}
}
