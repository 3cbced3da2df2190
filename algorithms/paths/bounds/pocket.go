package bounds

import (
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
)

// pocket is the deadlock of a few VMs on a few hosts of a large cloud: the two relaxed
// problems of [Deadlock] without all other VMs. Who may stand on a host elsewhere always
// finds room there.
type pocket struct {
	whole *relaxed
	where *space.Layout
	relaxed
	order
	cover
	local    []int32          // by host of the whole: its number here, from 1; 0 for the others
	stand    [][]cloud.HostID // by position here: where the VM may stand
	arriving []int64          // room here for those who arrive, as relaxed.room is for those who leave
}

func newPocket(whole *relaxed, l *space.Layout) *pocket {
	return &pocket{whole: whole, where: l, local: make([]int32, whole.hosts)}
}

// Hosts implements [grounds].
func (k *pocket) Hosts(i int) []cloud.HostID { return k.stand[i] }

// MayStand implements [grounds].
func (k *pocket) MayStand(i int, h cloud.HostID) bool { return slices.Contains(k.stand[i], h) }

// least is the cost of the cheapest set, or a lower bound of it (see [cover.least]). The
// positions are those of VMs that stand on the hosts; waits tells which of them wait for
// one of the hosts. Leaving and arriving are what room the hosts of the whole have for
// those who leave and for those who arrive.
func (k *pocket) least(hosts []cloud.HostID, positions []int32, waits func(i int32) bool, leaving, arriving, price []int64) int64 {
	k.open(hosts, positions, leaving, arriving)
	for n, i := range positions {
		if waits(i) {
			k.wait(n, cloud.HostID(k.local[k.whole.target[i]]-1))
		}
	}
	for _, h := range hosts {
		k.local[h] = 0
	}
	if k.order.begin(k.arriving) {
		return 0
	}
	k.settle()
	k.focus(k.order.core)
	for n, i := range k.items {
		k.cover.price[n] = price[positions[i]]
	}
	return k.cover.least()
}

func (k *pocket) open(hosts []cloud.HostID, positions []int32, leaving, arriving []int64) {
	w, r := k.whole, k.whole.resources
	k.relaxed.init(k, len(positions), len(hosts), r)
	k.arriving = k.arriving[:0]
	for n, h := range hosts {
		k.local[h] = int32(n) + 1
		copy(k.relaxed.room[n*r:n*r+r], leaving[int(h)*r:])
		k.arriving = append(k.arriving, arriving[int(h)*r:int(h)*r+r]...)
	}
	k.stand = k.stand[:0]
	for n, i := range positions {
		k.relaxed.at[n] = cloud.HostID(k.local[w.at[i]] - 1)
		copy(k.demand[n*r:], w.demand[int(i)*r:int(i)*r+r])
		k.stand = append(k.stand, k.standing(int(i), hosts))
	}
	k.relaxed.begin()
	k.order.init(&k.relaxed, defaultOrders, defaultCore)
	k.cover.init(&k.relaxed, &k.order, nodesFor(len(positions)))
}

// standing lists where a VM may stand among the hosts, by their numbers here; or Absent
// alone if it may stand elsewhere or be suspended.
func (k *pocket) standing(i int, hosts []cloud.HostID) []cloud.HostID {
	var out []cloud.HostID
	for n, h := range hosts {
		if k.where.MayStand(i, h) {
			out = append(out, cloud.HostID(n))
		}
	}
	if len(out) < len(k.where.Hosts(i)) {
		return append(out[:0], cloud.Absent)
	}
	return out
}

// nodesFor is how far the cheapest set of so many VMs is searched for: less far where a
// node takes longer.
func nodesFor(vms int) int { return max(1, min(16*defaultNodes, 1<<20/(vms*vms+1))) }
