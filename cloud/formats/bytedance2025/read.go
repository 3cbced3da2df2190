package bytedance2025

import (
	"fmt"
	"math"
	"strconv"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Resources, in their order.
const (
	ram = iota
	cpu
	resources
)

// reader puts an instance together. The first fault ends it.
type reader struct {
	in     *cloud.Instance
	nodes  map[string]map[int]cloud.HostID // by machine and number
	vms    map[string]cloud.VMID
	free   [][resources]int64 // by host, as the file says
	pinned []cloud.VMID
	rules  []spec.Spec // of deployment sets
}

func newReader(name string) *reader {
	return &reader{
		in:    &cloud.Instance{Name: name, Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}, {Name: "cpu", Unit: "cores"}}},
		nodes: map[string]map[int]cloud.HostID{}, vms: map[string]cloud.VMID{},
	}
}

// fault is an error with its place in the document.
func fault(at, format string, args ...any) error {
	return &cloud.PathError{Pointer: at, Msg: fmt.Sprintf(format, args...)}
}

// amount reads a whole number of at least 0. Free amounts may be below.
func amount(at string, x float64) (int64, error) {
	if x < 0 || x != math.Trunc(x) || x > 1<<53 {
		return 0, fault(at, "expected a whole number from 0 to 2^53, found %v", x)
	}
	return int64(x), nil
}

// amounts reads memory and cores.
func amounts(at, memoryName string, memory float64, cpuName string, cores float64) (out []int64, err error) {
	out = make([]int64, resources)
	if out[ram], err = amount(at+"/"+memoryName, memory); err == nil {
		out[cpu], err = amount(at+"/"+cpuName, cores)
	}
	return out, err
}

func (r *reader) cluster(at string, c *wireCluster) error {
	for i := range c.Hosts {
		if err := r.machine(fmt.Sprintf("%s/host_info/%d", at, i), c.Name, &c.Hosts[i]); err != nil {
			return err
		}
	}
	for i := range c.VMs {
		if err := r.vm(fmt.Sprintf("%s/vm_instance/%d", at, i), &c.VMs[i]); err != nil {
			return err
		}
	}
	for i := range c.Other.Sets {
		if err := r.set(fmt.Sprintf("%s/other_requirement/deployment_set/%d", at, i), &c.Other.Sets[i]); err != nil {
			return err
		}
	}
	return nil
}

// machine makes a host of each NUMA node.
func (r *reader) machine(at, cluster string, h *wireHost) error {
	switch {
	case h.ID == "":
		return fault(at+"/node_id", "expected the name of a host, found nothing")
	case r.nodes[h.ID] != nil:
		return fault(at+"/node_id", "host %q is defined twice; clusters that share names can be read one by one (cluster=…)", prose.Abridge(h.ID, 80))
	case h.Status != "ACTIVE":
		return fault(at+"/status", "unknown status %q, expected ACTIVE", prose.Abridge(h.Status, 80))
	case len(h.Nodes) < 1 || len(h.Nodes) > 2:
		return fault(at+"/numa", "expected one or two NUMA nodes, found %d", len(h.Nodes))
	}
	r.nodes[h.ID] = map[int]cloud.HostID{}
	for i, n := range h.Nodes {
		at := fmt.Sprintf("%s/numa/%d", at, i)
		if _, twice := r.nodes[h.ID][n.Node]; twice {
			return fault(at+"/node", "node %d is defined twice", n.Node)
		}
		capacity, err := amounts(at, "memory_huge_total_mb", n.Memory, "total_cpu", n.CPU)
		if err != nil {
			return err
		}
		r.nodes[h.ID][n.Node] = cloud.HostID(len(r.in.Hosts))
		r.in.Hosts = append(r.in.Hosts, cloud.Host{
			Name: h.ID + "/" + strconv.Itoa(n.Node), Capacity: capacity, Reserved: make([]int64, resources), Zone: cluster,
			Rack: strconv.FormatInt(h.Rack, 10), Labels: map[string]string{"machine": h.ID},
		})
		r.free = append(r.free, [resources]int64{ram: int64(n.FreeMemory), cpu: int64(n.FreeCPU)})
	}
	return nil
}

