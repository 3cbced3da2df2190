package bounds

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// pocket is the subproblem of one part that has few VMs: the two relaxed problems of [Deadlock]
// for the VMs and hosts of the part alone, renumbered from 0. Each VM that may stand on a host
// outside of it always finds room there.
//
// In the example of [tangle] it has VMs a and b and hosts 1 and 2. If neither goes elsewhere,
// both wait for ever; if one does, nobody waits. So its cheapest set is the cheaper of the two.
type pocket struct {
	w *whole
	relaxed
	order
	cover
	local    []int32          // by host of the whole: its number here, from 1; 0 for the others
	stand    [][]cloud.HostID // by position here: where the VM may stand
	index    []int32          // by position of the whole; for [mates.among]
	arriving []int64          // room here for those who arrive, as relaxed.room is for those who leave
}

func newPocket(w *whole) *pocket {
	return &pocket{w: w, local: make([]int32, w.x.hosts), index: slices.Repeat([]int32{-1}, len(w.x.at))}
}

// Hosts implements [grounds].
func (k *pocket) Hosts(i int) []cloud.HostID { return k.stand[i] }

// MayStand implements [grounds].
func (k *pocket) MayStand(i int, h cloud.HostID) bool { return slices.Contains(k.stand[i], h) }

// least is the cost of the cheapest set, or a lower bound of it (see [cover.least]). The
// positions are those of VMs that stand on the hosts, of which the misplaced wait for one
// of the hosts. Leaving and arriving are what room the hosts of the whole have for those
// who leave and for those who arrive.
func (k *pocket) least(p part, positions []int32, leaving, arriving []int64) int64 {
	k.open(p, positions, leaving, arriving)
	for n, i := range positions {
		if k.w.x.misplaced(i) {
			k.wait(n, cloud.HostID(k.local[k.w.x.target[i]]-1))
		}
	}
	for _, h := range p.hosts {
		k.local[h] = 0
	}
	arrived := k.order.begin(k.arriving)
	if k.settle() && arrived {
		return 0
	}
	k.focus(k.stuck())
	for n, i := range k.items {
		k.cover.price[n] = k.w.price[positions[i]]
	}
	return k.cover.least()
}

// stuck returns the core of the order. If there are mates, it adds all VMs that stay: a solution
// for the core need not be enough for them.
func (k *pocket) stuck() []int32 {
	if k.mates.ahead == nil {
		return k.order.core
	}
	out := slices.Clone(k.order.core)
	for i := range k.relaxed.at {
		if i := int32(i); k.misplaced(i) && !k.relaxed.left[i] && k.order.bit[i] == 0 {
			out = append(out, i)
		}
	}
	return out
}

func (k *pocket) open(p part, positions []int32, leaving, arriving []int64) {
	x, r := &k.w.x, k.w.x.resources
	k.relaxed.init(k, len(positions), len(p.hosts), r)
	k.arriving = k.arriving[:0]
	for n, h := range p.hosts {
		k.local[h] = int32(n) + 1
		copy(k.relaxed.room[n*r:n*r+r], leaving[int(h)*r:])
		k.arriving = append(k.arriving, arriving[int(h)*r:int(h)*r+r]...)
	}
	k.stand = k.stand[:0]
	for n, i := range positions {
		k.relaxed.at[n] = cloud.HostID(k.local[x.at[i]] - 1)
		copy(k.demand[n*r:], x.demand[int(i)*r:int(i)*r+r])
		k.stand = append(k.stand, k.standing(p, i))
	}
	k.mates = x.mates.among(positions, k.index)
	k.relaxed.begin()
	k.order.init(&k.relaxed, defaultOrders, defaultCore)
	k.cover.init(k.w.run, &k.relaxed, &k.order, nodesFor(len(positions)))
}

// standing lists where a VM may stand, by the numbers here; or Absent alone if there is
// room elsewhere.
func (k *pocket) standing(p part, i int32) []cloud.HostID {
	if !p.closed || !k.w.homeless[i] {
		return []cloud.HostID{cloud.Absent}
	}
	var out []cloud.HostID
	for _, h := range k.w.outline.Hosts(int(i)) {
		if k.w.outline.MayStand(int(i), h) {
			out = append(out, cloud.HostID(k.local[h]-1))
		}
	}
	return out
}

// nodesFor is how far the cheapest set of so many VMs is searched for: less far where a
// node takes longer.
func nodesFor(vms int) int { return max(1, min(16*defaultNodes, 1<<20/(vms*vms+1))) }
