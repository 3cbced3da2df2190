package bounds

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/generators"
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
			Name: fmt.Sprint("v", v), Demand: []int64{1 + rng.Int64N(9)}, DirtyMiBPerS: new(0.1), Interruptible: rng.IntN(2) == 0,
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
		got, _ := newTariff(paths.Unlimited(p), p, l)
		want, _ := newTariff(paths.Unlimited(p), &blind, l)
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

// Fares are found when they are first asked for, and must not be where memory is limited to
// less than they take. They take little where hosts make no difference, and more by racks.
func TestFaresThatDoNotFitAreNotFound(t *testing.T) {
	p := func(cost string) *paths.Problem {
		family, _, err := spec.Build[generators.Family](pathtest.Catalogue(generators.Registry(generators.Entries()...)), generators.Kind, spec.MustParse("random(hosts=500, max=512, racks=250, migrations=5000)"))
		if err != nil {
			t.Fatal(err)
		}
		instances, err := family(1)
		if err != nil {
			t.Fatal(err)
		}
		return pathtest.Problem(t, instances[0], cost)
	}
	for _, c := range []struct {
		cost string
		mib  int64
		fits bool
	}{{"ram", 4, true}, {"network", 4, false}, {"network", 64, true}} {
		fits := false
		r, err := paths.Solve(context.Background(), paths.SearcherFunc(func(run *paths.Run) error {
			if l, ok := space.Prepare(run); ok {
				Misplaced(run, run.Problem, l).Estimate(space.NewState(run.Problem, l))
				fits = run.Look()
			}
			return nil
		}), p(c.cost), paths.Options{MemoryBytes: c.mib << 20})
		if err != nil {
			t.Fatal(err)
		}
		if fits != c.fits || r.PeakBytes > c.mib<<20 {
			t.Errorf("%s with %d MiB: fits: %v, want %v; %d bytes were taken", c.cost, c.mib, fits, c.fits, r.PeakBytes)
		}
	}
}