// vm reads a VM. One on two nodes demands the same of both.
func (r *reader) vm(at string, v *wireVM) error {
	_, twice := r.vms[v.ID]
	switch {
	case v.ID == "":
		return fault(at+"/instance_id", "expected the name of a VM, found nothing")
	case twice:
		return fault(at+"/instance_id", "VM %q is defined twice; clusters that share names can be read one by one (cluster=…)", prose.Abridge(v.ID, 80))
	case r.nodes[v.Host] == nil:
		return fault(at+"/host_id", "unknown host %q", prose.Abridge(v.Host, 80))
	case len(v.Nodes) < 1 || len(v.Nodes) > 2:
		return fault(at+"/numa", "expected one or two NUMA nodes, found %d", len(v.Nodes))
	}
	vm := cloud.VM{Name: v.ID, Demand: make([]int64, resources)}
	home := cloud.Absent
	for i, n := range v.Nodes {
		at := fmt.Sprintf("%s/numa/%d", at, i)
		h, known := r.nodes[v.Host][n.Node]
		switch {
		case !known:
			return fault(at+"/node", "host %q has no node %d", prose.Abridge(v.Host, 80), n.Node)
		case i == 1 && n.Node == v.Nodes[0].Node:
			return fault(at+"/node", "node %d is listed twice", n.Node)
		case i == 1 && (n.CPU != v.Nodes[0].CPU || n.Memory != v.Nodes[0].Memory):
			return fault(at, "expected as much as on the first node: half of a VM stands on each")
		}
		demand, err := amounts(at, "mem_mb", n.Memory, "cpu", n.CPU)
		if err != nil {
			return err
		}
		for k, d := range demand {
			vm.Demand[k] += d
		}
		if i == 0 {
			home = h
		}
	}
	if len(v.Nodes) == 2 {
		vm.Labels = map[string]string{"numa": "2"}
	}
	r.vms[v.ID] = cloud.VMID(len(r.in.VMs))
	r.in.VMs, r.in.Initial = append(r.in.VMs, vm), append(r.in.Initial, home)
	if v.Migrate != nil && !*v.Migrate {
		r.pinned = append(r.pinned, r.vms[v.ID])
	}
	return nil
}

// set reads a deployment set. None of the published files has one.
func (r *reader) set(at string, s *wireSet) error {
	by := map[string]string{"host": "machine", "rack": "rack"}[s.Granularity]
	if by == "" && len(s.VMs) > 0 {
		return fault(at+"/granularity", "unknown granularity %q, expected host or rack", prose.Abridge(s.Granularity, 80))
	}
	g := cloud.Group{Name: "set" + strconv.Itoa(len(r.in.Groups))}
	for i, name := range s.VMs {
		v, known := r.vms[name]
		if !known {
			return fault(fmt.Sprintf("%s/data/%d", at, i), "unknown VM %q", prose.Abridge(name, 80))
		}
		g.VMs = append(g.VMs, v)
	}
	if len(g.VMs) > 0 {
		r.in.Groups = append(r.in.Groups, g)
		r.rules = append(r.rules, spec.Named("anti-affinity").With("group", g.Name).With("by", by))
	}
	return nil
}

// instance is what was read.
func (r *reader) instance() *cloud.Instance {
	r.in.Rules = append([]spec.Spec{spec.Named("numa").With("pair", "machine")}, r.rules...)
	if len(r.pinned) > 0 {
		r.in.Groups = append(r.in.Groups, cloud.Group{Name: "pinned", VMs: r.pinned})
		r.in.Rules = append(r.in.Rules, spec.Named("pin").With("group", "pinned"))
	}
	r.in.Description = "clusters of Ding et al., EuroSys 2025"
	if n := r.disagree(); n > 0 {
		r.in.Description += fmt.Sprintf("; the free amounts that the file gives disagree with its VMs on %d of %s", n, prose.Count(len(r.in.Hosts), "NUMA node"))
	}
	return r.in
}

// disagree counts the nodes of which the file says that something else is free than its VMs leave.
func (r *reader) disagree() (count int) {
	left := make([][resources]int64, len(r.in.Hosts))
	for h := range left {
		left[h] = [resources]int64(r.in.Hosts[h].Capacity)
	}
	for v, h := range r.in.Initial {
		nodes := []cloud.HostID{h}
		if r.in.VMs[v].Labels["numa"] == "2" {
			nodes = nodes[:0]
			for _, node := range r.nodes[r.in.Hosts[h].Labels["machine"]] {
				nodes = append(nodes, node)
			}
		}
		for _, node := range nodes {
			for k, d := range r.in.VMs[v].Demand {
				left[node][k] -= d / int64(len(nodes))
			}
		}
	}
	for h := range left {
		if left[h] != r.free[h] {
			count++
		}
	}
	return count
}
