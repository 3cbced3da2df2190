package rules

import "github.com/cloudrearrange/rearrange/cloud"

// occupation is the guard of rules about the number of places in which a group stands. None is
// always fine.
type occupation struct {
	group       int
	census      *cloud.Census
	least, most int
}

// Allows counts the places after the change, in whatever order it and those under way come about.
func (g occupation) Allows(s *cloud.State, vm cloud.VMID, from, to cloud.HostID) bool {
	if ways := g.ways(s); len(ways) > 0 {
		return g.holdsWhatever(append(ways, cloud.Change{VM: vm, From: from, To: to}))
	}
	places := g.census.Places(g.group)
	vacated := int32(-1)
	if from != cloud.Absent {
		if d := g.census.Domain(from); g.census.Count(g.group, d) == 1 {
			places--
			vacated = d
		}
	}
	if to != cloud.Absent {
		if d := g.census.Domain(to); d == vacated || g.census.Count(g.group, d) == 0 {
			places++
		}
	}
	return g.will(places)
}

// will tells whether a number of places is enough.
func (g occupation) will(places int) bool {
	return places == 0 || g.least <= places && places <= g.most
}

// ways lists the VMs of the group under way from one place to another.
func (g occupation) ways(s *cloud.State) []cloud.Change {
	var out []cloud.Change
	for _, m := range s.UnderWay() {
		if crosses(g.census, m) && isMember(s, m.VM, g.group) {
			out = append(out, m)
		}
	}
	return out
}

// holdsWhatever tells whether the number of places will do whichever of the VMs under way have
// arrived. It looks at every subset of them. Where there are too many for that, it says no unless
// those that stay decide.
func (g occupation) holdsWhatever(ways []cloud.Change) bool {
	const nowhere = -1
	domain := func(h cloud.HostID) int32 {
		if h == cloud.Absent {
			return nowhere
		}
		return g.census.Domain(h)
	}
	stay := map[int32]int{} // VMs that stay, by place that others leave or come to
	for _, m := range ways {
		for _, d := range []int32{domain(m.From), domain(m.To)} {
			if _, known := stay[d]; !known && d != nowhere {
				stay[d] = g.census.Count(g.group, d)
			}
		}
	}
	places := g.census.Places(g.group)
	for _, m := range ways {
		if d := domain(m.From); d != nowhere {
			if stay[d]--; stay[d] == 0 {
				places--
			}
		}
	}
	if places >= g.least && places <= g.most-len(stay) {
		return true
	}
	if len(ways) > mostLeaving {
		return false
	}
	for arrived := range 1 << len(ways) {
		held := map[int32]bool{}
		for i, m := range ways {
			d := domain(m.From)
			if arrived>>i&1 != 0 {
				d = domain(m.To)
			}
			if d != nowhere && stay[d] == 0 {
				held[d] = true
			}
		}
		if !g.will(places + len(held)) {
			return false
		}
	}
	return true
}
