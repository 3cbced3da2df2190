package bounds

import (
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud/slas"
)

// closedToAll lists the windows in which no move may be under way.
func closedToAll(p *timetable.Problem) []slas.Window {
	var out []slas.Window
	for _, w := range p.Moves[0].Closed {
		if !slices.ContainsFunc(p.Moves, func(m timetable.Move) bool { return !slices.Contains(m.Closed, w) }) {
			out = append(out, w)
		}
	}
	return out
}

// mostWindows is how many windows are skipped, where some come again and again.
const mostWindows = 1 << 12

// after is when a time has passed that is in no window. A schedule in which nothing is under way in these windows is, without
// them, a schedule that ends that much sooner.
func after(time int64, closed []slas.Window) int64 {
	now := int64(0)
	for range mostWindows {
		next := int64(math.MaxInt64)
		for _, w := range closed {
			from, to := w.From, w.To
			if w.Every > 0 && now >= to {
				n := (now-to)/w.Every + 1
				from, to = from+n*w.Every, to+n*w.Every
			}
			switch {
			case now >= to:
			case now >= from:
				now, next = to, to // in it: look at all windows again
			default:
				next = min(next, from)
			}
		}
		if time <= next-now {
			break
		}
		time -= next - now
		now = next
	}
	return now + time
}

// openings is the bound of the move that a closed window makes end latest, or nil. It counts windows, so it is not to be put off by them again.
func openings(p *timetable.Problem, heads, tails []int64) *Bound {
	var best *Bound
	for m := range p.Moves {
		move := &p.Moves[m]
		at, ok := move.Open(heads[m])
		if !ok || at == heads[m] {
			continue
		}
		if v := at + move.Time + tails[m]; best == nil || v > best.Value {
			best = &Bound{"closed window", moveName(p, int32(m)) + ", which may not move earlier", v}
		}
	}
	return best
}

// Among computes the bounds on when some moves have ended, whatever becomes of the others: by limits alone, the largest first. O(n log n).
func Among(p *timetable.Problem, moves []int32) []Bound {
	out := *p
	out.Rules, out.Moves = nil, nil
	at := map[int32]int32{}
	for _, m := range moves {
		at[m] = int32(len(out.Moves))
		out.Moves = append(out.Moves, p.Moves[m])
	}
	for i := range out.Moves {
		m := &out.Moves[i]
		m.Before, m.After = chained(at, m.Before), chained(at, m.After)
	}
	return All(&out)
}

// chained is where a move of the same VM stands among some moves, or -1.
func chained(at map[int32]int32, m int32) int32 {
	if i, ok := at[m]; ok {
		return i
	}
	return -1
}
