package concurrency

import (
	"fmt"
	"math/big"
	"slices"
	"sort"

	"github.com/dustin/go-humanize"

	"github.com/cloudrearrange/rearrange/cloud"
)

// The forms of [bandwidth] for the judge.

// Violations adds up what the steps under way take of each link on the ways of those that just started.
func (b *bandwidth) Violations(v View, started []cloud.Step) []cloud.Violation {
	if !b.admits {
		return nil
	}
	var links []cloud.LinkID
	for _, s := range started {
		links = b.network.Way(s.From, s.To, links)
	}
	slices.Sort(links)
	taken := map[cloud.LinkID]int64{}
	elsewhere := false
	for _, l := range slices.Compact(links) {
		host := b.network.Link(l).Host
		if b.kbps[l] == 0 {
			continue
		}
		if host == cloud.Absent {
			taken[l], elsewhere = 0, true
			continue
		}
		for _, s := range v.At(host) {
			if g := b.look(s); slices.Contains(g.links, l) {
				taken[l] += g.takes
			}
		}
	}
	if elsewhere {
		for _, s := range v.All() {
			g := b.look(s)
			for _, l := range g.links {
				if _, asked := taken[l]; asked && b.network.Link(l).Host == cloud.Absent {
					taken[l] += g.takes
				}
			}
		}
	}
	var out []cloud.Violation
	for _, l := range slices.Compact(links) {
		if n := taken[l]; n > b.kbps[l] {
			least := ""
			if !b.pinned {
				least = " at least"
			}
			out = append(out, cloud.Violation{Rule: b.text, Msg: fmt.Sprintf("what is under way takes%s %s kbit/s of the %s, which has %s",
				least, humanize.Comma(n), b.network.Link(l).Name, humanize.Comma(b.kbps[l]))})
		}
	}
	return out
}

// glance is what the judge sees of a step: its way, and the rate that it takes there.
type glance struct {
	links []cloud.LinkID
	takes int64
}

// look finds the rate of a step: the full one, or the one that its length tells, or the least that it needs.
func (b *bandwidth) look(s cloud.Step) glance {
	if s.Cost = 0; b.rigid || !b.pinned {
		s.Start, s.End = 0, 0
	}
	return b.judged.of(s, func() glance {
		g := glance{links: b.network.Way(s.From, s.To, nil)}
		full := b.widest(g.links)
		if b.duration != nil && b.silent(&s, full) {
			return glance{}
		}
		if g.takes = full; b.rigid {
			return g
		}
		least := b.smallest(s, full)
		if g.takes = least; b.pinned {
			g.takes += int64(sort.Search(int(full-least), func(i int) bool { return b.duration.TimeAt(&s, least+int64(i)) <= s.End-s.Start }))
		}
		return g
	})
}

// silent tells whether a step sends nothing.
func (b *bandwidth) silent(s *cloud.Step, full int64) bool {
	bytes, _ := b.duration.SentAt(s, full)
	return bytes == 0
}

// widest is the full rate on a way.
func (b *bandwidth) widest(way []cloud.LinkID) int64 {
	full := int64(0)
	for _, l := range way {
		if c := b.kbps[l]; c > 0 && (full == 0 || c < full) {
			full = c
		}
	}
	return full
}

// smallest is the least rate of a step.
func (b *bandwidth) smallest(s cloud.Step, full int64) int64 {
	volume, ends := b.duration.SentAt(&s, full)
	if !ends {
		return full
	}
	allowed := new(big.Rat).SetInt64(volume)
	allowed.Mul(allowed, new(big.Rat).Add(b.growth, big.NewRat(1, 1)))
	return 1 + int64(sort.Search(int(full-1), func(i int) bool {
		rate := 1 + int64(i)
		bytes, ends := b.duration.SentAt(&s, rate)
		part := new(big.Rat).SetFrac64(rate, full)
		return ends && part.Cmp(b.least) >= 0 && new(big.Rat).SetInt64(bytes).Cmp(allowed) <= 0
	}))
}

// Earliest is the start of each step and its time at its full rate.
func (b *bandwidth) Earliest(steps []cloud.Step) []int64 {
	if b.duration == nil {
		return nil
	}
	out := make([]int64, len(steps))
	for i, s := range steps {
		if out[i] = s.Start; counts(s.Action) {
			out[i] += b.duration.TimeAt(&s, b.widest(b.network.Way(s.From, s.To, nil)))
		} else {
			out[i] += cloud.TimeOf(b.duration, &s)
		}
	}
	return out
}
