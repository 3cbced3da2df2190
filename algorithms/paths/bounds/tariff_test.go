package bounds

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// alike is an instance whose hosts are of few kinds, so that many are charged alike.
func alike(t *testing.T, rng *rand.Rand) *cloud.Instance {
	t.Helper()
	in := &cloud.Instance{Name: "alike", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}}}
	for h := range 2 + rng.IntN(8) {
		in.Hosts = append(in.Hosts, cloud.Host{
			Name: fmt.Sprint("h", h), Capacity: []int64{100}, Reserved: []int64{0}, NICMbps: []int64{1, 10}[rng.IntN(2)],
			Rack: fmt.Sprint(rng.IntN(2)), Zone: fmt.Sprint(rng.IntN(2)),
		})
	}
	for v := range 4 {
		in.VMs = append(in.VMs, cloud.VM{
			Name: fmt.Sprint("v", v), Demand: []int64{1 + rng.Int64N(9)}, DirtyMiBPerS: 0.1, Interruptible: rng.IntN(2) == 0,
		})
	}
	for range in.VMs {
		in.Initial = append(in.Initial, cloud.HostID(rng.IntN(len(in.Hosts))))
		in.Target = append(in.Target, cloud.HostID(rng.IntN(len(in.Hosts))))
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	return in
}

// What is reckoned by two hosts of each class is what is reckoned by all hosts, also
// where the cheapest way is not the straight one.
func TestTariffMissesAWay(t *testing.T) {
	detours, left := 0, 0
	for seed := range uint64(1000) {
		rng := rand.New(rand.NewPCG(seed, 0))
		in := alike(t, rng)
		cost := []string{
			"ram", "network", "precopy", "sum(of=[network, precopy])",
			`expression(cost="from.rack == to.rack ? 20 : vm.demand.ram", suspend=0, resume=0)`,
			`expression(cost="to.nic_mbps + (from.zone == '1' ? 30 : vm.demand.ram)")`,
		}[rng.IntN(6)]
		p, err := paths.NewProblem(pathtest.Catalogue(), in, []spec.Spec{spec.Named("capacity")}, spec.MustParse(cost))
		if err != nil {
			t.Fatal(err)
		}
		blind := *p
		blind.Cost = struct{ cloud.CostFunction }{p.Cost}
		l := space.NewLayout(p)
		got, want := newTariff(p, l), newTariff(&blind, l)
		for i := range l.Len() {
			vm := l.VM(i)
			for _, at := range l.Hosts(i) {
				if g, w := got.straight(i, at), want.straight(i, at); g != w {
					t.Fatalf("instance %d under %s: VM %d from host %d by classes %d, by hosts %d", seed, cost, vm, at, g, w)
				}
				if at == cloud.Absent {
					continue
				}
				if g, w := got.detour(i, at), want.detour(i, at); g != w {
					t.Fatalf("instance %d under %s: a detour of VM %d from host %d by classes %d, by hosts %d", seed, cost, vm, at, g, w)
				}
				if got.step[i] < 0 && at != p.Goal[vm] {
					left++
				}
			}
			if at := p.Start[vm]; at != p.Goal[vm] && got.straight(i, at) < p.Cost.Migrate(vm, at, p.Goal[vm]) {
				detours++
			}
		}
	}
	if detours < 50 || left < 500 {
		t.Errorf("%d cheap detours, %d ways that depend on the hosts: too few to show anything", detours, left)
	}
}
