package pathtest

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

// Uneven makes a small instance with a sane start of which some hosts are nearly full and others have room to
// spare, some VMs may not stand everywhere, and some hosts receive nobody.
func Uneven(rng *rand.Rand) *cloud.Instance {
	for {
		in := &cloud.Instance{Name: "uneven", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}, {Name: "vcpu"}}[:1+rng.IntN(2)]}
		hosts := 3 + rng.IntN(4)
		for v := range 3 + rng.IntN(6) {
			vm := cloud.VM{Name: fmt.Sprint("v", v), Labels: map[string]string{"n": fmt.Sprint(v % 2)}}
			for range in.Resources {
				vm.Demand = append(vm.Demand, rng.Int64N(5))
			}
			vm.Demand[0]++
			in.VMs = append(in.VMs, vm)
			in.Initial = append(in.Initial, cloud.HostID(rng.IntN(hosts)))
			in.Target = append(in.Target, cloud.HostID(rng.IntN(hosts)))
		}
		for h := range hosts {
			spare := []int64{1, 2, 3, 12, 20}[rng.IntN(5)]
			host := cloud.Host{Name: fmt.Sprint("h", h), Zone: fmt.Sprint("z", h%2)}
			for r := range in.Resources {
				host.Reserved = append(host.Reserved, 0)
				host.Capacity = append(host.Capacity, max(used(in, in.Initial, h, r), used(in, in.Target, h, r))+rng.Int64N(spare))
			}
			in.Hosts = append(in.Hosts, host)
		}
		in.Rules = rules.Default()
		for _, text := range []string{"fence(vms=[v0], zones=[z0])", "ban(vms=[v1, v2], hosts=[h0])", "quarantine(hosts=[h1])", "maintenance(hosts=[h2])"} {
			if rng.IntN(5) == 0 {
				in.Rules = append(in.Rules, spec.MustParse(text))
			}
		}
		if err := in.Check(); err != nil {
			panic(err)
		}
		bound, err := rules.Bind(Catalogue(), in, nil)
		if err == nil && validate.CheckInitial(in, bound) == nil {
			return in
		}
	}
}

func used(in *cloud.Instance, p cloud.Placement, host, resource int) (sum int64) {
	for v, h := range p {
		if int(h) == host {
			sum += in.VMs[v].Demand[resource]
		}
	}
	return sum
}

// Divided is Ruled with two more hosts and a few VMs, that and this fenced off from each
// other.
func Divided(rng *rand.Rand) *cloud.Instance {
	for {
		in := Ruled(rng)
		attach(rng, in)
		fenceOff(in, len(in.Hosts)-2)
		bound, err := rules.Bind(Catalogue(), in, nil)
		if err == nil && validate.CheckInitial(in, bound) == nil {
			return in
		}
	}
}

// attach adds two hosts with a few VMs.
func attach(rng *rand.Rand, in *cloud.Instance) {
	hosts := len(in.Hosts)
	for range 2 + rng.IntN(2) {
		vm := cloud.VM{Name: fmt.Sprint("w", len(in.VMs))}
		for range in.Resources {
			vm.Demand = append(vm.Demand, 1+rng.Int64N(3))
		}
		in.VMs = append(in.VMs, vm)
		in.Initial = append(in.Initial, cloud.HostID(hosts+rng.IntN(2)))
		in.Target = append(in.Target, cloud.HostID(hosts+rng.IntN(2)))
	}
	for h := hosts; h < hosts+2; h++ {
		host := cloud.Host{Name: fmt.Sprint("k", h), Zone: "z0", Rack: "r0", Labels: map[string]string{"disk": "ssd"}}
		for r := range in.Resources {
			host.Reserved = append(host.Reserved, 0)
			host.Capacity = append(host.Capacity, max(used(in, in.Initial, h, r), used(in, in.Target, h, r))+rng.Int64N(4))
		}
		in.Hosts = append(in.Hosts, host)
	}
}

// fenceOff keeps the VMs of the last hosts, from one on, to them, and the others off them.
func fenceOff(in *cloud.Instance, hosts int) {
	vms := slices.IndexFunc(in.Initial, func(h cloud.HostID) bool { return int(h) >= hosts })
	for _, side := range []struct {
		vms   []cloud.VM
		hosts []cloud.Host
	}{{in.VMs[:vms], in.Hosts[:hosts]}, {in.VMs[vms:], in.Hosts[hosts:]}} {
		text := "fence(vms=["
		for n, v := range side.vms {
			text += []string{"", ", "}[min(n, 1)] + v.Name
		}
		text += "], hosts=["
		for n, h := range side.hosts {
			text += []string{"", ", "}[min(n, 1)] + h.Name
		}
		in.Rules = append(in.Rules, spec.MustParse(text+"])"))
	}
	if err := in.Check(); err != nil {
		panic(err)
	}
}
