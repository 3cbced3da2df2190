package improve

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// stir takes entangled VMs out of the plan, all at once, and puts them in again, one after
// the other, as long as that bought something not too long ago.
func (s *improver) stir() error {
	patience := 500 + 20*len(s.list)
	for idle := 0; idle < patience && s.goOn() && len(s.list) > 0; idle += perBatch {
		before := s.cost
		err := s.both(perBatch, func(l *improver, first, stride int) {
			for i := first; i < perBatch && l.goOn() && len(l.list) > 0; i += stride {
				l.ruin()
			}
		})
		if s.cost < before {
			idle = -perBatch
		}
		if err == nil {
			err = s.announceInTime()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// ruin takes out a VM that pays too much, and some that are entangled with it.
func (s *improver) ruin() {
	c := &s.chain
	c.begin()
	v := s.draw()
	who := s.entangled(v, 1+s.run.Rand.IntN(8))
	var old, rest int64
	for _, u := range who {
		old += s.t.price(u, s.t.route[u])
		rest += s.least[u]
		c.take(u)
	}
	s.run.Rand.Shuffle(len(who), func(i, j int) { who[i], who[j] = who[j], who[i] })
	var paid int64
	ok := true
	for _, u := range who {
		rest -= s.least[u]
		var cost int64
		if cost, ok = c.place(u, old-paid-rest, 1); !ok {
			break
		}
		paid += cost
	}
	s.settle(ok, paid-old)
}

// draw draws a VM that pays too much: of two at random the one that pays more.
func (s *improver) draw() cloud.VMID {
	v, w := s.list[s.run.Rand.IntN(len(s.list))], s.list[s.run.Rand.IntN(len(s.list))]
	if s.excess[w] > s.excess[v] {
		return w
	}
	return v
}

// entangled are some VMs, and v, that come to v's hosts or leave them while v is on its way.
func (s *improver) entangled(v cloud.VMID, most int) []cloud.VMID {
	by := s.t.route[v]
	from, to := by[0].at, by[len(by)-1].at
	var others []cloud.VMID
	look := func(h cloud.HostID) {
		if h == cloud.Absent {
			return
		}
		l := &s.t.line[h]
		for n := max(0, l.period(event{at: from})-2); n < min(len(l.events), l.period(event{at: to + 1})+2); n++ {
			if u := l.events[n].vm; u != v {
				others = append(others, u)
			}
		}
	}
	look(s.t.p.Start[v])
	for _, l := range by {
		look(l.to)
	}
	slices.Sort(others)
	others = slices.Compact(others)
	s.run.Rand.Shuffle(len(others), func(i, j int) { others[i], others[j] = others[j], others[i] })
	return append(others[:min(most, len(others))], v)
}
