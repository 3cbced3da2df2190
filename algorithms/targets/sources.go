package targets

import (
	"cmp"
	"iter"
	"math/rand/v2"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// complete has VMs leave a host until another slot is free there.
func (b *board) complete(rnd *rand.Rand, t float64) bool {
	h, ok := b.source(rnd)
	if !ok {
		return false
	}
	return b.try(rnd, t, func() bool {
		need := b.size - b.rest(b.left[h])
		for range mostLeave {
			v, ok := b.leaver(rnd, h, need)
			if !ok {
				return false
			}
			need -= b.charged(v) % b.size
			to, ok := b.goal(rnd, v)
			if !ok || to == h || !b.send(v, to) {
				return false
			}
			if need <= 0 {
				return true
			}
		}
		return false
	})
}

// mostLeave bounds how many VMs leave a host at a time.
const mostLeave = 4

// source draws a host that VMs may leave until a slot is free there: one of the sources, or any of which something is left.
func (b *board) source(rnd *rand.Rand) (cloud.HostID, bool) {
	if len(b.sources) == 0 || rnd.IntN(8) == 0 {
		return b.rests.any(rnd)
	}
	return b.sources[rnd.IntN(len(b.sources))], true
}

// leaver draws a VM that charges a host: mostly one that leaves what is needed, or that and as little more as can be, or the
// most.
func (b *board) leaver(rnd *rand.Rand, h cloud.HostID, need int64) (best cloud.VMID, ok bool) {
	least, equals, wild := int64(0), 0, rnd.IntN(8) == 0
	for v, c := range b.leavers(h) {
		off := c - need
		if off < 0 {
			off = b.size - c
		}
		if wild {
			off = 0
		}
		switch {
		case equals == 0 || off < least:
			best, least, equals = v, off, 1
		case off == least:
			if equals++; rnd.IntN(equals) == 0 {
				best = v
			}
		}
	}
	return best, equals > 0
}

// leavers are the VMs that may leave a host, and what they charge it with beyond slots.
func (b *board) leavers(h cloud.HostID) iter.Seq2[cloud.VMID, int64] {
	return func(yield func(cloud.VMID, int64) bool) {
		for at, mate := h, b.mate[h]; at != cloud.Absent; at, mate = mate, cloud.Absent {
			for _, v := range b.state.On(at) {
				amounts, also := b.charges.Of(v, at)
				c := amounts[b.resource] % b.size
				if c > 0 && (at == h || also == h) && (b.stay == nil || !b.stay[v]) && !yield(v, c) {
					return
				}
			}
		}
	}
}

// findSources lists the hosts where a slot can be free once few VMs have left; the fewer, the more often.
func (b *board) findSources() {
	for h := range b.left {
		var amounts []int64
		for _, c := range b.leavers(cloud.HostID(h)) {
			amounts = append(amounts, c)
		}
		slices.SortFunc(amounts, func(x, y int64) int { return cmp.Compare(y, x) })
		sum := b.rest(b.left[h])
		for k, c := range amounts[:min(mostLeave, len(amounts))] {
			if sum += c; sum >= b.size {
				b.sources = append(b.sources, slices.Repeat([]cloud.HostID{cloud.HostID(h)}, mostLeave-k)...)
				break
			}
		}
	}
}
