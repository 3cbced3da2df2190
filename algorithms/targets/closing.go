package targets

import (
	"cmp"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/targets/packing"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
)

// closing tells whether the objective is the number of hosts in use, for which hosts are closed one after
// another.
func (s *search) closing() bool {
	o, ok := s.objective.(*objectives.Hosts)
	return ok && o.Uniform() && !s.job.cheap
}

// spares empties as many hosts as have to be empty, and tells whether it could. Hosts that are empty then
// stay so.
func (s *search) spares(x *packing.Packing) bool {
	if s.t.spare == 0 {
		return true
	}
	s.closeIdle(x)
	s.closeMore(x, len(s.hosts)-s.t.spare, patience)
	return s.spared(x)
}

func (s *search) spared(x *packing.Packing) bool {
	return s.t.spare == 0 || x.Open() <= len(s.hosts)-s.t.spare
}

// patience is how many neighbourhoods are tried to empty a host that has to be empty.
const patience = 1000

// closeIdle closes the hosts that hold no VM, and no others.
func (s *search) closeIdle(x *packing.Packing) {
	for _, h := range s.hosts {
		x.Close(h, len(x.On(h)) == 0)
	}
}

// closeMore closes one host after another, small ones first, and of equal ones those first that are cheap
// to empty, until only as many are left as the floor. Tries bounds the attempts for each.
func (s *search) closeMore(x *packing.Packing, floor, tries int) {
	price := func(h cloud.HostID) int64 {
		if s.t.migrations >= 0 || s.t.gain != nil {
			return int64(len(x.On(h)))
		}
		return x.Worth(h)
	}
	room, hosts := s.rooms(), s.inUse(x)
	slices.SortStableFunc(hosts, func(a, b cloud.HostID) int {
		if s.t.budget() {
			return cmp.Compare(price(a), price(b))
		}
		return cmp.Or(cmp.Compare(room[a], room[b]), cmp.Compare(price(a), price(b)))
	})
	s.closeEach(x, hosts, floor, tries, func() { s.tell(x) })
}

// inUse lists the hosts that hold VMs.
func (s *search) inUse(x *packing.Packing) []cloud.HostID {
	return slices.DeleteFunc(slices.Clone(s.hosts), func(h cloud.HostID) bool { return len(x.On(h)) == 0 })
}

// rooms is how much each host has room for, as the sum over the resources of its share of an average host.
func (s *search) rooms() []float64 {
	average := s.limits.average()
	room := make([]float64, len(s.hosts))
	for _, h := range s.hosts {
		for i, n := range s.limits.host(h) {
			if average[i] > 0 {
				room[h] += min(float64(n)/average[i], 1<<20)
			}
		}
	}
	return room
}

// closeEach closes those of the hosts that can be emptied, in their order, until only as many of them are left as the
// floor, and calls done after each. Tries bounds the attempts for each.
func (s *search) closeEach(x *packing.Packing, hosts []cloud.HostID, floor, tries int, done func()) {
	left := len(hosts)
	for i, h := range hosts {
		if left <= floor || i%64 == 0 && !s.goOn() {
			return
		}
		if !x.Spares(h) {
			continue
		}
		x.Close(h, true)
		if x.Evacuate(s.few(tries), h) {
			left--
			done()
			continue
		}
		if x.Close(h, false); !s.goOn() {
			return
		}
	}
}
