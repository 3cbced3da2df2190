package objectives_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud"
)

// wide spreads VMs over hosts in racks; every tenth VM is in a group of ten.
func wide(tb testing.TB, hosts, vms int) *cloud.Instance {
	tb.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	in := &cloud.Instance{Name: "big", Resources: []cloud.Resource{{Name: "ram"}, {Name: "vcpu"}}}
	for h := range hosts {
		in.Hosts = append(in.Hosts, cloud.Host{
			Name: fmt.Sprint("host", h), Capacity: []int64{1000, 96}, Reserved: []int64{10, 0}, Rack: fmt.Sprint("rack", h/40),
		})
	}
	for v := range vms {
		in.VMs = append(in.VMs, cloud.VM{Name: fmt.Sprint("vm", v), Demand: []int64{1 + rng.Int64N(100), 1 + rng.Int64N(16)}})
		in.Initial = append(in.Initial, cloud.HostID(rng.IntN(hosts)))
		if v%100 == 0 {
			in.Groups = append(in.Groups, cloud.Group{Name: fmt.Sprint("g", v)})
		}
		if v%10 == 0 {
			g := &in.Groups[len(in.Groups)-1]
			g.VMs = append(g.VMs, cloud.VMID(v))
		}
	}
	if err := in.Check(); err != nil {
		tb.Fatal(err)
	}
	return in
}

var everyObjective = []string{
	"hosts", "load(measure=peak)", "load(measure=range)", "load(measure=stddev)", "load(measure=above, threshold=0.8)",
	"load(weights.ram=1, weights.vcpu=2, measure=peak)", "fragments(size.vcpu=16, size.ram=64)", "headroom(size.vcpu=16, count=1000)",
	"locality(group=g*)", `expression(value="vms == 0 ? 0 : 100 + 2 * used.vcpu", unit=W)`,
	`expression(value="1000000 * used.vcpu / host.capacity.vcpu", measure=stddev)`,
	"sum(of=[hosts, load(measure=stddev)], weights=[1000000, 1])", "lexicographic(of=[hosts, load(measure=peak)])",
}

// meter is one of an objective, with a state that it follows.
func meter(tb testing.TB, in *cloud.Instance, text string) (*cloud.State, cloud.Meter) {
	tb.Helper()
	o, err := bind(tb, in, text)
	if err != nil {
		tb.Fatal(err)
	}
	s := cloud.NewState(in, nil, in.Initial)
	return s, cloud.Measure(o, s)
}

// Searches ask a meter for every move that they think of.
func TestMeterAllocates(t *testing.T) {
	in := wide(t, 100, 1000)
	for _, text := range everyObjective {
		s, m := meter(t, in, text)
		i := 0
		n := testing.AllocsPerRun(100, func() {
			i++
			m.After(cloud.VMID(i*31%len(in.VMs)), cloud.HostID(i*17%len(in.Hosts)))
			vm := cloud.VMID(i % 2) // the list of a host has grown already
			s.Jump(vm, cloud.HostID(1-i%2))
		})
		if n != 0 {
			t.Errorf("%s: %v allocations for a question and a move", text, n)
		}
	}
}

func BenchmarkAfter(b *testing.B) {
	in := wide(b, 10_000, 100_000)
	for _, text := range everyObjective {
		b.Run(text, func(b *testing.B) {
			_, m := meter(b, in, text)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				m.After(cloud.VMID(i*31%len(in.VMs)), cloud.HostID(i*17%len(in.Hosts)))
			}
		})
	}
}

// BenchmarkFollow is of a move of the state with all that follows it.
func BenchmarkFollow(b *testing.B) {
	in := wide(b, 10_000, 100_000)
	for _, text := range everyObjective {
		b.Run(text, func(b *testing.B) {
			s, _ := meter(b, in, text)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				s.Jump(cloud.VMID(i*31%len(in.VMs)), cloud.HostID(i*17%len(in.Hosts)))
			}
		})
	}
}
