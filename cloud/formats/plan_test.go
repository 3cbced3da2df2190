package formats_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// Shutdowns and provisions have the times of the plan, or else stand at its two ends.
func TestComingAndGoingLosesItsTimes(t *testing.T) {
	in := &cloud.Instance{
		Name: "five", Resources: []cloud.Resource{{Name: "ram"}},
		Initial: cloud.Placement{0, 0, 0, -1, -1}, Target: cloud.Placement{1, -1, -1, 0, 0},
	}
	for _, name := range []string{"a", "b"} {
		in.Hosts = append(in.Hosts, cloud.Host{Name: name, Capacity: []int64{9}, Reserved: []int64{0}})
	}
	for _, name := range []string{"moves", "goes", "goes unsaid", "comes", "comes unsaid"} {
		in.VMs = append(in.VMs, cloud.VM{Name: name, Demand: []int64{2}})
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	cost, err := costs.Bind(catalogue.Standard(), in, spec.Named("ram"))
	if err != nil {
		t.Fatal(err)
	}
	plan := formats.Plan{Migrations: []cloud.Change{{VM: 0, From: 0, To: 1}}}
	if steps, schedule := plan.Steps(in, cost); schedule != nil || len(steps) != 5 || steps[2].VM != 0 {
		t.Errorf("without times: %v, %v", steps, schedule)
	}
	plan.Times, plan.Model = []formats.Span{{Start: 5000, End: 7000}}, "sequential"
	plan.Others = map[cloud.VMID]formats.Span{1: {Start: 6000, End: 9000}, 3: {Start: 4000, End: 6000}, 0: {End: 10_000}} // the VM 0 does neither
	steps, schedule := plan.Steps(in, cost)
	want := []cloud.Step{
		{Action: cloud.Shutdown, VM: 2, From: 0, To: cloud.Absent},
		{Action: cloud.Provision, VM: 3, From: cloud.Absent, To: 0, Start: 4000, End: 6000},
		{Action: cloud.Migrate, VM: 0, From: 0, To: 1, Cost: 2, Start: 5000, End: 7000},
		{Action: cloud.Shutdown, VM: 1, From: 0, To: cloud.Absent, Start: 6000, End: 9000},
		{Action: cloud.Provision, VM: 4, From: cloud.Absent, To: 0, Start: 9000, End: 9000},
	}
	if diff := cmp.Diff(want, steps); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(&cloud.Schedule{Model: "sequential", Unit: "ms", Makespan: 9000}, schedule); diff != "" {
		t.Errorf("schedule (-want +got):\n%s", diff)
	}
}
