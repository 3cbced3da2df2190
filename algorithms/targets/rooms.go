package targets

import (
	"iter"
	"math"

	"github.com/cloudrearrange/rearrange/cloud"
)

// rooms finds hosts that have room. It is a segment tree over the hosts in a fixed order:
// each node knows, per resource, the most that any host below it has free, so that
// looking for the next host with room passes over those that are full. A closed host has
// no room for anything.
//
// With several resources a node may have room for each of them, yet on different hosts.
// So each amount has two more entries, which a host must have room for too: the sum of
// the amounts, as shares of an average host, and the smallest of them. They keep the
// search away from hosts that are full of one resource only.
type rooms struct {
	hosts    []cloud.HostID // in order
	position []int32        // by host
	leaves   int            // a power of two
	width    int            // entries of an amount
	free     []int64        // [node*width + entry]; node 1 is the root, -1 is closed
	scale    []float64      // per resource: what makes a share of an amount
}

// shareUnit is how finely shares of an average host are told apart.
const shareUnit = 1 << 30

// newRooms makes a tree in which every host is closed; average is what a host may hold of
// each resource on average.
func newRooms(order []cloud.HostID, average []float64) *rooms {
	t := &rooms{
		hosts: order, position: make([]int32, len(order)), leaves: 1,
		width: len(average) + 2, scale: make([]float64, len(average)),
	}
	for i, a := range average {
		if a > 0 {
			t.scale[i] = shareUnit / a
		}
	}
	for i, h := range order {
		t.position[h] = int32(i)
	}
	for t.leaves < len(order) {
		t.leaves *= 2
	}
	t.free = make([]int64, 2*t.leaves*t.width)
	for i := range t.free {
		t.free[i] = -1
	}
	return t
}

func (t *rooms) node(n int) []int64 { return t.free[n*t.width : (n+1)*t.width] }

// extend writes the amounts and the two entries made of them. Each entry of a larger
// amount is at least that of a smaller one: the products are rounded alike.
func (t *rooms) extend(out []int64, amount func(resource int) int64) {
	sum, least := int64(0), int64(math.MaxInt64)
	for i, scale := range t.scale {
		out[i] = amount(i)
		share := int64(min(float64(out[i])*scale, mostShares*shareUnit))
		sum += share
		least = min(least, share)
	}
	out[len(t.scale)], out[len(t.scale)+1] = sum, least
}

// mostShares is the most average hosts that one amount counts as, so that no sum
// overflows.
const mostShares = 1 << 16

// isOpen tells whether the host is one to look at.
func (t *rooms) isOpen(h cloud.HostID) bool { return t.node(t.leaves + int(t.position[h]))[0] >= 0 }

// set opens a host, or changes what it has free. O(resources × log hosts).
func (t *rooms) set(h cloud.HostID, free func(resource int) int64) {
	n := t.leaves + int(t.position[h])
	t.extend(t.node(n), free)
	t.lift(n)
}

// shut closes a host.
func (t *rooms) shut(h cloud.HostID) {
	n := t.leaves + int(t.position[h])
	leaf := t.node(n)
	for i := range leaf {
		leaf[i] = -1
	}
	t.lift(n)
}

func (t *rooms) lift(n int) {
	for n /= 2; n > 0; n /= 2 {
		node, left, right := t.node(n), t.node(2*n), t.node(2*n+1)
		for i := range node {
			node[i] = max(left[i], right[i])
		}
	}
}

// fitting goes through the open hosts that have room for the demand, in order. Finding
// the first takes O(log hosts) for one resource and hardly more for several, and each of
// its neighbours O(1).
func (t *rooms) fitting(demand []int64) iter.Seq[cloud.HostID] {
	want := make([]int64, t.width)
	t.extend(want, func(i int) int64 { return demand[i] })
	return func(yield func(cloud.HostID) bool) { t.search(1, want, yield) }
}

// search goes through the hosts below a node, and tells whether to go on.
func (t *rooms) search(n int, want []int64, yield func(cloud.HostID) bool) bool {
	for i, f := range t.node(n) {
		if f < want[i] {
			return true
		}
	}
	if n >= t.leaves {
		return yield(t.hosts[n-t.leaves])
	}
	return t.search(2*n, want, yield) && t.search(2*n+1, want, yield)
}

// unbounded is free on a host that no rule bounds.
const unbounded = math.MaxInt64
