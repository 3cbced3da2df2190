package bounds

import (
	"fmt"
	"math"

	"github.com/cloudrearrange/rearrange/cloud"
)

// rooms are the bounds of single hosts, which first have to be left and then take others in. Before more than some amount can have been freed,
// no more than that and what was free at first can be under way to the host. The rest comes later, and takes
// the time that it would take as departures of the reversed problem. O(hosts × states), as for the heads.
func rooms(forward, backward *side) []Bound {
	var out []Bound
	for h, list := range forward.rooms {
		best, of := int64(0), 0
		for _, room := range list {
			if v := forward.room(backward, cloud.HostID(h), room); v > best {
				best, of = v, room.kind
			}
		}
		if best > 0 {
			out = append(out, Bound{"room", fmt.Sprintf("%s on %s", forward.kindName(of), forward.p.Instance.Hosts[h].Name), best})
		}
	}
	return out
}

func (s *side) room(backward *side, h cloud.HostID, room room) int64 {
	total := int64(0)
	for _, m := range s.arrivals[h] {
		total += s.demand(m, room.kind)
	}
	leave := s.freeing(h, room.kind, math.MaxInt64, room.early)
	come := backward.freeing(h, room.kind, math.MaxInt64, false)
	best := int64(0)
	for _, f := range leave.frontiers {
		for i := -1; i < len(f.states); i++ {
			amount := int64(0) // freed so far
			if i >= 0 {
				amount = f.states[i].amount
			}
			rest := min(total-room.free-amount, total)
			if rest <= 0 {
				break
			}
			best = max(best, leave.when(amount+1)+come.when(rest))
		}
	}
	return best
}
