package bounds

import (
	"sort"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
)

// instants are those at which moves can end. A move that starts neither at 0 nor at the end of another can start earlier, so that in some shortest
// schedule all ends are sums of times: bounds are rounded up to such sums. Under an elastic model, under which
// times are not fixed, all integers are.
type instants struct {
	grain int64   // divides all of them; at least 1
	sums  []int64 // all of them, rising; nil where they are too many
}

// mostInstants bounds the number of sums: with more, hardly a multiple of the grain is none.
const mostInstants = 1 << 12

func newInstants(p *timetable.Problem) instants {
	if _, elastic := p.Model.(concurrency.Elastic); elastic {
		return instants{grain: 1}
	}
	out := instants{grain: 0, sums: []int64{0}}
	var next []int64
	for m := range p.Moves {
		out.grain = gcd(out.grain, p.Moves[m].Time)
		if out.sums != nil && p.Moves[m].Time > 0 {
			next = merge(next[:0], out.sums, p.Moves[m].Time, p.Total())
			if out.sums, next = next, out.sums; len(out.sums) > mostInstants {
				out.sums = nil
			}
		}
	}
	out.grain = max(out.grain, 1)
	return out
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
