package greedy

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/internal/heaps"
)

// escape looks for the way to some placement with less misplaced, over all
// migrations of those VMs that the deadlock is about, and takes it.
//
// It is the local search of enforced hill climbing (Hoffmann and Nebel 2001, doi
// 10.1613/jair.855): what is best next is found by search, not by one look around.
// They search breadth first; here placements are expanded in the order of the size
// moved so far plus the size still misplaced, so that direct migrations are free and
// a detour counts as much as it moves. At most `limit` placements are expanded, and as
// many candidates weighed as that allows for a small cloud.
func (d *solver) escape(limit int) bool {
	if limit == 0 {
		return false
	}
	e := &escape{d: d, root: d.mark(), seen: map[uint64]int64{d.hash: 0}}
	e.open.Before = e.less
	e.focus()
	e.nodes = append(e.nodes, node{parent: -1, left: d.left})
	e.open.Push(0)
	candidates := int64(limit) * candidatesPerExpansion
	for expanded := 0; expanded < limit && len(e.open.Items) > 0 && candidates > 0; expanded++ {
		at := e.open.Pop()
		if e.nodes[at].g > e.seen[e.nodes[at].hash] && at != 0 {
			continue // a shorter way there was found since
		}
		if !d.decide() || !d.run.Memory(e.bytes(), int64(len(e.nodes))) {
			d.stopped = true
			break
		}
		e.goTo(at)
		found, tried := e.expand(at)
		if found >= 0 {
			e.goTo(found)
			d.wakeSources(e.root)
			return true
		}
		candidates -= tried
	}
	d.undoTo(e.root)
	if len(e.open.Items) == 0 && !d.stopped && e.everybody {
		d.hopeless = true
	}
	return false
}

const (
	// candidatesPerExpansion makes an expansion in a large cloud count for as
	// many as it takes as long as: 32 VMs on 8 hosts.
	candidatesPerExpansion = 256
	// maxRestWeight bounds what a suspend counts for, in sizes of its VM.
	maxRestWeight = 4
	// maxFocus bounds the VMs that a local search moves.
	maxFocus = 400
)

type escape struct {
	d         *solver
	root      int // mark of the deadlock
	vms       []cloud.VMID
	everybody bool // vms are all that can ever move
	nodes     []node
	open      heaps.Heap[int32]
	seen      map[uint64]int64
	onPath    []int32 // nodes from the root to where the walk stands, without the root
}

// node is a placement by the move that leads to it.
type node struct {
	hash   uint64
	g      int64 // size moved on the way from the deadlock
	left   int64
	parent int32
	vm     cloud.VMID
	to     cloud.HostID
}

// bytes is what the search holds: nodes, heap, and table entries with their share of
// empty slots.
func (e *escape) bytes() int64 {
	return int64(cap(e.nodes))*40 + int64(cap(e.open.Items))*4 + int64(len(e.seen))*32
}

// focus chooses the VMs that may move: the misplaced ones, those on hosts that
// misplaced ones wait for, and those that share a rule with one of them, as far as
// the bound goes; in a small cloud simply all.
func (e *escape) focus() {
	chosen := make([]bool, len(e.d.goal))
	add := func(v cloud.VMID) {
		if !chosen[v] && e.d.run.Problem.Goal[v] != cloud.Absent && len(e.vms) < maxFocus {
			chosen[v] = true
			e.vms = append(e.vms, v)
		}
	}
	blocked := e.d.blocked()
	for _, v := range blocked {
		add(v)
	}
	for _, v := range blocked {
		if t := e.d.next(v, e.d.s.HostOf(v)); t != cloud.Absent {
			for _, u := range e.d.s.On(t) {
				add(u)
			}
		}
	}
	for _, v := range blocked {
		if e.d.watched == nil {
			break
		}
		for _, rule := range e.d.watched[v] {
			for _, u := range e.d.watchers[rule] {
				add(u)
			}
		}
	}
	for v := range e.d.goal {
		add(cloud.VMID(v))
	}
	e.everybody = len(e.vms) < maxFocus
	slices.Sort(e.vms)
}

// expand generates the successors of the placement where the walk stands. It returns
// one with less misplaced than in the deadlock, or -1.
func (e *escape) expand(at int32) (found int32, tried int64) {
	from := e.nodes[at]
	for _, v := range e.vms {
		source := e.d.s.HostOf(v)
		for i := range e.d.waiting {
			h, weight := host(i), e.d.size[v]
			switch {
			case h == source:
				continue
			case h == cloud.Absent:
				if !e.d.restful(v) {
					continue
				}
				weight = e.restWeight(v)
			case !e.d.fits(v, h):
				continue
			}
			tried++
			if !e.d.can(v, h) {
				continue
			}
			if e.d.stopped {
				return -1, tried
			}
			n := node{
				hash: e.d.hash ^ key(v, source) ^ key(v, h), parent: at, vm: v, to: h,
				g: from.g + weight, left: from.left + e.d.size[v]*(e.d.steps(v, h)-e.d.steps(v, source)),
			}
			if g, met := e.seen[n.hash]; met && g <= n.g {
				continue
			}
			e.seen[n.hash] = n.g
			e.nodes = append(e.nodes, n)
			id := int32(len(e.nodes) - 1)
			if n.left < e.d.here {
				return id, tried
			}
			e.open.Push(id)
		}
	}
	return -1, tried + 1
}

// restWeight is what suspending a VM counts for where a migration counts for its size:
// what it costs more, with its resume, than a migration does.
func (e *escape) restWeight(v cloud.VMID) int64 {
	at := e.d.s.HostOf(v)
	live := float64(max(1, e.d.price(v, at, e.d.elsewhere(at))))
	paused := float64(e.d.price(v, at, cloud.Absent)) + float64(e.d.finish(v, cloud.Absent))
	return int64(float64(e.d.size[v]) * min(maxRestWeight, max(0, paused/live-1)))
}

// goTo walks to a node by way of the last placement that lies on both ways.
func (e *escape) goTo(to int32) {
	var way []int32
	for n := to; n > 0; n = e.nodes[n].parent {
		way = append(way, n)
	}
	slices.Reverse(way)
	common := 0
	for common < len(way) && common < len(e.onPath) && way[common] == e.onPath[common] {
		common++
	}
	e.d.undoTo(e.root + common)
	for _, n := range way[common:] {
		e.d.move(e.nodes[n].vm, e.nodes[n].to)
	}
	e.onPath = way
}

// less orders the heap: by size moved and still to move, then the nearer to the
// goal, then the older.
func (e *escape) less(a, b int32) bool {
	x, y := &e.nodes[a], &e.nodes[b]
	if fx, fy := x.g+x.left, y.g+y.left; fx != fy {
		return fx < fy
	}
	if x.left != y.left {
		return x.left < y.left
	}
	return a < b
}
