package concurrency

import (
	"cmp"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/durations"
)

// Earliest lets all steps start when they do and share the network, and tells when each of them ends then. O(events × steps under
// way × links on a way × different rates).
func (m maxMinModel) Earliest(steps []cloud.Step) []int64 {
	out := make([]int64, len(steps))
	var order []int
	for i, s := range steps {
		if counts(s.Action) {
			order = append(order, i)
		} else {
			out[i] = s.Start + cloud.TimeOf(m.duration, &s)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(steps[a].Start, steps[b].Start) })
	t := &traffic{model: m, without: make([]int64, len(m.kbps)), given: make([]int64, len(m.kbps))}
	for len(order) > 0 || len(t.cars) > 0 {
		now, busy := t.nextEnd()
		if len(order) > 0 && (!busy || steps[order[0]].Start < now) {
			now = steps[order[0]].Start
		}
		t.leave(now, out)
		for len(order) > 0 && steps[order[0]].Start == now {
			t.enter(&steps[order[0]], order[0])
			order = order[1:]
		}
		t.flow(now)
		t.settle(now)
	}
	return out
}

// traffic is what is under way.
type traffic struct {
	model maxMinModel
	cars  []*car
	// while rates are found, by link:
	without []int64 // steps that have no rate yet
	given   []int64 // to the others
}

type car struct {
	step  int
	links []cloud.LinkID // those that have a capacity; none of a step that sends nothing
	alone int64          // the full rate
	flow  durations.Flow // as it was at since
	start int64
	since int64
	rate  int64 // from since on
	then  int64 // from the current instant on
	end   int64
}

// enter puts a step that starts now into the traffic.
func (t *traffic) enter(s *cloud.Step, i int) {
	c := &car{step: i, flow: t.model.duration.(durations.Fluid).NewFlow(s), start: s.Start, since: s.Start, rate: -1}
	way := t.model.network.Way(s.From, s.To, nil)
	if c.alone = t.model.widest(way); !t.model.silent(s, c.alone) {
		c.links = slices.DeleteFunc(way, func(l cloud.LinkID) bool { return t.model.kbps[l] == 0 })
	}
	t.cars = append(t.cars, c)
}

// nextEnd is when a step ends first.
func (t *traffic) nextEnd() (at int64, ok bool) {
	for _, c := range t.cars {
		if !ok || c.end < at {
			at, ok = c.end, true
		}
	}
	return at, ok
}

// leave takes out what has ended.
func (t *traffic) leave(now int64, ends []int64) {
	t.cars = slices.DeleteFunc(t.cars, func(c *car) bool {
		if c.end <= now {
			ends[c.step] = c.end
		}
		return c.end <= now
	})
}

// flow finds the rates from now on, and the ends that follow from them.
func (t *traffic) flow(now int64) {
	rates := t.rates()
	for i, c := range t.cars {
		c.then = rates[i]
		switch {
		case c.since == now:
			c.end = now + c.flow.Left(c.then)
		case c.then == c.rate:
			c.end = c.since + c.flow.Left(c.rate)
		default:
			c.end = now + c.flow.After(c.rate, now-c.since).Left(c.then)
		}
		if c.end == c.start {
			c.end++ // what has nothing to send is under way for one ms
		}
	}
}

// settle makes the rates of the instant those of the time that follows.
func (t *traffic) settle(now int64) {
	for _, c := range t.cars {
		if c.then == c.rate {
			continue
		}
		if now > c.since {
			c.flow, c.since = c.flow.After(c.rate, now-c.since), now
		}
		c.rate = c.then
	}
}

// rates fills the links: as long as some step has no rate, all steps on the links that leave the least to each get it.
func (t *traffic) rates() []int64 {
	out := make([]int64, len(t.cars))
	var links []cloud.LinkID // of which steps have no rate
	for i, c := range t.cars {
		if out[i] = -1; len(c.links) == 0 {
			out[i] = c.alone
		}
		for _, l := range c.links {
			if t.without[l] == 0 {
				links = append(links, l)
				t.given[l] = 0
			}
			t.without[l]++
		}
	}
	share := func(l cloud.LinkID) int64 { return (t.model.kbps[l] - t.given[l]) / t.without[l] }
	for len(links) > 0 {
		least := share(links[0])
		for _, l := range links[1:] {
			least = min(least, share(l))
		}
		var get []int
		for i, c := range t.cars {
			if out[i] < 0 && slices.ContainsFunc(c.links, func(l cloud.LinkID) bool { return share(l) == least }) {
				get = append(get, i)
			}
		}
		for _, i := range get {
			out[i] = least
			for _, l := range t.cars[i].links {
				t.given[l] += least
				t.without[l]--
			}
		}
		links = slices.DeleteFunc(links, func(l cloud.LinkID) bool { return t.without[l] == 0 })
	}
	return out
}
