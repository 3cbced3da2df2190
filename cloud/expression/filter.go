package expression

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud"
)

// Filter is a test of VM and host, evaluated for every class of both.
type Filter struct {
	vm, host []int32 // class by VM and by host
	hosts    int     // classes of hosts
	admits   []bool  // [class of VM * hosts + class of host]
}

// Filter evaluates a test of vm and host. A fault of evaluation, and more than
// [MaxCombinations] classes, is an error. O(VMs + hosts + combinations of classes).
func (p *Program) Filter() (*Filter, error) {
	vms, hosts := p.vmClasses(), p.hostClasses(Host)
	if err := tooMany(vms.len(), "VMs", hosts.len(), "hosts"); err != nil {
		return nil, err
	}
	f := &Filter{vm: vms.of, host: hosts.of, hosts: hosts.len(), admits: make([]bool, 0, vms.len()*hosts.len())}
	for _, v := range vms.first {
		for _, h := range hosts.first {
			yes, err := p.Test(&At{VM: cloud.VMID(v), Host: cloud.HostID(h)})
			if err != nil {
				return nil, fmt.Errorf("VM %q on host %q: %w", p.in.VMs[v].Name, p.in.Hosts[h].Name, err)
			}
			f.admits = append(f.admits, yes)
		}
	}
	return f, nil
}

// Admits looks the test up. O(1).
func (f *Filter) Admits(vm cloud.VMID, h cloud.HostID) bool {
	return f.admits[int(f.vm[vm])*f.hosts+int(f.host[h])]
}

// VMClass is the class of a VM: the test does not tell VMs of a class apart.
func (f *Filter) VMClass(vm cloud.VMID) int64 { return int64(f.vm[vm]) }
