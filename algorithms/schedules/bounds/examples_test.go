package bounds_test

import (
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/schedules/scheduletest"
	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// example is a problem of VMs of 1 MiB, or as given, each of which makes one migration in one step.
func example(t *testing.T, capacity []int64, from, to []cloud.HostID, model string, rules ...string) *timetable.Problem {
	t.Helper()
	in := &cloud.Instance{Name: "example", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}}, Initial: from, Target: to}
	names := []string{"a", "b", "c", "d"}
	for h, c := range capacity {
		in.Hosts = append(in.Hosts, cloud.Host{Name: names[h], Capacity: []int64{c}, Reserved: []int64{0}})
	}
	plan := &cloud.Plan{Status: cloud.Feasible}
	group := cloud.Group{Name: "g"}
	for v := range from {
		in.VMs = append(in.VMs, cloud.VM{Name: "vm" + string(rune('0'+v)), Demand: []int64{1}})
		group.VMs = append(group.VMs, cloud.VMID(v))
		plan.Steps = append(plan.Steps, cloud.Step{Action: cloud.Migrate, VM: cloud.VMID(v), From: from[v], To: to[v]})
	}
	in.Groups = []cloud.Group{group}
	for _, text := range append([]string{"capacity"}, rules...) {
		in.Rules = append(in.Rules, spec.MustParse(text))
	}
	p, err := timetable.NewProblem(scheduletest.Catalogue(), in, nil, plan, spec.MustParse(model), spec.Named("unit"))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// largest is the largest bound of a kind.
func largest(list []bounds.Bound, kind string) bounds.Bound {
	for _, b := range list {
		if b.Name == kind {
			return b
		}
	}
	return bounds.Bound{}
}

// Each host of a triangle takes part in two moves, but only one of the three moves runs at a time.
func TestTriangleIsAnOddSet(t *testing.T) {
	p := example(t, []int64{9, 9, 9}, []cloud.HostID{0, 1, 2}, []cloud.HostID{1, 2, 0}, "slots(per-host=1)")
	all := bounds.All(p)
	if got, want := largest(all, "odd set"), (bounds.Bound{Name: "odd set", Of: "moves between a, b, c", Value: 3}); got != want {
		t.Errorf("expected %v, found %v", want, got)
	}
	if v := largest(all, "volume").Value; v != 2 {
		t.Errorf("expected a volume of 2, found %d", v)
	}
}

// Three VMs leave a full host one by one, and three that come there wait for them.
func TestArrivalsWaitForRoom(t *testing.T) {
	from, to := []cloud.HostID{0, 0, 0, 1, 1, 1}, []cloud.HostID{2, 2, 2, 0, 0, 0}
	p := example(t, []int64{3, 3, 3}, from, to, "slots(outgoing=1)")
	all := bounds.All(p)
	if got, want := all[0], (bounds.Bound{Name: "room", Of: "room for ram on a", Value: 4}); got != want {
		t.Errorf("expected %v, found %v", want, got)
	}
	for m, head := range bounds.Heads(p) {
		if want := int64(m / 3); head != want {
			t.Errorf("move %d: expected the head %d, found %d", m, want, head)
		}
	}
	for m, tail := range bounds.Tails(p) {
		if want := int64(1 - m/3); tail != want {
			t.Errorf("move %d: expected the tail %d, found %d", m, want, tail)
		}
	}
}

// What leaves a place that only one of a group may take makes the next one wait, along the whole chain.
func TestChainOfWaitsUnderAntiAffinity(t *testing.T) {
	p := example(t, []int64{9, 9, 9, 9}, []cloud.HostID{2, 1, 0}, []cloud.HostID{3, 2, 1}, "slots(total=3)", "anti-affinity(group=g)")
	if got := bounds.All(p)[0]; got.Value != 3 || got.Name != "head and tail" {
		t.Errorf("expected a chain of 3, found %v", got)
	}
}

// Where one unit is free in the whole cloud, one VM of this size is under way at a time.
func TestFreeRoomOfTheWholeCloud(t *testing.T) {
	from, to := []cloud.HostID{0, 0, 1, 1, 2, 2}, []cloud.HostID{1, 2, 0, 2, 0, 1}
	p := example(t, []int64{3, 2, 2}, from, to, "slots(total=4)")
	if got, want := bounds.All(p)[0], (bounds.Bound{Name: "volume", Of: "room for ram in the whole cloud", Value: 6}); got != want {
		t.Errorf("expected %v, found %v", want, got)
	}
}
