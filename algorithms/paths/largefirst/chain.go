package largefirst

import "github.com/cloudrearrange/rearrange/cloud"

// chains is what the search for chains of departures keeps: hosts that were met, each with
// the VM that is to arrive there.
type chains struct {
	queue []link
	met   []int32 // by host: the search that met it last
	stamp int32
}

// link is a host, a VM that is to arrive there, and the link of where that stands.
type link struct {
	host   cloud.HostID
	vm     cloud.VMID
	parent int32
}

// mostLinks bounds the hosts that are examined for one chain.
const mostLinks = 200

func newChains(m *model) chains { return chains{met: make([]int32, m.hosts)} }

// chain looks for a shortest chain of departures by which a VM comes to fit on a host: one
// VM leaves the host for its goal, another leaves that for its own, and so on, until one
// fits where it goes (breadth-first search for an augmenting path, in which a hole walks
// to where it is needed). It carries the chain out, without the VM itself. On the way only
// limits and mates are looked at; that every migration is sane is asked when it is made.
func (l *lane) chain(s *side, h cloud.HostID, v cloud.VMID) bool {
	l.stamp++
	l.queue = append(l.queue[:0], link{h, v, -1})
	l.met[h] = l.stamp
	for n := int32(0); int(n) < len(l.queue) && n < mostLinks; n++ {
		if n > 0 && !l.decide() {
			return false
		}
		if l.extend(s, n, h, v) {
			return true
		}
	}
	return false
}

// extend looks at whom of a link's host may leave it for the link's VM, and tells whether
// one of them ended the chain.
func (l *lane) extend(s *side, n int32, h cloud.HostID, v cloud.VMID) bool {
	at := l.queue[n]
	list := s.on.list(at.host)
	if len(list) == 0 {
		return false
	}
	mate := s.mate(at.vm, at.host)
	comer := l.m.kind[at.vm]
	offset := l.rnd.IntN(len(list))
	for i := range list {
		x := list[(i+offset)%len(list)]
		if mate >= 0 && x.vm != mate || x.vm == v || !l.swaps(s, at.host, comer, x.kind) || !s.misplaced(x.vm) {
			continue
		}
		goal := s.goal(x.vm)
		if s.used[goal] || l.met[goal] == l.stamp {
			continue
		}
		l.met[goal] = l.stamp
		l.queue = append(l.queue, link{goal, x.vm, n})
		if s.fits(x.vm, goal) {
			if l.carryOut(s, int32(len(l.queue)-1), h, v) {
				return true
			}
			list = s.on.list(at.host) // undone, perhaps in another order
		}
	}
	return false
}

// swaps tells whether one kind of VM has room on a host once one of another has left.
func (l *lane) swaps(s *side, h cloud.HostID, comer, leaver int32) bool {
	r := l.m.resources
	if r == 1 {
		return s.room[h]+l.m.demand[leaver] >= l.m.demand[comer]
	}
	for i := range r {
		if s.room[int(h)*r+i]+l.m.demand[int(leaver)*r+i] < l.m.demand[int(comer)*r+i] {
			return false
		}
	}
	return true
}

// carryOut makes the moves of a chain from its end back to its root, and takes them back
// if one of them is not sane or the VM does not fit on the host in the end.
func (l *lane) carryOut(s *side, end int32, h cloud.HostID, v cloud.VMID) bool {
	mark := len(s.log)
	for n := end; n > 0; n = l.queue[n].parent {
		x := l.queue[n]
		if s.host[x.vm] != l.queue[x.parent].host || !s.fits(x.vm, x.host) {
			s.undo(mark)
			return false
		}
		s.move(x.vm, x.host)
	}
	if s.fits(v, h) {
		return true
	}
	s.undo(mark)
	return false
}
