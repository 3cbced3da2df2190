package schedules

import (
	"cmp"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud/slas"
)

// mostDelays is how many starts are tried for one suspend, the latest first.
const mostDelays = 32

// delayed shortens the time for which VMs are down too long in a table: each of their suspends is put off as far as it can be without any other
// start changing. It returns the table that results, and by how much that breaks SLAs. O(suspends × moves × rules).
func (r *Run) delayed(t *timetable.Table, over int64) (*timetable.Table, int64) {
	for _, m := range r.suspendsTooLong(t) {
		for _, start := range r.laterStarts(t, m) {
			starts := slices.Clone(t.Starts)
			starts[m] = start
			if next := at(r.Problem, starts); next != nil {
				if left := r.excess(next); left < over {
					t, over = next, left
				}
				break
			}
		}
		if over == 0 {
			break
		}
	}
	return t, over
}

// suspendsTooLong lists the suspends of accounts that a table exceeds, those first whose VMs are resumed last: room that these take longer is
// known when the others are tried.
func (r *Run) suspendsTooLong(t *timetable.Table) []int32 {
	var out []int32
	for i := range r.outages {
		o := &r.outages[i]
		if o.worst(t) <= o.Most {
			continue
		}
		for _, x := range o.list {
			if x.stopped < 0 && r.Moves[x.move].After >= 0 && !slices.Contains(out, x.move) {
				out = append(out, x.move)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b int32) int { return cmp.Compare(t.Starts[r.Moves[b].After], t.Starts[r.Moves[a].After]) })
	return out
}

// laterStarts lists when a suspend might start instead: so that it ends when the resume starts, when another move starts or a window begins; or when
// another move ends.
func (r *Run) laterStarts(t *timetable.Table, m int32) []int64 {
	move := &r.Moves[m]
	last := t.Starts[move.After] - move.Time
	out := []int64{last}
	add := func(at int64) {
		if at > t.Starts[m] && at < last {
			out = append(out, at)
		}
	}
	for o := range r.Moves {
		add(t.Starts[o] - move.Time)
		add(t.Ends[o])
	}
	for _, w := range move.Closed {
		add(before(w, last) - move.Time)
	}
	slices.SortFunc(out, func(a, b int64) int { return cmp.Compare(b, a) })
	out = slices.DeleteFunc(slices.Compact(out), func(at int64) bool { return at <= t.Starts[m] })
	return out[:min(len(out), mostDelays)]
}

// before is the last time that a window begins before an instant.
func before(w slas.Window, at int64) int64 {
	if w.Every > 0 && at > w.From {
		return w.From + (at-w.From)/w.Every*w.Every
	}
	return w.From
}

// at is the table of given starts; nil where some move may not start then. O(moves × rules).
func at(p *timetable.Problem, starts []int64) *timetable.Table {
	t := p.NewTable()
	order := planned(p)
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(starts[a], starts[b]) })
	for _, m := range order {
		t.Until(starts[m])
		if t.Refuses(m) != timetable.Free {
			return nil
		}
		t.Begin(m)
	}
	for !t.Done() {
		t.Advance()
	}
	return t
}
