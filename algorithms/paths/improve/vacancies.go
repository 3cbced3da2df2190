package improve

import (
	"cmp"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// vacancies lists, by stretch of the plan, the hosts with room during the whole stretch. In a
// nearly full cloud these are so few that random draws rarely find one. The lists are refreshed
// from time to time; the room may have been taken since.
type vacancies struct {
	part []float64 // by resource: one unit as a share of an average host; 0 if unlimited
	list [stretches][]vacancy
	low  [stretches]float64 // scratch: the least room on one host
}

// stretches is the number of stretches, which are of equal length.
const stretches = 32

type vacancy struct {
	room float32 // share of an average host, of the scarcest resource
	host cloud.HostID
}

func newVacancies(w *law) *vacancies {
	x := &vacancies{part: make([]float64, w.resources)}
	for r := range x.part {
		sum, n := 0.0, 0
		for i := r; i < len(w.limit); i += w.resources {
			if w.limit[i] != math.MaxInt64 {
				sum, n = sum+float64(w.limit[i]), n+1
			}
		}
		if sum > 0 {
			x.part[r] = float64(n) / sum
		}
	}
	return x
}

// stretch returns the stretch of a moment.
func stretch(t moment) int { return int(min(t/(dusk/stretches), stretches-1)) }

// share returns the room as a share of an average host, of the scarcest resource.
func (x *vacancies) share(rooms []int64) float64 {
	least := math.Inf(1)
	for r, room := range rooms {
		if x.part[r] > 0 {
			least = min(least, float64(room)*x.part[r])
		}
	}
	return least
}

// size returns the largest share of an average host that a VM takes of any resource.
func (x *vacancies) size(demand []int64) float32 {
	var most float64
	for r, d := range demand {
		most = max(most, float64(d)*x.part[r])
	}
	return float32(most)
}

// note refreshes the lists from all timelines. O(events + hosts × stretches), plus sorting.
func (x *vacancies) note(t *timetable) {
	for n := range x.list {
		x.list[n] = x.list[n][:0]
	}
	r := t.law.resources
	for h := range t.line {
		l := &t.line[h]
		for n := range x.low {
			x.low[n] = math.Inf(1)
		}
		from := 0
		for n := range len(l.events) + 1 {
			to := stretches - 1
			if n < len(l.events) {
				to = stretch(l.events[n].at)
			}
			room := x.share(l.room[n*r : n*r+r])
			for i := from; i <= to; i++ {
				x.low[i] = min(x.low[i], room)
			}
			from = to
		}
		for n, room := range x.low {
			if room > 0 {
				x.list[n] = append(x.list[n], vacancy{float32(room), cloud.HostID(h)})
			}
		}
	}
	for n := range x.list {
		slices.SortFunc(x.list[n], func(a, b vacancy) int { return cmp.Or(cmp.Compare(a.room, b.room), cmp.Compare(a.host, b.host)) })
	}
}

// with returns the vacancies that have room for a size in one of three stretches: the first,
// middle or last between two moments, whichever has the fewest. Those with the least room come
// first.
func (x *vacancies) with(size float32, from, to moment) []vacancy {
	var out []vacancy
	a, b := stretch(from), stretch(to)
	for i, n := range [...]int{a, (a + b) / 2, b} {
		list := x.list[n]
		first, _ := slices.BinarySearchFunc(list, size, func(v vacancy, s float32) int { return cmp.Compare(v.room, s) })
		if list = list[first:]; i == 0 || len(list) < len(out) {
			out = list
		}
	}
	return out
}
