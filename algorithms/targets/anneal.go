package targets

import (
	"math"
	"math/rand/v2"

	"github.com/cloudrearrange/rearrange/cloud"
)

// Temperatures of an annealing, in slots.
const (
	hot  = 0.3
	cold = 0.04
	// moveWorth is what it is worth that a VM need not move, in slots.
	moveWorth = 0.02
)

// anneal goes on from the placement as it is for some steps, or until it may not, and returns the best placement met. Now and
// then it tells of it.
func (b *board) anneal(rnd *rand.Rand, steps int, goOn func() bool, tell func(found)) found {
	best := b.note()
	fall := math.Pow(cold/hot, float64(annealingBatch)/float64(steps))
	for t := hot; steps > 0; steps -= annealingBatch {
		for range annealingBatch {
			if b.step(rnd, t) && (b.fragments < best.fragments || b.fragments == best.fragments && len(b.moved) < len(best.moved)) && b.within() {
				best = b.note()
			}
		}
		t *= fall
		if tell(best); !goOn() {
			break
		}
	}
	return best
}

// step tries one change, and tells whether it was made.
func (b *board) step(rnd *rand.Rand, t float64) bool {
	if rnd.IntN(2) == 0 {
		return b.complete(rnd, t)
	}
	v, ok := b.draw(rnd)
	if !ok {
		return false
	}
	to := b.home[v]
	if b.position[v] == 0 || rnd.IntN(5) >= 2 {
		if to, ok = b.goal(rnd, v); !ok {
			return false
		}
	}
	change, ok := b.after(v, to)
	return ok && (b.full() || b.accepts(rnd, t, change, b.away(v, to))) && b.try(rnd, t, func() bool { return b.send(v, to) })
}

// full tells whether no more VMs may move.
func (b *board) full() bool { return b.terms.migrations >= 0 && len(b.moved) >= b.terms.migrations }

// send moves a VM if it may go.
func (b *board) send(v cloud.VMID, to cloud.HostID) bool {
	if _, ok := b.after(v, to); !ok || !b.state.Allows(v, to) {
		return false
	}
	b.trail = append(b.trail, cloud.Change{VM: v, From: b.state.HostOf(v), To: to})
	b.move(v, to)
	return true
}

// try makes a change of some moves, has others go home where the budget asks for it, and takes all of it back if it is not accepted.
func (b *board) try(rnd *rand.Rand, t float64, change func() bool) bool {
	b.trail = b.trail[:0]
	before, away := b.fragments, len(b.moved)
	ok := change()
	for ok && !b.within() {
		v := b.moved[rnd.IntN(len(b.moved))]
		ok = b.recall(v, rnd.IntN(2) == 0)
	}
	if ok && b.accepts(rnd, t, b.fragments-before, len(b.moved)-away) {
		return true
	}
	for i := len(b.trail) - 1; i >= 0; i-- {
		b.move(b.trail[i].VM, b.trail[i].From)
	}
	return false
}

// recall has a VM go home, with all that have left the same host if so asked.
func (b *board) recall(v cloud.VMID, all bool) bool {
	home := b.home[v]
	if !all {
		return b.send(v, home)
	}
	for i := len(b.moved) - 1; i >= 0; i-- {
		if w := b.moved[i]; b.home[w] == home && !b.send(w, home) {
			return false
		}
	}
	return true
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

func (b *board) accepts(rnd *rand.Rand, t float64, change int64, away int) bool {
	worse := float64(change)/float64(b.size) + moveWorth*float64(away)
	return worse <= 0 || rnd.Float64() < math.Exp(-worse/t)
}

// tries bounds how often a host or a VM that suits is drawn.
const tries = 4

// draw chooses a VM: one that has moved; one that completes a slot where it stands when it leaves, if one is drawn; or any.
func (b *board) draw(rnd *rand.Rand) (v cloud.VMID, ok bool) {
	switch n := rnd.IntN(16); {
	case n < 4 && len(b.moved) > 0:
		return b.moved[rnd.IntN(len(b.moved))], true
	case n < 15:
		h, found := b.source(rnd)
		on := b.state.On(h)
		if !found || len(on) == 0 {
			return 0, false
		}
		for range tries {
			v = on[rnd.IntN(len(on))]
			if b.rest(b.left[h])+b.charged(v)%b.size >= b.size {
				break
			}
		}
		return v, b.stay == nil || !b.stay[v]
	}
	return b.free[rnd.IntN(len(b.free))], true
}

// charged is what a VM charges where it stands.
func (b *board) charged(v cloud.VMID) int64 {
	amounts, _ := b.charges.Of(v, b.state.HostOf(v))
	return amounts[b.resource]
}

// goal chooses a host for a VM, mostly one where as much is left over as the VM charges, or more.
func (b *board) goal(rnd *rand.Rand, v cloud.VMID) (h cloud.HostID, ok bool) {
	need := b.charged(v) % b.size
	switch n := rnd.IntN(16); {
	case n < 5:
		return b.rests.exactly(rnd, need)
	case n < 15:
		for range tries {
			if h, ok = b.rests.any(rnd); !ok || b.rest(b.left[h]) >= need {
				break
			}
		}
		return h, ok
	}
	return cloud.HostID(rnd.IntN(len(b.left))), true
}
