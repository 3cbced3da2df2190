package schedules

import (
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// LeafFirst is the entry of the baseline that fills hosts first that nothing leaves.
func LeafFirst() spec.Entry[Scheduler] {
	return spec.Entry[Scheduler]{
		Descriptor: spec.Descriptor{
			Name: "leaf-first", Synopsis: "steps to hosts that no VM leaves first, each as early as it may", Properties: []spec.Property{Seedless},
			Doc: "At each instant, steps that lead to a host that no step leaves are asked first, in the order of the hosts, then the " +
				"others in the plan's order. Suspends count as leading to such a host. This is the order in which mVM decides: " +
				"it gives each migration its earliest start in that order and goes back where constraints forbid it, here time " +
				"goes forward, and a dead end holds back the steps that took room out of the plan's order. Its search is left out.",
			Citation: "V. Kherbache, F. Hermenier, E. Madelaine: Scheduling live migration of virtual machines. IEEE TCC, 2017. " +
				"https://doi.org/10.1109/TCC.2017.2754279, and its code: https://github.com/btrplace/scheduler (StartOnLeafNodes, OnStableNodeFirst)",
		},
		New: func(spec.Args) (Scheduler, error) { return leafFirst{}, nil },
	}
}

type leafFirst struct{}

// Schedule implements [Scheduler].
func (leafFirst) Schedule(run *Run) error {
	left := make([]bool, len(run.Instance.Hosts))
	for m := range run.Moves {
		if h := run.Moves[m].From; h != cloud.Absent {
			left[h] = true
		}
	}
	return greedily(run, sorted(run.Problem, func(m int32) int {
		to := run.Moves[m].To
		if to == cloud.Absent || !left[to] {
			return int(to)
		}
		return len(left)
	}))
}
