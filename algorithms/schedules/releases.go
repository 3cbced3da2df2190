package schedules

import (
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud/slas"
)

// releases look for a schedule in which VMs are down less, by having some moves start no earlier than at instants of their own: a suspend before
// a window that closes to the resume, or one that had better not run beside another. Dispatching alone starts everything as early as it may.
type releases struct {
	*listSearch
	at    []int64 // by move
	table *timetable.Table
	over  int64
}

// mostReleases is how many schedules are made with releases without a better one.
const mostReleases = 200

// space goes on from the best table until the SLAs are kept, or it finds nothing better for a while.
func (s *listSearch) space() {
	if s.outages == nil || s.Best() == nil {
		return
	}
	r := releases{s, make([]int64, len(s.Moves)), s.Best(), s.Run.unmet}
	for left := mostReleases; left > 0 && !s.meets() && !s.Stop(); left-- {
		before := slices.Clone(r.at)
		r.shift()
		t := r.fill()
		if !t.Done() {
			s.tables++
			r.at = before
			continue
		}
		over, best := s.excess(t), s.Run.unmet
		if s.Found(t); s.Run.unmet < best {
			left = mostReleases
		}
		if over > r.over && s.Rand.IntN(10) > 0 {
			r.at = before
			continue
		}
		r.table, r.over = t, over
	}
}

// shift changes one release: of a move whose account is exceeded, to when another outage of the account, or what is in the way of its resume, is over.
func (r *releases) shift() {
	var over []*outages
	for i := range r.outages {
		if o := &r.outages[i]; o.worst(r.table) > o.Most {
			over = append(over, o)
		}
	}
	if over == nil {
		for i := range r.outages { // due times are missed: all releases are in question
			over = append(over, &r.outages[i])
		}
	}
	o := over[r.Rand.IntN(len(over))]
	x := o.list[r.Rand.IntN(len(o.list))]
	move := &r.Moves[x.move]
	switch beside := o.list[r.Rand.IntN(len(o.list))]; {
	case r.Rand.IntN(8) == 0:
		r.at[x.move] = 0
	case x.stopped < 0 && move.After >= 0 && (beside == x || r.Rand.IntN(2) == 0):
		r.at[x.move] = r.table.Starts[move.After] - move.Time
	default:
		r.at[x.move] = r.table.Ends[r.lastOf(beside)] + []int64{0, 0, o.Window - o.Most, o.Window, -move.Time}[r.Rand.IntN(5)]
	}
}

// lastOf is the move with which an outage ends.
func (r *releases) lastOf(x outage) int32 {
	if after := r.Moves[x.move].After; x.stopped < 0 && after >= 0 {
		return after
	}
	return x.move
}

// fill makes a table with the releases: windows that end with them.
func (r *releases) fill() *timetable.Table {
	p := *r.Problem
	p.Moves = slices.Clone(p.Moves)
	for m, at := range r.at {
		if at > 0 {
			p.Moves[m].Closed = append(slices.Clip(p.Moves[m].Closed), slas.Window{From: math.MinInt64 / 4, To: at})
		}
	}
	for m := range r.bias {
		r.bias[m] = -float64(r.table.Starts[m])
		if r.pressing != nil {
			r.bias[m] += float64(r.Moves[m].Time) * r.pressing[m]
		}
	}
	t := newDispatcher(&p).fill(priorities{bias: r.bias})
	t.Problem = r.Problem // releases are no business of others
	return t
}
