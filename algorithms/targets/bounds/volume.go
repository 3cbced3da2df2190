package bounds

import (
	"cmp"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// excess is a measure of a resource of which a crowd demands more than its hosts have.
type excess struct {
	crowd    *crowd
	resource int
	measure  measure
	demand   int64
	room     int64
}

// overfull looks for a crowd that does not fit on its hosts.
// O(crowds × resources × (hosts × log hosts + budget)).
func (b *Bounds) overfull(room []int64, budget int) (excess, bool) {
	for _, c := range b.crowds {
		for r := range c.amounts {
			rooms, total := b.rooms(c, r, room)
			if len(rooms) == 0 || rooms[len(rooms)-1] == total {
				continue // one host is enough for all
			}
			counts := counted(rooms)
			for _, m := range measures(c.amounts[r], rooms, budget) {
				demand, offer := total, m.total(counts)
				if m != plain {
					demand = m.total(c.amounts[r])
				}
				if demand > offer {
					return excess{c, r, m, demand, offer}, true
				}
			}
		}
	}
	return excess{}, false
}

// rooms is what the hosts of a crowd have of a resource, ascending, none more than the crowd demands in
// total.
func (b *Bounds) rooms(c *crowd, resource int, room []int64) (rooms []int64, total int64) {
	total = plain.total(c.amounts[resource])
	rooms = make([]int64, len(c.hosts))
	for i, h := range c.hosts {
		rooms[i] = min(total, room[int(h)*(b.resources+1)+resource])
	}
	slices.Sort(rooms)
	return rooms, total
}

// counted counts equal entries of an ascending list.
func counted(list []int64) []amount {
	var out []amount
	for _, x := range list {
		if n := len(out); n > 0 && out[n-1].size == x {
			out[n-1].count++
		} else {
			out = append(out, amount{x, 1})
		}
	}
	return out
}

// oversized finds a block that fits on none of its hosts, looking at the roomiest hosts first.
// O(blocks × resources) where most VMs fit on most of their hosts, and × hosts at worst.
func (b *Bounds) oversized(room []int64) (at int32, found bool) {
	n := b.resources + 1
	order := b.open.list()
	weight := make([]float64, len(b.in.Hosts))
	largest := make([]int64, n)
	for i, x := range room {
		largest[i%n] = max(largest[i%n], x)
	}
	for i, x := range room {
		weight[i/n] += float64(x) / max(1, float64(largest[i%n]))
	}
	slices.SortStableFunc(order, func(x, y cloud.HostID) int { return cmp.Compare(weight[y], weight[x]) })
	const few = 256
	small := make([][]cloud.HostID, len(b.sets))
	for s := range b.sets {
		if b.sets[s].len() <= few {
			small[s] = b.sets[s].list()
		}
	}
	fits := func(x int32, h cloud.HostID) bool {
		for r, d := range b.demand[int(x)*n : int(x)*n+n] {
			if d > room[int(h)*n+r] {
				return false
			}
		}
		return true
	}
	for i := range b.blocks {
		x, set := int32(i), b.blocks[i].set
		among := order
		if small[set] != nil {
			among = small[set]
		}
		if !slices.ContainsFunc(among, func(h cloud.HostID) bool { return b.sets[set].has(h) && fits(x, h) }) {
			return x, true
		}
	}
	return 0, false
}
