package bounds

import (
	"fmt"
	"math"
	"math/bits"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// FullLoad is a load of 100 %: loads are in millionths of what a host may hold, rounded up.
const FullLoad = 1_000_000

// mostPeak bounds the loads that are looked at: 1,000 times what a host may hold.
const mostPeak = 1000 * FullLoad

// Peak bounds the highest load of any host: the largest share, over some resources, that its VMs
// demand of what they may use together, in millionths, rounded up. What they may use is what rules
// limit it to in every state; where none does, the capacity without what is reserved. Nil stands for all
// resources. Where no placement exists, it is any number.
//
// A load is too low if VMs provably do not fit where hosts may be used no further: by
// the proofs of [Bounds.Infeasible] about room. The bound is found by bisection.
// O(log loads × (VMs × resources + crowds × resources × hosts × log hosts)).
func (b *Bounds) Peak(resources []int) Bound {
	if resources == nil {
		for r := range b.resources {
			resources = append(resources, r)
		}
	}
	p := &peakSearch{Bounds: b, resources: resources, full: slices.Clone(b.room), room: slices.Clone(b.room)}
	n := b.resources + 1
	for i, limit := range cloud.Sort(b.in, b.rules).Limits {
		h, r := i/b.resources, i%b.resources
		if limit == math.MaxInt64 {
			limit = b.in.Hosts[h].Capacity[r] - b.in.Hosts[h].Reserved[r]
		}
		p.full[h*n+r] = max(0, limit)
	}
	low, high := p.average(), int64(mostPeak)
	if low >= high { // VMs demand what no host has
		return Bound{Score: cloud.Score{low}, Reason: p.reason}
	}
	if reason, refuted := p.refutes(low); refuted {
		p.reason = reason
		// Most often the bound is near: steps double until one is too far.
		for step := int64(1); ; step *= 2 {
			if low+step >= high {
				break
			}
			reason, refuted := p.refutes(low + step)
			if !refuted {
				high = low + step
				break
			}
			low, p.reason = low+step, reason
		}
		for high-low > 1 {
			middle := low + (high-low)/2
			if reason, refuted := p.refutes(middle); refuted {
				low, p.reason = middle, reason
			} else {
				high = middle
			}
		}
		low++
	}
	return Bound{Score: cloud.Score{low}, Reason: p.reason}
}

// peakSearch is the search for one bound.
type peakSearch struct {
	*Bounds
	resources []int
	full      []int64 // by host and resource: what makes a load of 100 %
	room      []int64 // what a load leaves
	reason    string  // of what is refuted so far
}

// average is the highest load that is the least by volume alone: of each crowd, what it demands of
// what its hosts have.
func (p *peakSearch) average() int64 {
	var best int64
	n := p.Bounds.resources + 1
	for _, c := range p.crowds {
		for _, r := range p.resources {
			demand := plain.total(c.amounts[r])
			var full int64
			for _, h := range c.hosts {
				full = plus(full, max(0, p.full[int(h)*n+r]))
			}
			if load := share(demand, full); load > best {
				best = load
				p.reason = fmt.Sprintf("%s %s, which is %s of all there is on %s", p.crowdNamed(c, "need"),
					p.of(demand, r), percent(load), p.hostsOf(c))
			}
		}
	}
	return best
}

// share is used/full in millionths, rounded up, and mostPeak at the most.
func share(used, full int64) int64 {
	if used == 0 {
		return 0
	}
	high, low := bits.Mul64(uint64(used), FullLoad)
	if full <= 0 || high >= uint64(full) {
		return mostPeak
	}
	whole, rest := bits.Div64(high, low, uint64(full))
	if rest > 0 {
		whole++
	}
	return int64(min(whole, mostPeak))
}

// refutes tells whether no placement keeps every host at a load or below it, and why.
func (p *peakSearch) refutes(load int64) (reason string, refuted bool) {
	n := p.Bounds.resources + 1
	for _, r := range p.resources {
		for h := range p.in.Hosts {
			i := h*n + r
			p.room[i] = min(p.Bounds.room[i], portion(p.full[i], load))
		}
	}
	if at, found := p.oversized(p.room); found {
		x := &p.blocks[at]
		return fmt.Sprintf("%s would load any host beyond %s", p.named(x.vms), percent(load)), true
	}
	if e, found := p.overfull(p.room, peakBudget); found {
		return fmt.Sprintf("at a load of %s or less on every host, %s", percent(load), p.explain(e)), true
	}
	return "", false
}

// portion is what a load leaves of an amount, rounded down. It stops at MaxInt64.
func portion(full, load int64) int64 {
	if full <= 0 {
		return 0
	}
	high, low := bits.Mul64(uint64(full), uint64(load))
	if high >= FullLoad {
		return math.MaxInt64
	}
	whole, _ := bits.Div64(high, low, FullLoad)
	return int64(min(whole, math.MaxInt64))
}

func percent(load int64) string { return fmt.Sprintf("%.4g %%", float64(load)/(FullLoad/100)) }
