package space

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// What a search that is guided by a heuristic keeps, whatever states it stores.
const (
	bytesPerVM     = 384 // in layout, state and heuristic; the costliest of them, deadlock, has half of it
	bytesPerDemand = 24  // of each VM for each resource: the same three keep a copy
	bytesPerFare   = 16  // two costs of the way from there to the target
)

// Prepare lays out the states for a search that is guided by a heuristic. False ends it
// before it began: a VM cannot get to its goal, which proves that there is no path, or
// what is kept for the VMs would not fit into memory.
func Prepare(run *paths.Run) (*Layout, bool) {
	if tables(run.Problem) > run.MemoryLeft(0) {
		run.OutOfMemory()
		return nil, false
	}
	return PrepareUnguided(run)
}

// tables is what layout, state and heuristic keep, in bytes. Where hosts make a difference
// to the cost, that is one list of fares, by class of hosts, for all VMs of a class that go
// to hosts of a class; see the bounds' tariff.
func tables(p *paths.Problem) int64 {
	_, uniform := p.Cost.(cloud.HostIndependent)
	vms, _ := p.Cost.(cloud.VMClassifier)
	var hosts []int32
	if !uniform {
		hosts = cloud.HostClassesOf(p.Cost)
	}
	type list struct {
		vm   int64
		goal int32
	}
	var present, classes int64
	lists := map[list]bool{}
	for v, h := range p.Start {
		if h == cloud.Absent {
			continue
		}
		present++
		if uniform {
			continue
		}
		k := list{int64(v), int32(p.Goal[v])}
		if vms != nil {
			k.vm = vms.VMClass(cloud.VMID(v))
		}
		if hosts != nil {
			k.goal = hosts[p.Goal[v]]
		}
		lists[k] = true
	}
	if hosts == nil {
		classes = int64(len(p.Instance.Hosts))
	}
	for _, c := range hosts {
		classes = max(classes, int64(c)+1)
	}
	perVM := bytesPerVM + bytesPerDemand*int64(len(p.Instance.Resources))
	return present*perVM + int64(len(lists))*classes*bytesPerFare
}

// PrepareUnguided is [Prepare] for a search without a heuristic.
func PrepareUnguided(run *paths.Run) (*Layout, bool) {
	if !run.Look() {
		return nil, false
	}
	layout := NewLayout(run.Problem)
	if why, stuck := layout.Stuck(); stuck {
		run.GiveUp(why)
		run.Exhausted()
		return nil, false
	}
	return layout, true
}
