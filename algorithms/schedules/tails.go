package schedules

import (
	"cmp"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// tails estimates by move how long after its end others go on that wait for the room it frees: those that come to
// its host and do not all fit at the start, one after the other on their most loaded limit, and what waits for the room that these free.
// It is no bound. O(rounds × moves × resources).
func (d *dispatcher) tails() []float64 {
	const rounds = 4 // chains of waits are rarely longer
	arrivals := make([][]int32, len(d.Instance.Hosts))
	for m := range d.Moves {
		if to := d.Moves[m].To; to != cloud.Absent {
			arrivals[to] = append(arrivals[to], int32(m))
		}
	}
	state := d.NewTable().State()
	waiting := arrivals[:0:0]
	for h, list := range arrivals {
		waiting = append(waiting, d.lacking(state, cloud.HostID(h), list))
	}
	tail := make([]float64, len(d.Moves))
	for range rounds {
		after := make([]float64, len(d.Instance.Hosts))
		for h, list := range waiting {
			longest := 0.0
			for _, m := range list {
				longest = max(longest, tail[m])
				after[h] += d.alone(m)
			}
			after[h] += longest
		}
		for m := range d.Moves {
			if from := d.Moves[m].From; from != cloud.Absent {
				tail[m] = after[from]
			}
		}
	}
	return tail
}

// lacking are the moves to a host that do not fit there at the start, if the smallest ones come first.
func (d *dispatcher) lacking(s *cloud.State, h cloud.HostID, arrivals []int32) []int32 {
	var out []int32
	for r := range d.Instance.Resources {
		limit := int64(-1)
		for _, l := range d.limiters {
			if n := l.Limit(h, r); limit < 0 || n < limit {
				limit = n
			}
		}
		if limit < 0 {
			continue
		}
		demand := func(m int32) int64 { return d.Instance.VMs[d.Moves[m].VM].Demand[r] }
		list := slices.Clone(arrivals)
		slices.SortStableFunc(list, func(a, b int32) int { return cmp.Compare(demand(a), demand(b)) })
		free := limit - s.Used(h, r)
		n := 0
		for n < len(list) && demand(list[n]) <= free {
			free -= demand(list[n])
			n++
		}
		if len(list)-n > len(out) {
			out = list[n:]
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
