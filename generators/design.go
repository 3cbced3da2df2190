package generators

import (
	"fmt"
	"math/rand/v2"

	"github.com/dustin/go-humanize"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Optimum is what the cheapest path costs, where that is known in closed form. One
// path is the cheapest under both cost functions.
type Optimum struct {
	Migrations int64 // under the cost function count
	MiB        int64 // under the cost function ram
}

// String says that there is a path and what it costs.
func (o Optimum) String() string {
	return fmt.Sprintf("a path exists; the cheapest takes %s (%s MiB)", migrations(o.Migrations), humanize.Comma(o.MiB))
}

func migrations(n int64) string {
	if n == 1 {
		return "1 migration"
	}
	return humanize.Comma(n) + " migrations"
}

// design is an instance under construction in a family of which something is proved.
// Hosts and VMs are added in the order in which the proof tells of them; what comes of
// it has another order, and names that follow that one, by chance: a solver must not
// profit from the order, nor suffer from it.
type design struct {
	rng         *rand.Rand
	description string
	resources   []cloud.Resource
	hosts       []cloud.Host
	vms         []cloud.VM
	from, to    []int // hosts of the VMs, by position in hosts
}

// designed is the entry of a family that yields one design per seed.
func designed(d spec.Descriptor, plan func(spec.Args) (func(*design), error)) spec.Entry[Family] {
	return single(d, func(a spec.Args) (draw, error) {
		lay, err := plan(a)
		if err != nil {
			return nil, err
		}
		return func(rng *rand.Rand) (*cloud.Instance, error) {
			x := &design{rng: rng, resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}}}
			lay(x)
			return x.instance(), nil
		}, nil
	})
}

// host adds a host and returns its position.
func (x *design) host(arch string, capacity ...int64) int {
	x.hosts = append(x.hosts, cloud.Host{Arch: arch, Capacity: capacity, Reserved: make([]int64, len(capacity))})
	return len(x.hosts) - 1
}

// vm adds a VM that is to go from one host to another.
func (x *design) vm(arch string, from, to int, demand ...int64) {
	x.vms = append(x.vms, cloud.VM{Arch: arch, Demand: demand})
	x.from, x.to = append(x.from, from), append(x.to, to)
}

// instance deals hosts and VMs their places and names.
func (x *design) instance() *cloud.Instance {
	in := &cloud.Instance{
		Description: x.description, Resources: x.resources,
		Hosts: make([]cloud.Host, len(x.hosts)), VMs: make([]cloud.VM, len(x.vms)),
		Initial: make(cloud.Placement, len(x.vms)), Target: make(cloud.Placement, len(x.vms)),
	}
	at := x.rng.Perm(len(x.hosts))
	for i, h := range x.hosts {
		h.Name = fmt.Sprintf("host%d", at[i]+1)
		in.Hosts[at[i]] = h
	}
	for i, v := range x.rng.Perm(len(x.vms)) {
		vm := x.vms[i]
		vm.Name = fmt.Sprintf("vm%d", v+1)
		in.VMs[v] = vm
		in.Initial[v], in.Target[v] = cloud.HostID(at[x.from[i]]), cloud.HostID(at[x.to[i]])
	}
	return in
}

// maxHosts bounds an instance, like maxVMs.
const maxHosts = 1_000_000

// bounded refuses designs that are too large.
func bounded(hosts, vms int64) error {
	if hosts > maxHosts {
		return fmt.Errorf("that makes %d hosts, more than %d", hosts, maxHosts)
	}
	if vms > maxVMs {
		return fmt.Errorf("that makes %d VMs, more than %d", vms, maxVMs)
	}
	return nil
}
