package bounds

import (
	"cmp"
	"slices"
	"sort"
)

// item is a departure that frees some amount of a resource.
type item struct {
	move   int32
	head   int64
	end    int64 // from when on the amount may be free, if nothing else departs
	work   int64 // on a limit
	amount int64
}

func byEnd(a, b item) int  { return cmp.Or(cmp.Compare(a.end, b.end), cmp.Compare(a.move, b.move)) }
func byHead(a, b item) int { return cmp.Or(cmp.Compare(a.head, b.head), cmp.Compare(a.move, b.move)) }

// state says: this amount cannot be free before.
type state struct{ at, amount int64 }

// frontier lists states with rising times and amounts: no more than the amount of a state is free before the next one.
type frontier struct {
	speed  int64 // times are multiplied by it
	states []state
}

// add appends a state whose amount and time are no less than those of the last.
func (f *frontier) add(s state) {
	if n := len(f.states); n > 0 && f.states[n-1].at == s.at {
		f.states[n-1] = s
		return
	}
	f.states = append(f.states, s)
}

// when is a time before which no such amount is free. Where there never is, it is the last time known.
func (f frontier) when(amount int64) int64 {
	if amount <= 0 || len(f.states) == 0 {
		return 0
	}
	i := sort.Search(len(f.states), func(i int) bool { return f.states[i].amount >= amount })
	return up(f.states[min(i, len(f.states)-1)].at, f.speed)
}

// freed is what several limits say, each apart.
type freed struct {
	frontiers []frontier
	ends      instants
}

func (f freed) when(amount int64) int64 {
	at := int64(0)
	for _, x := range f.frontiers {
		at = max(at, x.when(amount))
	}
	return f.ends.coarse(at)
}

// work is the frontier of departures that share a limit of some capacity: it is like one machine of that speed, on which the work of the
// departures that are chosen takes its time, in the order of their heads, by which the items are sorted. This is the
// best order for each choice. Amounts beyond the most that is asked for are cut. Of too many states, neighbours are merged into
// one that promises the time of the one and the amount of the other: the result stays a bound. O(items × states).
func work(items []item, capacity, most int64, states int) frontier {
	list, next := []state{{0, 0}}, []state(nil)
	for _, i := range items {
		next = next[:0]
		// Both lists rise in time and amount: the states without the item, and those with it.
		with := func(k int) state {
			return state{max(list[k].at, capacity*i.head) + i.work, min(list[k].amount+i.amount, most)}
		}
		a, b := 0, 0
		for a < len(list) || b < len(list) {
			var s state
			if b == len(list) || a < len(list) && list[a].at <= with(b).at {
				s = list[a]
				a++
			} else {
				s = with(b)
				b++
			}
			switch n := len(next); {
			case n > 0 && s.amount <= next[n-1].amount: // no better, and later
			case n > 0 && s.at == next[n-1].at:
				next[n-1] = s
			default:
				next = append(next, s)
			}
		}
		if len(next) > states {
			next = thin(next)
		}
		list, next = next, list
	}
	return frontier{capacity, slices.Clone(list)}
}

// thin halves a list. The first state, which is that of nothing, stays.
func thin(list []state) []state {
	out := list[:1]
	for i := 1; i < len(list); i += 2 {
		last := min(i+1, len(list)-1)
		out = append(out, state{list[i].at, list[last].amount})
	}
	return out
}
