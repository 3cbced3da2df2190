package validate

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// world is the judge's own record of who stands where. A VM under way is listed on both of
// its hosts.
type world struct {
	host []cloud.HostID              // by VM; of a VM under way, where it comes from
	on   [][]cloud.VMID              // by host, ascending
	way  map[cloud.VMID]cloud.HostID // by VM under way, where it goes
}

// newWorld lists the VMs of all hosts in one allocation. A list that grows is allocated
// anew.
func newWorld(in *cloud.Instance, p cloud.Placement) *world {
	w := &world{host: append([]cloud.HostID(nil), p...), on: make([][]cloud.VMID, len(in.Hosts)), way: map[cloud.VMID]cloud.HostID{}}
	count := make([]int, len(in.Hosts))
	present := 0
	for _, h := range p {
		if h != cloud.Absent {
			count[h]++
			present++
		}
	}
	lists := make([]cloud.VMID, present)
	for h, n := range count {
		w.on[h], lists = lists[:0:n], lists[n:]
	}
	for v, h := range p {
		if h != cloud.Absent {
			w.on[h] = append(w.on[h], cloud.VMID(v))
		}
	}
	return w
}

// On implements [cloud.View].
func (w *world) On(h cloud.HostID) []cloud.VMID { return w.on[h] }

// HostOf implements [cloud.View].
func (w *world) HostOf(v cloud.VMID) cloud.HostID { return w.host[v] }

// Destination implements [cloud.View].
func (w *world) Destination(v cloud.VMID) (cloud.HostID, bool) {
	to, underWay := w.way[v]
	if !underWay {
		return cloud.Absent, false
	}
	return to, true
}

func (w *world) add(v cloud.VMID, h cloud.HostID) {
	if h == cloud.Absent {
		return
	}
	if i, found := slices.BinarySearch(w.on[h], v); !found {
		w.on[h] = slices.Insert(w.on[h], i, v)
	}
}

func (w *world) remove(v cloud.VMID, h cloud.HostID) {
	if h == cloud.Absent {
		return
	}
	if i, found := slices.BinarySearch(w.on[h], v); found {
		w.on[h] = slices.Delete(w.on[h], i, i+1)
	}
}

// depart sends a VM under way.
func (w *world) depart(v cloud.VMID, to cloud.HostID) {
	w.add(v, to)
	w.way[v] = to
}

// arrive ends the way of a VM that departed.
func (w *world) arrive(v cloud.VMID) {
	to := w.way[v]
	if from := w.host[v]; from != to {
		w.remove(v, from)
	}
	w.host[v] = to
	delete(w.way, v)
}

// move puts a VM somewhere at once.
func (w *world) move(v cloud.VMID, to cloud.HostID) {
	w.remove(v, w.host[v])
	w.add(v, to)
	w.host[v] = to
}
