package kernel

import (
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/part"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
)

// Kernel is what remains of a problem; see the package's documentation.
type Kernel struct {
	First  []cloud.Change // direct migrations that come before everything else, in this order
	Pieces []Piece        // what is to be searched, each by itself, in any order
	Last   []cloud.Change // direct migrations that come after everything else, in this order
}

// Piece are the VMs that may move in one part of what remains, and the hosts among which. A
// haven may be a host of several pieces; each leaves it as it found it.
type Piece struct {
	VMs   []cloud.VMID
	Hosts []cloud.HostID

	at []int32 // positions of the VMs in the layout
}

// Cut cuts a piece out of the problem of a cutter, which stands where the migrations that
// come first have led.
func (x *Piece) Cut(c *part.Cutter, p *paths.Problem) *part.Part {
	goal := make([]cloud.HostID, len(x.VMs))
	for n, v := range x.VMs {
		goal[n] = p.Goal[v]
	}
	return c.Cut(x.VMs, goal, x.Hosts)
}

// Reduce kernelises a problem for paths of an excess below so much, which is at least 1. It
// returns nil where it does not know how to, or nothing can be taken out. The layout is that
// of the problem. O((VMs + hosts) × resources + VMs log VMs + kinds of VMs × hosts).
func Reduce(p *paths.Problem, l *space.Layout, excess int64) *Kernel {
	s := space.NewState(p, l)
	if _, stuck := l.Stuck(); stuck || !s.LimitsOnly() || !s.Uniform() || s.Suspends() {
		return nil
	}
	r := &reducer{p: p, l: l, s: s, excess: excess, done: make([]bool, l.Len()), open: make([]bool, len(p.Instance.Hosts))}
	r.prepare()
	for h := range r.open {
		r.look(cloud.HostID(h))
	}
	for len(r.grown) > 0 {
		h := r.grown[len(r.grown)-1]
		r.grown = r.grown[:len(r.grown)-1]
		r.look(h)
	}
	if !slices.Contains(r.done, true) {
		return nil
	}
	slices.Reverse(r.out.Last)
	r.out.Pieces = r.pieces()
	return &r.out
}

// reducer finds out which hosts open.
type reducer struct {
	p      *paths.Problem
	l      *space.Layout
	s      *space.State
	excess int64
	price  []int64 // by position: what the VM adds to the excess when it goes astray
	stray  []int64 // by resource: the strays' demand
	room   []int64 // [host*R + resource], beside all who stand there and all who are still to come
	done   []bool  // by position: taken out
	open   []bool  // by host
	grown  []cloud.HostID
	on     [][]int32 // by host: positions that start there or are bound for it
	out    Kernel
}

func (r *reducer) goal(i int32) cloud.HostID { return r.p.Goal[r.l.VM(int(i))] }

func (r *reducer) prepare() {
	r.room = slices.Clone(r.s.Free)
	r.price = make([]int64, r.l.Len())
	r.on = make([][]int32, len(r.open))
	for i := range int32(r.l.Len()) {
		at, goal := r.s.Host[i], r.goal(i)
		other := goal // any other host will do
		if at == goal {
			other = r.elsewhere(int(i), at)
		}
		r.price[i] = r.s.Cost(int(i), other)
		r.on[at] = append(r.on[at], i)
		if at == goal {
			r.price[i] = min(r.price[i], math.MaxInt64/2) * 2
			continue
		}
		r.on[goal] = append(r.on[goal], i)
		r.expect(i, goal, 1)
	}
	r.stray = strays(r.s, r.price, r.excess)
}

// elsewhere is another host where the VM at a position may stand; there is one, or it would
// not be in the layout.
func (r *reducer) elsewhere(i int, at cloud.HostID) cloud.HostID {
	for _, h := range r.l.Hosts(i) {
		if h != at {
			return h
		}
	}
	return at
}

// expect takes room on a host for one VM, or with sign -1 gives it back.
func (r *reducer) expect(i int32, h cloud.HostID, sign int64) {
	n := r.s.Resources()
	for j := range n {
		r.room[int(h)*n+j] -= sign * r.s.Demand(int(i), j)
	}
}

// look opens a host if it can be, and takes out whom that sets free.
func (r *reducer) look(h cloud.HostID) {
	if r.open[h] {
		return
	}
	n := r.s.Resources()
	for j, d := range r.stray {
		if d > r.room[int(h)*n+j] {
			return
		}
	}
	r.open[h] = true
	for _, i := range r.on[h] {
		if r.done[i] {
			continue
		}
		r.done[i] = true
		at, goal := r.s.Host[i], r.goal(i)
		move := cloud.Change{VM: r.l.VM(int(i)), From: at, To: goal}
		switch {
		case at == goal:
		case goal == h:
			r.out.First = append(r.out.First, move)
			r.release(i, at)
		default:
			r.out.Last = append(r.out.Last, move)
			r.release(i, goal)
		}
	}
}

// release gives back the room that a VM had on the one of its two hosts where it does not
// count any more.
func (r *reducer) release(i int32, h cloud.HostID) {
	r.expect(i, h, -1)
	if !r.open[h] {
		r.grown = append(r.grown, h)
	}
}
