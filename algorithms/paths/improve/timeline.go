package improve

import (
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// moment is when a migration happens. Between two moments there is room for many others,
// so that a migration can be put anywhere without touching the rest of the plan.
type moment int64

// The ends of time. Nothing happens then.
const (
	dawn moment = 0
	dusk moment = 1 << 62
)

// timeline is what happens on one host, and the room that is left between. Period n lies
// before event n, and the last period after the last event.
type timeline struct {
	events []event
	room   []int64 // [period*R + resource]
}

// event is a VM that arrives or leaves.
type event struct {
	at      moment
	vm      cloud.VMID
	arrives bool
}

// limited is the first period in which the limits of the host hold: the one after the first
// arrival. Until then VMs only leave, and the host may be too full if it is at the start.
func (l *timeline) limited() int {
	for n := range l.events {
		if l.events[n].arrives {
			return n + 1
		}
	}
	return len(l.events) + 1
}

// period is the number of the period in which the event would lie, or which it ends.
func (l *timeline) period(e event) int {
	low, high := 0, len(l.events)
	for low < high {
		n := int(uint(low+high) >> 1)
		if x := &l.events[n]; x.at < e.at || x.at == e.at && x.vm < e.vm {
			low = n + 1
		} else {
			high = n
		}
	}
	return low
}

// insert adds an event, and returns the period that it ends. What it changes is not
// charged yet.
func (l *timeline) insert(e event, resources int) int {
	n := l.period(e)
	l.events = slices.Insert(l.events, n, e)
	l.room = slices.Insert(l.room, n*resources, l.room[n*resources:(n+1)*resources]...)
	return n
}

// remove takes away event n, between two periods with the same room.
func (l *timeline) remove(n, resources int) {
	l.events = slices.Delete(l.events, n, n+1)
	l.room = slices.Delete(l.room, n*resources, (n+1)*resources)
}

// charge takes the demand, times sign, off the room in the periods first to last.
func (l *timeline) charge(first, last int, demand []int64, sign int64) {
	r := len(demand)
	if r == 1 { // the common case
		d := sign * demand[0]
		room := l.room[first : last+1]
		for n := range room {
			room[n] -= d
		}
		return
	}
	for n := first; n <= last; n++ {
		for i, d := range demand {
			l.room[n*r+i] -= sign * d
		}
	}
}

// fits tells whether the room in a period is at least the demand.
func (l *timeline) fits(period int, demand []int64) bool {
	r := len(demand)
	if r == 1 {
		return l.room[period] >= demand[0]
	}
	for i, d := range demand {
		if l.room[period*r+i] < d {
			return false
		}
	}
	return true
}

// until is when a VM that stands there from the beginning has to leave at the latest: it
// must leave before that, or never if it is dusk.
func (l *timeline) until(demand []int64) moment {
	for n := l.limited(); n <= len(l.events); n++ {
		if !l.fits(n, demand) {
			return l.events[n-1].at
		}
	}
	return dusk
}

// since is when a VM that stays there to the end may come at the earliest: after that, or
// at any time if it is dawn.
func (l *timeline) since(demand []int64) moment {
	for n := len(l.events); n >= 0; n-- {
		if !l.fits(n, demand) {
			if n == len(l.events) {
				return dusk
			}
			return l.events[n].at
		}
	}
	return dawn
}

// holds tells whether there is room for the demand from just before one moment until just
// after another, and in which period that begins.
func (l *timeline) holds(from, to moment, demand []int64) (first int, ok bool) {
	first = l.period(event{at: from})
	for n := first; n <= len(l.events); n++ {
		if !l.fits(n, demand) {
			return first, false
		}
		if n == len(l.events) || l.events[n].at > to {
			break
		}
	}
	return first, true
}

// before is the last event that is before a moment, or dawn.
func (l *timeline) before(t moment) moment {
	if n := l.period(event{at: t}); n > 0 {
		return l.events[n-1].at
	}
	return dawn
}

// after is the first event that is after a moment, or dusk.
func (l *timeline) after(t moment) moment {
	if n := l.period(event{at: t + 1}); n < len(l.events) {
		return l.events[n].at
	}
	return dusk
}

// lack is the most that is lacking for the demand from one moment to another. From dawn it is for
// a VM that stands there from the beginning.
func (l *timeline) lack(from, to moment, demand []int64) int64 {
	var most int64
	r := len(demand)
	first, last := l.period(event{at: from}), l.period(event{at: to})
	if from == dawn {
		first = l.limited()
	}
	for n := first; n <= last; n++ {
		var sum int64
		for i, d := range demand {
			sum = paths.Plus(sum, max(0, d-l.room[n*r+i]))
		}
		most = max(most, sum)
	}
	return most
}

// worst is the period in which most is lacking, or -1 where nothing is.
func (l *timeline) worst(resources int) int {
	worst, most := -1, int64(0)
	for n := l.limited(); n <= len(l.events); n++ {
		if lack := missing(l.room[n*resources : (n+1)*resources]); lack > most {
			worst, most = n, lack
		}
	}
	return worst
}

// shortage is what is lacking, over all periods.
func (l *timeline) shortage(resources int) int64 {
	var sum int64
	for n := l.limited(); n <= len(l.events); n++ {
		sum = paths.Plus(sum, missing(l.room[n*resources:(n+1)*resources]))
	}
	return sum
}

// missing is what rooms are below zero.
func missing(rooms []int64) int64 {
	var sum int64
	for _, room := range rooms {
		if room < 0 {
			sum = paths.Plus(sum, -room)
		}
	}
	return sum
}
