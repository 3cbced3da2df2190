package targets

import "github.com/cloudrearrange/rearrange/cloud"

// notches is how finely a spectrum tells loads apart.
const notches = 1024

// spectrum keeps hosts by load, to the nearest notch below: so that the least loaded ones
// can be gone through without sorting after every move.
type spectrum struct {
	hosts [][]cloud.HostID // by notch, in a reproducible order
	notch []int32          // by host
	slot  []int32          // by host, within its notch
}

func newSpectrum(loads []float64) *spectrum {
	s := &spectrum{
		hosts: make([][]cloud.HostID, notches+1), notch: make([]int32, len(loads)), slot: make([]int32, len(loads)),
	}
	for h, l := range loads {
		s.enter(cloud.HostID(h), l)
	}
	return s
}

func (s *spectrum) enter(h cloud.HostID, load float64) {
	n := int32(min(load, 1) * notches)
	s.notch[h], s.slot[h] = n, int32(len(s.hosts[n]))
	s.hosts[n] = append(s.hosts[n], h)
}

// set changes a host's load.
func (s *spectrum) set(h cloud.HostID, load float64) {
	list := s.hosts[s.notch[h]]
	last := list[len(list)-1]
	list[s.slot[h]] = last
	s.slot[last] = s.slot[h]
	s.hosts[s.notch[h]] = list[:len(list)-1]
	s.enter(h, load)
}

// ascending goes through the hosts from the least loaded on, those of one notch in no
// particular order.
func (s *spectrum) ascending(yield func(cloud.HostID) bool) {
	for _, list := range s.hosts {
		for _, h := range list {
			if !yield(h) {
				return
			}
		}
	}
}
