package space

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// bytesPerStand is what heuristics keep for each VM and each host, whatever states a search
// stores: two costs of the VM's way from there to its goal, and whether it may stand there.
const bytesPerStand = 8 + 8 + 1

// Prepare lays out the states for a search that is guided by a heuristic. False ends it
// before it began: a VM cannot get to its goal, which proves that there is no path, or
// what is kept for each VM and host would not fit into memory.
func Prepare(run *paths.Run) (*Layout, bool) {
	var present int64
	for _, h := range run.Problem.Start {
		if h != cloud.Absent {
			present++
		}
	}
	if present*int64(len(run.Problem.Instance.Hosts))*bytesPerStand > run.MemoryLeft(0) {
		run.OutOfMemory()
		return nil, false
	}
	return PrepareUnguided(run)
}

// PrepareUnguided is [Prepare] for a search without a heuristic.
func PrepareUnguided(run *paths.Run) (*Layout, bool) {
	if !run.Look() {
		return nil, false
	}
	layout := NewLayout(run.Problem)
	if vm, stuck := layout.Stuck(); stuck {
		giveUpStuck(run, vm)
		return nil, false
	}
	return layout, true
}

// giveUpStuck announces that no path exists because a VM can never stand on its target.
func giveUpStuck(run *paths.Run, vm cloud.VMID) {
	run.GiveUp(fmt.Sprintf("the rules keep VM %q off its target host in every state", run.Problem.Instance.VMs[vm].Name))
	run.Exhausted()
}
