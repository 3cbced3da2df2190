package scheduletest

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Large makes a problem of so many moves between so many hosts, which are about nine tenths full. The plan is a sane random walk in
// which nearly every VM moves once.
func Large(t testing.TB, rng *rand.Rand, hosts, moves int, model, duration string) *timetable.Problem {
	t.Helper()
	in := &cloud.Instance{
		Name: "large", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}, {Name: "vcpu", Unit: "core"}}, Rules: rules.Default(),
	}
	used := make([][2]int64, hosts)
	for v := range moves * 11 / 10 {
		cores := 1 + rng.Int64N(8)
		ram := 1024 * (1 + rng.Int64N(4*cores))
		at := rng.IntN(hosts)
		in.VMs = append(in.VMs, cloud.VM{Name: fmt.Sprintf("v%d", v), Demand: []int64{ram, cores}})
		in.Initial = append(in.Initial, cloud.HostID(at))
		used[at][0] += ram
		used[at][1] += cores
	}
	for h := range hosts {
		in.Hosts = append(in.Hosts, cloud.Host{
			Name: fmt.Sprintf("h%d", h), Capacity: []int64{used[h][0]*10/9 + 8192, used[h][1]*10/9 + 4}, Reserved: []int64{0, 0},
		})
	}
	in.Target = in.Initial.Clone()
	c := Catalogue()
	bound, err := rules.Bind(c, in, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := cloud.NewState(in, bound, in.Initial)
	var changes []cloud.Change
	for tries := 0; len(changes) < moves; tries++ {
		if tries == 1000*moves {
			t.Fatalf("only %d moves were found", len(changes))
		}
		v, to := cloud.VMID(rng.IntN(len(in.VMs))), cloud.HostID(rng.IntN(hosts))
		if in.Target[v] != in.Initial[v] && rng.IntN(1000) > 0 || !s.Allows(v, to) {
			continue
		}
		changes = append(changes, cloud.Change{VM: v, From: s.HostOf(v), To: to})
		s.Move(v, to)
		in.Target[v] = to
	}
	plan := &cloud.Plan{Status: cloud.Feasible, Steps: in.Steps(changes, free{})}
	p, err := timetable.NewProblem(c, in, nil, plan, spec.MustParse(model), spec.MustParse(duration))
	if err != nil {
		t.Fatal(err)
	}
	return p
}
