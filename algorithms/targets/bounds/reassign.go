package bounds

import (
	"math/bits"

	"github.com/cloudrearrange/rearrange/cloud/objectives"
)

// Reassign bounds machine reassignment: load and balance cost at least what they would if all hosts were one, with all that is
// safe and all that is free added up: amounts that are cut off at 0 add up to no less than their sum, cut off at 0. VMs that need not
// stand are left out of loads; where there are any, and where hosts are closed, balances are not bounded. It is the bound that the
// challenge's participants compared with. O((VMs + hosts) × resources).
func (b *Bounds) Reassign(o *objectives.Reassign) Bound {
	n := b.resources
	demand := make([]int64, n)
	all := b.open.len() == len(b.in.Hosts)
	for v := range b.in.VMs {
		if b.blockOf[v] < 0 {
			all = false
			continue
		}
		for r, d := range b.in.VMs[v].Demand {
			demand[r] += d
		}
	}
	var sum int64
	for r, w := range o.Weights {
		if w == 0 {
			continue
		}
		safe := uint64(0)
		for h := range b.in.Hosts {
			more, carry := bits.Add64(safe, uint64(o.Safe[h*n+r]), 0)
			if safe = more; carry > 0 {
				safe = 1 << 63
			}
			safe = min(safe, 1<<63)
		}
		if uint64(demand[r]) > safe {
			sum += w * (demand[r] - int64(safe))
		}
	}
	if all {
		free := make([]int64, n)
		for r := range free {
			for h := range b.in.Hosts {
				free[r] += b.in.Hosts[h].Capacity[r] - b.in.Hosts[h].Reserved[r]
			}
			free[r] -= demand[r]
		}
		for _, x := range o.Balances {
			sum += x.Weight * max(0, x.Ratio*free[x.First]-free[x.Second])
		}
	}
	if sum == 0 {
		return Bound{}
	}
	out := Bound{Reason: "load and balance, if all hosts were one"}
	out.Score[0] = sum
	return out
}
