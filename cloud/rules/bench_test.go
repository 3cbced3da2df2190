package rules_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// bigCloud spreads VMs over hosts in 50 racks and 5 zones, and over groups whose sizes
// are as unequal as those of Alibaba's applications: a few hold hundreds of VMs, most
// hold one to three.
func bigCloud(tb testing.TB, hosts, vms, groups int) *cloud.Instance {
	tb.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	in := &cloud.Instance{Name: "big", Resources: []cloud.Resource{{Name: "ram"}}}
	for h := range hosts {
		in.Hosts = append(in.Hosts, cloud.Host{
			Name: fmt.Sprintf("host%d", h), Capacity: []int64{1000}, Reserved: []int64{0},
			Rack: fmt.Sprintf("rack%d", h%50), Zone: fmt.Sprintf("zone%d", h%5),
			Labels: map[string]string{"disk": []string{"ssd", "hdd"}[h%2]},
		})
	}
	for g := range groups {
		in.Groups = append(in.Groups, cloud.Group{Name: fmt.Sprintf("app%d", g)})
	}
	for v := range vms {
		in.VMs = append(in.VMs, cloud.VM{Name: fmt.Sprintf("vm%d", v), Demand: []int64{1}, Labels: map[string]string{"disk": "ssd"}})
		in.Initial = append(in.Initial, cloud.HostID(rng.IntN(hosts/2)*2))
		g := v
		if v >= groups {
			g = int(float64(groups) * rng.Float64() * rng.Float64() * rng.Float64())
		}
		in.Groups[g].VMs = append(in.Groups[g].VMs, cloud.VMID(v))
	}
	if err := in.Check(); err != nil {
		tb.Fatal(err)
	}
	return in
}

// everyGuard is a spec of each rule whose guard searches ask for every migration.
var everyGuard = []string{
	"capacity", "arch", "anti-affinity(group=app0)", "affinity(group=app0, by=rack)",
	"max-per-host(group=app0, max=3)", "max-per-rack(group=app0, max=30)", "interference(group=app0, with=app1, max=2)",
	"interference(group=app0, with=app0, max=2)", "spread(group=app0, min=3)", "depends(group=app0, on=app1)",
	"fence(group=app0, zones=[zone0, zone1])", "fence(vms=vm7, hosts=host8)", "ban(vms=*, racks=rack7)", "pin(group=app*)",
	"quarantine(racks=rack7)", "maintenance(zones=zone1)", "maintenance(zones=zone1, continuous=no)", "max-vms(max=90)", "labels",
	`expression(test="host.labels.disk == 'ssd' || 'app0' in vm.groups")`, `expression(test="used.ram <= 0.9 * host.capacity.ram && vms < 90")`,
}

// asker is a guard with changes to ask it about: of the VMs that the rule watches.
func asker(tb testing.TB, in *cloud.Instance, text string) func() {
	tb.Helper()
	bound, err := rules.Bind(catalogue.Standard(), in, []spec.Spec{spec.MustParse(text)})
	if err != nil || len(bound) != 1 {
		tb.Fatalf("%s: found %v, %v", text, bound, err)
	}
	s := cloud.NewState(in, bound, in.Initial)
	guard, watched := bound[0].NewGuard(s), bound[0].Watches()
	i := 0
	return func() {
		vm := cloud.VMID(i * 31 % len(in.VMs))
		if watched != nil {
			vm = watched[i*31%len(watched)]
		}
		i++
		guard.Allows(s, vm, s.HostOf(vm), cloud.HostID(i*17%len(in.Hosts)))
	}
}

// Searches ask a guard millions of times a second.
func TestGuardAllocates(t *testing.T) {
	in := bigCloud(t, 100, 1000, 100)
	for _, text := range everyGuard {
		if n := testing.AllocsPerRun(100, asker(t, in, text)); n != 0 {
			t.Errorf("%s: %v allocations per change", text, n)
		}
	}
}

func BenchmarkGuard(b *testing.B) {
	in := bigCloud(b, 1000, 20_000, 1000)
	for _, text := range everyGuard {
		b.Run(text, func(b *testing.B) {
			ask := asker(b, in, text)
			b.ReportAllocs()
			for b.Loop() {
				ask()
			}
		})
	}
}

// BenchmarkInterference is as large as the data of Alibaba's scheduling challenge: 33,416
// interferences over 9,000 groups, 60,000 VMs and 6,000 hosts, that are more often about
// the large groups, as in that data.
func BenchmarkInterference(b *testing.B) {
	in := bigCloud(b, 6000, 60_000, 9000)
	rng := rand.New(rand.NewPCG(3, 4))
	specs := make([]spec.Spec, 33_416)
	app := func() string { return in.Groups[int(9000*rng.Float64()*rng.Float64())].Name }
	for i := range specs {
		specs[i] = spec.Named("interference").With("group", app()).With("with", app()).With("max", fmt.Sprint(rng.IntN(3)))
	}
	b.Run("bind", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := rules.Bind(catalogue.Standard(), in, specs); err != nil {
				b.Fatal(err)
			}
		}
	})
	bound, err := rules.Bind(catalogue.Standard(), in, specs)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("state", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			cloud.NewState(in, bound, in.Initial)
		}
		watched := 0
		for _, r := range bound {
			watched += len(r.Watches())
		}
		b.ReportMetric(float64(watched)/float64(len(in.VMs)), "rules/vm")
	})
	s := cloud.NewState(in, bound, in.Initial)
	b.Run("allows", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			s.Allows(cloud.VMID(i*31%len(in.VMs)), cloud.HostID(i*17%len(in.Hosts)))
		}
	})
}

// BenchmarkBindFences binds a fence for each of 5,000 VMs out of 100,000.
func BenchmarkBindFences(b *testing.B) {
	in := bigCloud(b, 5000, 100_000, 1000)
	specs := make([]spec.Spec, 5000)
	for i := range specs {
		specs[i] = spec.Named("fence").WithValue("vms", spec.Words(fmt.Sprintf("vm%d", i*19))).
			WithValue("hosts", spec.Words(fmt.Sprintf("host%d", i), "host0"))
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := rules.Bind(catalogue.Standard(), in, specs); err != nil {
			b.Fatal(err)
		}
	}
}
