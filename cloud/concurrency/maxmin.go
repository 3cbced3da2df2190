package concurrency

import (
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/durations"
)

// maxMinModel is [bandwidth] in which migrations under way have max-min fair rates, anew at each start and end.
type maxMinModel struct{ *bandwidth }

// NewPace implements [Elastic].
func (m maxMinModel) NewPace() Pace {
	return &maxMinPace{
		bandwidth: m.bandwidth, fluid: m.duration.(durations.Fluid),
		least: make([]int64, len(m.limits)), left: make([]int64, len(m.limits)), unset: make([]int64, len(m.limits)),
	}
}

// stream is a step under way. Its rate counts from the instant of its last change on.
type stream struct {
	vm      cloud.VMID
	uses    []Use
	full    int64
	flow    durations.Flow // at since
	start   int64
	since   int64
	was     int64 // rate from since to the instant of the last change
	rate    int64 // from then on; it may be changed again at the same instant
	changed int64 // that instant
	end     int64
	next    int64 // while rates are computed
}

type maxMinPace struct {
	*bandwidth
	fluid   durations.Fluid
	now     int64
	stale   bool // something started or ended since rates were computed
	streams []*stream
	least   []int64 // by limit: the least rates of all that is under way
	// while rates are computed:
	left  []int64 // by limit: what is not yet given away
	unset []int64 // by limit: how many streams have no rate yet
	open  []*stream
}

// Allows implements [Pace]. O(links on the way).
func (p *maxMinPace) Allows(step *cloud.Step) bool {
	for _, u := range p.demand(step).needs.Uses {
		if p.least[u.Limit]+u.Least > p.limits[u.Limit].Capacity {
			return false
		}
	}
	return true
}

// Begin implements [Pace]. O(links on the way).
func (p *maxMinPace) Begin(step *cloud.Step, now int64) {
	d := p.demand(step)
	for _, u := range d.needs.Uses {
		p.least[u.Limit] += u.Least
	}
	p.streams = append(p.streams, &stream{
		vm: step.VM, uses: d.needs.Uses, full: d.full, flow: p.fluid.NewFlow(step), start: now, since: now, was: -1, rate: -1, changed: now,
	})
	p.now, p.stale = now, true
}

// End implements [Pace]. O(steps under way).
func (p *maxMinPace) End(vm cloud.VMID, now int64) {
	for i, s := range p.streams {
		if s.vm == vm {
			for _, u := range s.uses {
				p.least[u.Limit] -= u.Least
			}
			p.streams = append(p.streams[:i], p.streams[i+1:]...)
			break
		}
	}
	p.now, p.stale = now, true
}

// Next implements [Pace]. O(steps under way), and where something started or ended since it was called, O(links on their ways) for
// each different rate.
func (p *maxMinPace) Next() (vm cloud.VMID, at int64, ok bool) {
	if p.stale {
		p.share()
		for _, s := range p.streams {
			s.take(s.next, p.now)
		}
		p.stale = false
	}
	for _, s := range p.streams {
		if !ok || s.end < at || s.end == at && s.vm < vm {
			vm, at, ok = s.vm, s.end, true
		}
	}
	return vm, at, ok
}

// share computes the rate of each stream: those of limits that leave least to each stream without a rate get that, until all have
// one.
func (p *maxMinPace) share() {
	for _, s := range p.streams {
		for _, u := range s.uses {
			p.left[u.Limit], p.unset[u.Limit] = p.limits[u.Limit].Capacity, 0
		}
	}
	for _, s := range p.streams {
		for _, u := range s.uses {
			p.unset[u.Limit]++
		}
	}
	open := append(p.open[:0], p.streams...)
	for _, s := range open {
		s.next = s.full // of what sends nothing
	}
	open = slices.DeleteFunc(open, func(s *stream) bool { return len(s.uses) == 0 })
	for len(open) > 0 {
		level := int64(math.MaxInt64)
		for _, s := range open {
			s.next = math.MaxInt64
			for _, u := range s.uses {
				s.next = min(s.next, p.left[u.Limit]/p.unset[u.Limit])
			}
			level = min(level, s.next)
		}
		rest := open[:0]
		for _, s := range open {
			if s.next > level {
				rest = append(rest, s)
				continue
			}
			for _, u := range s.uses {
				p.left[u.Limit] -= level
				p.unset[u.Limit]--
			}
		}
		open = rest
	}
}

// take gives a stream a rate from now on. The rates of an instant are those after the last event of it.
func (s *stream) take(rate, now int64) {
	if s.changed < now {
		if s.rate != s.was {
			s.flow, s.since, s.was = s.flow.After(s.was, s.changed-s.since), s.changed, s.rate
		}
		if rate == s.rate {
			return
		}
	}
	s.rate, s.changed = rate, now
	switch {
	case s.since == now: // it starts
		s.was = rate
		s.end = now + s.flow.Left(rate)
	case rate == s.was:
		s.end = s.since + s.flow.Left(rate)
	default:
		s.end = now + s.flow.After(s.was, now-s.since).Left(rate)
	}
	s.end = max(s.end, s.start+1) // even of a step that has nothing to send
}
