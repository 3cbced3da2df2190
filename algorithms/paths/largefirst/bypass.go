package largefirst

import (
	"math"

	"github.com/cloudrearrange/rearrange/cloud"
)

// probes is how many hosts of a bucket are looked at for a bypass.
const probes = 4

// detour is a VM that leaves a host for one that is not its goal, or for none.
type detour struct {
	vm      cloud.VMID
	to      cloud.HostID
	price   float64 // what that adds to the cost of the plan
	settled bool    // it stood on its goal
}

// bypass has one VM leave a host in any way that is allowed: the one for which that costs
// least, in view of the room that it gives.
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
		// Where a VM is charged the same everywhere, it need not be tried if it is too expensive anyway.
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

// interrupts tells whether a VM may be suspended on this side: not on the way back, and
// only once the other side has it where it is to be resumed.
func (l *lane) interrupts(s *side, u cloud.VMID) bool {
	return !s.back && l.m.p.Instance.VMs[u].Interruptible && s.goal(u) == l.m.p.Goal[u]
}

// fare is what it adds to the cost of the plan that a VM goes from one host to another
// before it goes to its goal.
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

// hole finds a host to bypass by, one of those with the least room that will do.
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
