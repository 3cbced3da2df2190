package packing

import (
	"github.com/cloudrearrange/rearrange/cloud"
)

// index finds open hosts with room: a segment tree of the most that any host below a node has free of
// each resource. With several resources a node may have room for each of them on different hosts.
type index struct {
	leaves    int // a power of two
	resources int
	free      []int64 // [node*R + resource]; node 1 is the root; -1 for hosts without room for any VM
	visits    int     // of nodes, left to the search at hand
}

// mostVisits bounds the nodes that are looked at for one VM: with several resources a search may walk through
// many that have no room after all.
const mostVisits = 1 << 11

func newIndex(hosts, resources int) *index {
	x := &index{leaves: 1, resources: resources}
	for x.leaves < hosts {
		x.leaves *= 2
	}
	x.free = make([]int64, 2*x.leaves*resources)
	for i := range x.free {
		x.free[i] = -1
	}
	return x
}

// set notes what a host has free. O(resources × log hosts) at most.
func (x *index) set(h cloud.HostID, free func(resource int) int64) {
	n, r := x.leaves+int(h), x.resources
	for i := range r {
		x.free[n*r+i] = free(i)
	}
	for n /= 2; n > 0; n /= 2 {
		same := true
		for i := range r {
			if most := max(x.free[2*n*r+i], x.free[(2*n+1)*r+i]); most != x.free[n*r+i] {
				x.free[n*r+i], same = most, false
			}
		}
		if same {
			return
		}
	}
}

// from calls f for open hosts with room for a demand, beginning with the first one that is not before
// a given one and going round, until f says no, or it has looked far enough.
func (x *index) from(start cloud.HostID, demand []int64, f func(cloud.HostID) bool) {
	x.visits = mostVisits
	if x.walk(1, 0, x.leaves, int(start), x.leaves, demand, f) {
		x.walk(1, 0, x.leaves, 0, int(start), demand, f)
	}
}

// walk visits the leaves of a node, which are those from low to high, as far as they are within first
// and last. It tells whether to go on.
func (x *index) walk(n, low, high, first, last int, demand []int64, f func(cloud.HostID) bool) bool {
	if high <= first || last <= low {
		return true
	}
	if x.visits--; x.visits < 0 {
		return false
	}
	for i, d := range demand {
		if x.free[n*x.resources+i] < d {
			return true
		}
	}
	if high-low == 1 {
		return f(cloud.HostID(low))
	}
	middle := (low + high) / 2
	return x.walk(2*n, low, middle, first, last, demand, f) && x.walk(2*n+1, middle, high, first, last, demand, f)
}
