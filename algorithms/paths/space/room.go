package space

import (
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// exceeded is how many of the different limits of hosts a demand exceeds.
func (w *whereabouts) exceeded(resource int, demand int64) int {
	n, _ := slices.BinarySearch(w.limits[resource], demand)
	return n
}

// room is, by resource and by how many of its limits a demand exceeds, the most room that
// a host can ever have for a VM of such a demand. Hosts that are too small for some demand
// hold no VM of that demand or more; so what the others hold together, less the demands of
// those VMs, is all that one of them can be cleared of. MaxInt64 where limits add up to as
// much. O((VMs + hosts) × resources).
func (w *whereabouts) room() [][]int64 {
	n := len(w.p.Instance.Resources)
	out := make([][]int64, n)
	for r, limits := range w.limits {
		room, used := make([]int64, len(limits)+1), make([]int64, len(limits)+1)
		for i := r; i < len(w.limit); i += n {
			k := w.exceeded(r, w.limit[i])
			room[k] = paths.Plus(room[k], max(0, w.limit[i]))
		}
		for v, at := range w.p.Start {
			if at != cloud.Absent && !w.p.Instance.VMs[v].Interruptible {
				d := w.demands[v*n+r]
				k := w.exceeded(r, d)
				used[k] = paths.Plus(used[k], d)
			}
		}
		for k := len(limits) - 1; k >= 0; k-- {
			room[k] = paths.Plus(room[k], room[k+1])
			used[k] = paths.Plus(used[k], used[k+1])
		}
		for k := range room {
			if room[k] < math.MaxInt64 {
				room[k] -= used[k]
			}
			if k > 0 {
				room[k] = min(room[k], room[k-1])
			}
		}
		out[r] = room
	}
	return out
}

// jammed tells whether no host can ever have room for the VM beside those that are never
// suspended, so that it stands still: where it stands it is charged as long as it moves.
func (w *whereabouts) jammed(vm cloud.VMID) bool {
	if w.p.Instance.VMs[vm].Interruptible {
		return false
	}
	for r, d := range w.demand(vm) {
		if d > w.most[r][w.exceeded(r, d)] {
			return true
		}
	}
	return false
}
