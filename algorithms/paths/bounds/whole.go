package bounds

import (
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
)

// mostInPocket is the number of VMs up to which a part is looked at as one: what is
// looked into for a part grows with its square.
const mostInPocket = 128

// mostListed is the number of hosts in all lists of where VMs may stand up to which these
// are exact; they take 8 bytes each.
const mostListed = 1 << 22

// Whole is a lower bound on the cost of every path of a problem, however large; it tells
// of a dead end where it proves that there is no path. It is what [Deadlock] estimates,
// cut down so that it takes near-linear time and memory: what all misplaced VMs have to
// pay in any case, and what deadlocks force beyond that.
//
// Admissible: let some set of VMs be enough for both relaxed problems of [Deadlock]; the
// cost of the cheapest such set is the bound there. (That of leaving is a delete relaxation:
// room that was made is never taken again.) What is added up here is at most that, by two
// arguments.
//
//   - Parts: VMs of the order's core that share no host, neither where they stand nor
//     where they go, share no room either. So of a set that is enough, those who stand on
//     the hosts of a part are enough for the part, where others are no hindrance to it and
//     the room that they may have to make is taken to be there, or they belong to it.
//     Different parts have different VMs, and their cheapest sets add up.
//   - Traps (see [traps]): prices are parted among landmarks (cost partitioning).
//
// Unlike [Deadlock], the bound considers rules that keep the VMs of a group apart. In the relaxed
// problem of leaving, a VM waits for its mate to leave just as it waits for room (see [mates]).
// A cycle of mates that exchange places is a deadlock, however much room there is. Both kinds of
// deadlock draw on the same prices, so nothing is charged twice.
//
// In the example of [tangle], with memory as the cost, the VMs pay 3 + 3 + 3 GiB in any case and
// the part of a and b another 3, so that the bound is 12 GiB.
//
// A part of few VMs is looked into like a state by [Deadlock]; in a larger one, traps are
// added up. Where nobody waits in a circle for others to leave, as in most clouds that are
// less than full, nothing is added to a large part: then it is an order that is in
// question, and no set of few VMs proves that there is none.
//
// O(VMs + hosts), times the resources, where there are no deadlocks. Once the run of the
// problem has to end, what is proved by then is the bound. The run keeps the memory that is
// taken until Whole returns.
func Whole(run *paths.Run) (bound int64, deadEnd bool) {
	return wholeBound(run, mostInPocket, mostListed)
}

// What it takes, in bytes: of each VM, of each host, and of each of them for each resource.
const (
	wholePerVM     = 96
	wholePerHost   = 144
	wholePerAmount = 40
)

func wholeBound(run *paths.Run, most, listed int) (bound int64, deadEnd bool) {
	defer run.Release(run.Kept())
	if !run.KeepEach(wholePerVM, wholePerHost, wholePerAmount) {
		return 0, false
	}
	p := run.Problem
	l := space.NewOutline(run, listed)
	if l == nil {
		return 0, false
	}
	if _, stuck := l.Stuck(); stuck {
		return 0, true
	}
	costs, ok := newTariff(run, p, l)
	if !ok {
		return 0, false
	}
	w := &whole{run: run, p: p, most: most, outline: l, costs: costs}
	w.x.initState(p, l)
	copy(w.x.room, l.Free())
	for i := range w.x.at {
		w.x.at[i] = p.Start[l.VM(i)]
	}
	w.x.begin()
	return w.bound()
}

type whole struct {
	run     *paths.Run
	p       *paths.Problem
	most    int // VMs in a pocket
	outline *space.Outline
	costs   tariff
	x       relaxed
	tangle  *tangle
	// By position, of those on hosts that the core concerns:
	price    []int64 // of a detour, without what was counted
	homeless []bool  // whether there is no room anywhere; found out for parts that fit into pockets
}

func (w *whole) stop() bool { return !w.run.Look() }

func (w *whole) bound() (bound int64, deadEnd bool) {
	x := &w.x
	for i, at := range x.at {
		if goal := w.costs.goal[i]; at != goal {
			bound = plus(bound, w.costs.straight(i, at))
			x.wait(i, goal)
		}
	}
	x.mates = newMates(w.p, w.outline, x.at, w.costs.goal)
	w.tangle = newTangle(x)
	leaving := w.leaving()
	x.settle()
	w.price, w.homeless = make([]int64, len(x.at)), make([]bool, len(x.at))
	k, traps := newPocket(w), newTraps(w)
	for _, part := range w.parts() {
		if w.stop() {
			return bound, false
		}
		positions := w.on(part.hosts)
		var extra int64
		switch {
		case len(positions) <= w.most:
			w.reckon(positions)
			extra = k.least(part, positions, leaving, w.tangle.room)
		case w.locked(positions):
			w.reckon(positions)
			extra = traps.sum(k, part.hosts, positions)
		}
		if extra == never {
			return bound, true
		}
		bound = plus(bound, extra)
	}
	return bound, false
}

// locked tells whether any of some VMs can never leave for its target.
func (w *whole) locked(positions []int32) bool {
	return slices.ContainsFunc(positions, func(i int32) bool { return w.x.misplaced(i) && !w.x.left[i] })
}

// reckon asks for the prices of detours.
func (w *whole) reckon(positions []int32) {
	for _, i := range positions {
		w.price[i] = w.costs.detour(int(i), w.x.at[i])
	}
}

// leaving is the room that hosts have once all have left that can without harm to any
// order.
func (w *whole) leaving() []int64 {
	x, r := &w.x, w.x.resources
	room := append([]int64(nil), x.room...)
	for i, h := range x.at {
		if x.misplaced(int32(i)) && !w.tangle.core[i] {
			for j := range r {
				room[int(h)*r+j] += x.demand[i*r+j]
			}
		}
	}
	return room
}
