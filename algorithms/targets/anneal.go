package targets

import (
	"math"
	"math/rand/v2"

	"github.com/cloudrearrange/rearrange/cloud"
)

// Temperatures of an annealing, in slots.
const (
	hot  = 0.5
	cold = 0.04
	// moveWorth is what it is worth that a VM need not move, in slots.
	moveWorth = 0.02
)

// anneal goes on from the placement as it is for some steps, or until it may not, and returns the best placement met.
func (b *board) anneal(rnd *rand.Rand, steps int, goOn func() bool) found {
	best := b.note()
	fall := math.Pow(cold/hot, float64(annealingBatch)/float64(steps))
	for t := hot; steps > 0; steps -= annealingBatch {
		for range annealingBatch {
			if b.step(rnd, t) && (b.fragments < best.fragments || b.fragments == best.fragments && len(b.moved) < len(best.moved)) && b.within() {
				best = b.note()
			}
		}
		t *= fall
		if !goOn() {
			break
		}
	}
	return best
}

// step tries one change, and tells whether it was made.
func (b *board) step(rnd *rand.Rand, t float64) bool {
	v, ok := b.draw(rnd)
	if !ok {
		return false
	}
	gone := b.position[v] > 0
	var to cloud.HostID
	if gone && rnd.IntN(5) < 2 {
		to = b.home[v]
	} else if to, ok = b.goal(rnd, v); !ok {
		return false
	}
	if gone || to == b.home[v] || b.terms.migrations < 0 || len(b.moved) < b.terms.migrations {
		change, ok := b.after(v, to)
		if !ok || !b.accepts(rnd, t, change, b.away(v, to)) || !b.state.Allows(v, to) {
			return false
		}
		from := b.state.HostOf(v)
		if b.move(v, to); b.terms.cost >= 0 && b.spent > b.terms.cost {
			b.move(v, from)
			return false
		}
		return true
	}
	return b.replace(rnd, t, v, to)
}

// away is by how many more VMs stand elsewhere than at home if one goes to a host.
func (b *board) away(v cloud.VMID, to cloud.HostID) int {
	switch {
	case b.position[v] == 0:
		return 1
	case to == b.home[v]:
		return -1
	}
	return 0
}

// replace has one VM go home so that another can move.
func (b *board) replace(rnd *rand.Rand, t float64, v cloud.VMID, to cloud.HostID) bool {
	w := b.moved[rnd.IntN(len(b.moved))]
	at := b.state.HostOf(w)
	back, ok := b.after(w, b.home[w])
	if !ok || !b.state.Allows(w, b.home[w]) {
		return false
	}
	b.move(w, b.home[w])
	change, ok := b.after(v, to)
	if ok && b.accepts(rnd, t, back+change, 0) && b.state.Allows(v, to) {
		if b.move(v, to); b.terms.cost < 0 || b.spent <= b.terms.cost {
			return true
		}
		b.move(v, b.home[v])
	}
	b.move(w, at)
	return false
}

func (b *board) accepts(rnd *rand.Rand, t float64, change int64, away int) bool {
	worse := float64(change)/float64(b.size) + moveWorth*float64(away)
	return worse <= 0 || rnd.Float64() < math.Exp(-worse/t)
}

// draw chooses a VM: one that has moved, one of a host of which something is left over, or any.
func (b *board) draw(rnd *rand.Rand) (cloud.VMID, bool) {
	switch n := rnd.IntN(10); {
	case n < 3 && len(b.moved) > 0:
		return b.moved[rnd.IntN(len(b.moved))], true
	case n < 9:
		h, ok := b.rests.any(rnd)
		on := b.state.On(h)
		if !ok || len(on) == 0 {
			return 0, false
		}
		v := on[rnd.IntN(len(on))]
		return v, b.stay == nil || !b.stay[v]
	}
	return b.free[rnd.IntN(len(b.free))], true
}

// goal chooses a host for a VM, mostly one where as much is left over as the VM charges, or more.
func (b *board) goal(rnd *rand.Rand, v cloud.VMID) (cloud.HostID, bool) {
	switch n := rnd.IntN(10); {
	case n < 4:
		amounts, _ := b.charges.Of(v, b.state.HostOf(v))
		return b.rests.exactly(rnd, amounts[b.resource])
	case n < 9:
		return b.rests.any(rnd)
	}
	return cloud.HostID(rnd.IntN(len(b.left))), true
}
