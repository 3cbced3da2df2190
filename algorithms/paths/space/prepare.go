package space

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// bytesPerStand is what a search keeps for each VM and each host, whatever states it
// stores: what heuristics know of a VM's way from there to its goal (two costs and whether
// it may stand there), and where the host stands in the layout.
const bytesPerStand = 8 + 8 + 1 + 4 + 4

// Prepare lays out the states for a search. False ends it before it began: a VM cannot
// get to its goal, which proves that there is no path, or what is kept for each VM and
// host would not fit into memory.
func Prepare(run *paths.Run) (*Layout, bool) {
	if !run.Look() {
		return nil, false
	}
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
