package schedules

import (
	"cmp"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
)

// tails estimates by move how long after its end others go on that wait for the room it frees: those that come to
// its host and do not all fit at the start, one after the other, and what waits for the room that these free. At each host the
// moves that leave soonest are thought to leave first. It is no bound. O(rounds × moves × resources).
func (d *dispatcher) tails() []float64 {
	const rounds = 16 // chains of waits are rarely longer
	hosts := len(d.Instance.Hosts)
	arrivals, departures := make([][]int32, hosts), make([][]int32, hosts)
	for m := range d.Moves {
		if h := d.Moves[m].To; h != cloud.Absent {
			arrivals[h] = append(arrivals[h], int32(m))
		}
		if h := d.Moves[m].From; h != cloud.Absent {
			departures[h] = append(departures[h], int32(m))
		}
	}
	tail := make([]float64, len(d.Moves))
	state := d.NewTable().State()
	var waits []wait
	for h := range hosts {
		slices.SortStableFunc(departures[h], func(a, b int32) int { return cmp.Compare(d.alone(a), d.alone(b)) })
		waits = append(waits, d.waits(state, cloud.HostID(h), arrivals[h], departures[h])...)
	}
	for range rounds {
		next := make([]float64, len(d.Moves))
		for _, w := range waits {
			after, longest := 0.0, 0.0
			for _, m := range w.arrivals {
				after += d.alone(m)
				longest = max(longest, tail[m])
			}
			next[w.departure] = max(next[w.departure], after+longest)
		}
		tail = next
	}
	return tail
}

// wait is a move that leaves a host, and those that come there and do not fit before.
type wait struct {
	departure int32
	arrivals  []int32
}

// waits are those at a host: for each resource the smallest arrivals come first, and the departures leave in the order given.
func (d *dispatcher) waits(s *cloud.State, h cloud.HostID, arrivals, departures []int32) []wait {
	var out []wait
	for r := range d.Instance.Resources {
		limit := d.roomFor(h, r)
		if limit == math.MaxInt64 {
			continue
		}
		demand := func(m int32) int64 { return d.Instance.VMs[d.Moves[m].VM].Demand[r] }
		list := slices.Clone(arrivals)
		slices.SortStableFunc(list, func(a, b int32) int { return cmp.Compare(demand(a), demand(b)) })
		free := limit - s.Used(h, r)
		for _, m := range departures {
			for len(list) > 0 && demand(list[0]) <= free {
				free -= demand(list[0])
				list = list[1:]
			}
			if len(list) == 0 {
				break
			}
			out = append(out, wait{m, list})
			free += demand(m)
		}
	}
	return out
}

// alone is how long the limit that a move takes most of is taken by it.
func (d *dispatcher) alone(m int32) float64 {
	t := 0.0
	for _, u := range d.Moves[m].Uses {
		t = max(t, d.takes(int(m), u))
	}
	return t
}

// observed is by move how long after its end others went on in a table that started then, and take of a limit that it took
// of, or went to the host that it left. O(moves × log moves + uses).
func (d *dispatcher) observed(t *timetable.Table) []float64 {
	tail := make([]float64, len(d.Moves))
	type place struct { // a limit, or a host behind the limits
		at    int32
		start int64
	}
	longest := map[place]float64{} // of the moves that start there then, from their starts
	moves := make([]int32, len(d.Moves))
	for m := range moves {
		moves[m] = int32(m)
	}
	slices.SortFunc(moves, func(a, b int32) int { return cmp.Compare(t.Starts[b], t.Starts[a]) })
	host := func(h cloud.HostID) int32 { return int32(len(d.Limits)) + int32(h) }
	for _, m := range moves { // those that start at its end have come before it
		move := &d.Moves[m]
		seen := longest[place{host(move.From), t.Ends[m]}]
		for _, u := range move.Uses {
			seen = max(seen, longest[place{u.Limit, t.Ends[m]}])
		}
		tail[m] = seen
		tell := func(at int32) {
			p := place{at, t.Starts[m]}
			longest[p] = max(longest[p], float64(move.Time)+seen)
		}
		tell(host(move.To))
		for _, u := range move.Uses {
			tell(u.Limit)
		}
	}
	return tail
}
