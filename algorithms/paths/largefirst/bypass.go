package largefirst

import (
	"math"

	"github.com/cloudrearrange/rearrange/cloud"
)

// probes is the number of hosts of a bucket to examine for a bypass.
const probes = 4

// detour is a move of a VM to a host that is not its goal, or its suspension.
type detour struct {
	vm      cloud.VMID
	to      cloud.HostID
	price   float64 // added to the cost of the plan
	settled bool    // the VM stood on its goal
}

// bypass moves one VM off a host by a detour within the allowance: the one with the best ratio
// of price and room, see merit.
func (l *lane) bypass(s *side, h cloud.HostID, v, mate cloud.VMID) bool {
	best, least := detour{vm: none}, math.MaxFloat64
	lack := s.lack(l.m.kind[v], h)
	list := s.on.list(h)
	for i := range list {
		u := list[i].vm
		if u == v || mate >= 0 && u != mate || s.goal(u) == cloud.Absent {
			continue
		}
		merit := func(price float64) float64 {
			return 4*price/l.m.unit + 3*float64(max(0, lack-l.m.size[list[i].kind]))
		}
		if _, _, helps := l.relief(s, h, int(l.m.kind[v]), int(list[i].kind)); !helps && u != mate {
			continue
		}
		settled := s.goal(u) == h
		if l.interrupts(s, u) && s.fits(u, cloud.Absent) {
			if price := l.fare(s, u, h, cloud.Absent); l.spent+price <= l.allow && merit(price) < least {
				best, least = detour{u, cloud.Absent, price, settled}, merit(price)
			}
		}
		// If the price does not depend on the host, a VM that is too expensive needs no host.
		if l.m.anywhere != nil {
			if price := l.fare(s, u, h, h); l.spent+price > l.allow || merit(price) >= least {
				continue
			}
		}
		if to := l.hole(s, u, h); to != cloud.Absent {
			if price := l.fare(s, u, h, to); l.spent+price <= l.allow && merit(price) < least {
				best, least = detour{u, to, price, settled}, merit(price)
			}
		}
	}
	if best.vm == none {
		return false
	}
	l.spent += best.price
	if best.settled {
		l.pushed += l.m.weightOf(best.vm)
	}
	s.move(best.vm, best.to)
	return true
}

// interrupts tells whether a VM may be suspended on this side. It may not on the backward side,
// and only if the other side has it on its final target, where it resumes.
func (l *lane) interrupts(s *side, u cloud.VMID) bool {
	return !s.back && l.m.p.Instance.VMs[u].Interruptible && s.goal(u) == l.m.p.Goal[u]
}

// fare is the cost added to the plan if a VM moves from one host to another before it moves to
// its goal.
func (l *lane) fare(s *side, u cloud.VMID, h, to cloud.HostID) float64 {
	goal := s.goal(u)
	price := func(from, to cloud.HostID) float64 {
		if s.back {
			from, to = to, from
		}
		return float64(l.m.price(u, from, to))
	}
	sum := price(h, to) + price(to, goal)
	if h != goal {
		sum -= price(h, goal)
	}
	return max(0, sum)
}

// hole finds a host for a bypass, from the fullest that have enough room; Absent if none of the
// hosts examined will do.
func (l *lane) hole(s *side, u cloud.VMID, h cloud.HostID) cloud.HostID {
	kind := l.m.kind[u]
	for b := int(bucketOf(l.m.size[kind])); b <= mostHole; b++ {
		list := s.holes.buckets[b]
		for range min(probes, len(list)) {
			x := list[l.rnd.IntN(len(list))]
			if x == h || x == s.goal(u) || s.used[x] || !s.fits(u, x) {
				continue
			}
			return x
		}
	}
	return cloud.Absent
}
