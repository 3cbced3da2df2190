package bounds

import (
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths/internal/disjoint"
	"github.com/cloudrearrange/rearrange/cloud"
)

// part is a connected component of the core, or several that compete for room: the hosts where
// its VMs stand or go. The cheapest sets of VMs that go out of their way are found for each part
// separately, and their costs are added up.
//
// In the example of [tangle] there is one part, hosts 1 and 2. It is not closed, as a and b find
// room on host 3 once c has left. Were there no room for them anywhere, all hosts where they may
// stand would belong to the part, with all VMs that may have to make room there.
type part struct {
	hosts []cloud.HostID
	// closed says that whoever on the hosts finds no room elsewhere may only stand on
	// these; else it is taken for granted that there is room elsewhere.
	closed bool
}

// mostSearches bounds how many hosts are searched in vain for room.
const mostSearches = 1 << 27

// parts are the hosts that the tangle concerns, in sets that neither it links nor the
// search for room: where a VM that has no room anywhere may stand, others may have to make
// some. What would be more than a pocket in this way is parted as if there were room.
func (w *whole) parts() []part {
	own := w.tangle.parts()
	of := make([]int32, w.x.hosts) // number of the set a host is of, from 1
	for n, hosts := range own {
		for _, h := range hosts {
			of[h] = int32(n) + 1
		}
	}
	// Sets that reach each other's hosts are one.
	reach := make([][]cloud.HostID, len(own))
	sets, owner := disjoint.New[int32](len(own)), make([]int32, w.x.hosts)
	searches := mostSearches
	for n, hosts := range own {
		reach[n] = w.reach(hosts, own, of, &searches)
		for _, h := range reach[n] {
			if owner[h] > 0 {
				sets.Join(owner[h]-1, int32(n))
			}
			owner[h] = int32(n) + 1
		}
	}
	together := make([][]cloud.HostID, len(own))
	for n := range own {
		to := sets.Leader(int32(n))
		together[to] = append(together[to], reach[n]...)
	}
	var out []part
	for n, hosts := range own {
		to := sets.Leader(int32(n))
		all := together[to]
		slices.Sort(all)
		all = slices.Compact(all)
		together[to] = all
		switch {
		case len(all) == 0 || w.count(all) > w.most:
			out = append(out, part{hosts, false})
		case int(to) == n:
			out = append(out, part{all, true})
		}
	}
	return out
}

// reach is a set of hosts with all others where VMs on them, or on those, may look for
// room and find none; nil if that is more than a pocket.
func (w *whole) reach(hosts []cloud.HostID, own [][]cloud.HostID, of []int32, searches *int) []cloud.HostID {
	x := &w.x
	if w.count(hosts) > w.most {
		return nil
	}
	out := slices.Clone(hosts)
	known := map[cloud.HostID]bool{}
	for _, h := range out {
		known[h] = true
	}
	add := func(h cloud.HostID) {
		if !known[h] {
			known[h] = true
			out = append(out, h)
		}
	}
	count := 0
	for n := 0; n < len(out); n++ {
		if other := of[out[n]]; other > 0 {
			for _, h := range own[other-1] {
				add(h)
			}
		}
		for _, i := range w.tangle.at.on(out[n]) {
			if !w.counts(i) {
				continue
			}
			if count++; count > w.most || *searches < 0 {
				return nil
			}
			if x.left[i] || x.hasSomewhere(i) {
				continue
			}
			w.homeless[i] = true
			*searches -= len(w.outline.Hosts(int(i)))
			for _, h := range w.outline.Hosts(int(i)) {
				if w.outline.MayStand(int(i), h) {
					add(h)
				}
			}
		}
	}
	return out
}

// counts tells whether a VM is settled or of the core.
func (w *whole) counts(i int32) bool { return !w.x.misplaced(i) || w.tangle.core[i] }

// on lists those on some hosts who are settled or of the core.
func (w *whole) on(hosts []cloud.HostID) []int32 {
	most := 0
	for _, h := range hosts {
		most += len(w.tangle.at.on(h))
	}
	out := make([]int32, 0, most)
	for _, h := range hosts {
		for _, i := range w.tangle.at.on(h) {
			if w.counts(i) {
				out = append(out, i)
			}
		}
	}
	return out
}

// count is how many these are, or some number above that of a pocket.
func (w *whole) count(hosts []cloud.HostID) int {
	n := 0
	for _, h := range hosts {
		for _, i := range w.tangle.at.on(h) {
			if w.counts(i) {
				n++
			}
		}
		if n > w.most {
			break
		}
	}
	return n
}
