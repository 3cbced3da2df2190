package bounds_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
)

// deadlocked makes a small instance in which VMs wait for each other: those of one host
// go to the next, in a circle, and hosts are hardly larger than they have to be. One more
// host has room for one of them or two, and may not run all of them.
func deadlocked(rng *rand.Rand) *cloud.Instance {
	in := &cloud.Instance{Name: "deadlocked", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}}}
	if rng.IntN(3) == 0 {
		in.Resources = append(in.Resources, cloud.Resource{Name: "vcpu"})
	}
	circle := 2 + rng.IntN(2)
	hosts := circle + 1 + rng.IntN(2)/circle
	for h := range hosts {
		in.Hosts = append(in.Hosts, cloud.Host{Name: fmt.Sprintf("h%d", h), Arch: "x86_64"})
	}
	if rng.IntN(3) == 0 {
		in.Hosts[circle].Arch = "i386"
	}
	interruptible := rng.IntN(3) == 0
	for v := range circle + 1 + rng.IntN(3) {
		vm := cloud.VM{Name: fmt.Sprintf("v%d", v), Arch: "i386", Interruptible: interruptible && rng.IntN(2) == 0}
		if rng.IntN(3) == 0 {
			vm.Arch = "x86_64"
		}
		for range in.Resources {
			vm.Demand = append(vm.Demand, 1+rng.Int64N(5))
		}
		at := v % circle
		to := (at + 1) % circle
		if v >= circle && rng.IntN(3) == 0 {
			to = at
		}
		in.VMs = append(in.VMs, vm)
		in.Initial = append(in.Initial, cloud.HostID(at))
		in.Target = append(in.Target, cloud.HostID(to))
	}
	for h := range in.Hosts {
		host := &in.Hosts[h]
		for r := range in.Resources {
			before, after := rng.Int64N(2), int64(0)
			for v, vm := range in.VMs {
				if in.Initial[v] == cloud.HostID(h) {
					before += vm.Demand[r]
				}
				if in.Target[v] == cloud.HostID(h) {
					after += vm.Demand[r]
				}
			}
			if h >= circle {
				before = 1 + rng.Int64N(6)
			}
			host.Reserved = append(host.Reserved, 0)
			host.Capacity = append(host.Capacity, max(before, after))
		}
	}
	if err := in.Check(); err != nil {
		panic(err)
	}
	return in
}

// byDistance is a cost function that charges each way differently, and knows no shortest
// way: a detour may be cheaper.
type byDistance struct{ salt uint64 }

func (byDistance) String() string { return "by-distance" }
func (byDistance) Unit() string   { return "tolls" }

func (c byDistance) toll(vm cloud.VMID, from, to cloud.HostID) int64 {
	x := c.salt ^ uint64(vm)<<32 ^ uint64(from+1)<<16 ^ uint64(to+1)
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	return int64(x >> 61) // 0 to 7
}

func (c byDistance) Migrate(vm cloud.VMID, from, to cloud.HostID) int64 { return c.toll(vm, from, to) }

func (c byDistance) Suspend(vm cloud.VMID, from cloud.HostID) int64 {
	return c.toll(vm, from, cloud.Absent)
}

func (c byDistance) Resume(vm cloud.VMID, to cloud.HostID) int64 {
	return c.toll(vm, cloud.Absent, to)
}

// each calls f with small problems of all kinds: n random ones and n deadlocked ones,
// charged by ram, by count and by the way. Those that are found to be impossible before
// any search are left out.
func each(t *testing.T, n uint64, f func(name string, p *paths.Problem, l *space.Layout)) {
	t.Helper()
	for seed := range 2 * n {
		rng := rand.New(rand.NewPCG(seed, 3))
		kind, in := "random", (*cloud.Instance)(nil)
		if seed%2 == 0 {
			in = pathtest.Random(rng)
		} else {
			kind, in = "deadlocked", deadlocked(rng)
		}
		p := pathtest.Problem(t, in, []string{"ram", "count"}[rng.IntN(2)])
		if rng.IntN(3) == 0 {
			p.Cost = byDistance{rng.Uint64()}
		}
		l := space.NewLayout(p)
		if _, stuck := l.Stuck(); !stuck {
			f(fmt.Sprintf("%s %d, %s", kind, seed, p.Cost), p, l)
		}
	}
}
