package improve

import (
	"cmp"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// vacancies are hosts with room during a whole stretch of the plan, by stretch: where a
// cloud is nearly full these are few, and drawing hosts at random hardly finds one of them.
// They are noted now and then and may have been taken since.
type vacancies struct {
	part []float64 // by resource: what one unit is, of an average host; 0 of what is unlimited
	list [stretches][]vacancy
	low  [stretches]float64 // scratch: the least room on one host
}

// stretches is how many there are, of equal length.
const stretches = 32

type vacancy struct {
	room float32 // share of an average host, of the resource of which there is least
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

// stretch is the one that a moment is in.
func stretch(t moment) int { return int(min(t/(dusk/stretches), stretches-1)) }

// share is the least share of an average host among some rooms.
func (x *vacancies) share(rooms []int64) float64 {
	least := math.Inf(1)
	for r, room := range rooms {
		if x.part[r] > 0 {
			least = min(least, float64(room)*x.part[r])
		}
	}
	return least
}

// size is the largest share of an average host that a VM takes.
func (x *vacancies) size(demand []int64) float32 {
	var most float64
	for r, d := range demand {
		most = max(most, float64(d)*x.part[r])
	}
	return float32(most)
}

// note looks at all timelines anew. O(events + hosts × stretches), and the sorting.
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

// with lists those that had room for a size from one moment to another, or most of the time,
// those with the least room first.
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
