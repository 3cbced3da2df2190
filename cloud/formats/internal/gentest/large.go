package gentest

import (
	"strconv"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Large makes an instance of a given size with plain names, for benchmarks: every VM has
// a host and moves on to the next one, and every three VMs are a group.
func Large(hosts, vms int) *cloud.Instance {
	in := &cloud.Instance{
		Name:      "large",
		Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}, {Name: "cpu"}},
		Rules:     []spec.Spec{spec.Named("capacity"), spec.Named("anti-affinity").With("group", "*")},
		Initial:   make(cloud.Placement, vms), Target: make(cloud.Placement, vms),
	}
	for h := range hosts {
		in.Hosts = append(in.Hosts, cloud.Host{
			Name: "host" + strconv.Itoa(h), Capacity: []int64{1 << 20, 256}, Reserved: []int64{4096, 2},
			Zone: "z" + strconv.Itoa(h%3), Rack: "r" + strconv.Itoa(h/40), NICMbps: 10000,
		})
	}
	for v := range vms {
		in.VMs = append(in.VMs, cloud.VM{Name: "vm" + strconv.Itoa(v), Demand: []int64{4096, 2}, DirtyMiBPerS: new(12.0), WorkingSetMiB: 200})
		in.Initial[v] = cloud.HostID(v % hosts)
		in.Target[v] = cloud.HostID((v + 1) % hosts)
		if v%3 == 2 {
			in.Groups = append(in.Groups, cloud.Group{Name: "g" + strconv.Itoa(v/3), VMs: []cloud.VMID{cloud.VMID(v - 2), cloud.VMID(v - 1), cloud.VMID(v)}})
		}
	}
	if err := in.Check(); err != nil {
		panic(err) // nothing above depends on chance
	}
	return in
}
