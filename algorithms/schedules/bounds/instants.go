package bounds

import (
	"slices"
	"sort"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
)

// instants are those at which moves can end. In a shortest schedule in which every move is shifted as far to the left as it goes, each starts at
// 0 or where another one starts or ends, so that all ends are sums of times, and bounds are rounded up to such sums. Where that does
// not hold, all integers are instants: under an elastic model, under which times are not fixed, where starts may wait for the ends of windows, and under rules by which an earlier end may be
// in the way of something. Rules that limit what a place holds, or restrict where VMs stand, are not of this kind.
type instants struct {
	grain int64   // divides all of them; at least 1
	sums  []int64 // all of them, rising; nil where they are too many
}

// mostInstants bounds the number of sums: with more, nearly every multiple of the grain is one.
const mostInstants = 1 << 12

func newInstants(p *timetable.Problem) instants {
	isClosed := func(m timetable.Move) bool { return len(m.Closed) > 0 }
	if _, elastic := p.Model.(concurrency.Elastic); elastic || slices.ContainsFunc(p.Rules, needsPresence) || slices.ContainsFunc(p.Moves, isClosed) {
		return instants{grain: 1}
	}
	total := p.Total()
	out := instants{grain: 0, sums: []int64{0}}
	var next []int64
	for m := range p.Moves {
		out.grain = gcd(out.grain, p.Moves[m].Time)
		if out.sums != nil && p.Moves[m].Time > 0 {
			next = merge(next[:0], out.sums, p.Moves[m].Time, total)
			if out.sums, next = next, out.sums; len(out.sums) > mostInstants {
				out.sums = nil
			}
		}
	}
	out.grain = max(out.grain, 1)
	return out
}

// needsPresence tells whether VMs may have to be somewhere by a rule, rather than not to be.
func needsPresence(r cloud.Rule) bool {
	if !r.Continuous() {
		return false
	}
	switch r.(type) {
	case cloud.Limiter, cloud.HostFilter, cloud.Quota:
		return false
	}
	return true
}

// coarse is the first multiple of the grain that is not before an instant. It holds for heads and tails alike.
func (i instants) coarse(at int64) int64 { return i.grain * up(at, i.grain) }

// next is the first instant that is not before another.
func (i instants) next(at int64) int64 {
	if k := sort.Search(len(i.sums), func(k int) bool { return i.sums[k] >= at }); k < len(i.sums) {
		return i.sums[k]
	}
	return i.coarse(at)
}
