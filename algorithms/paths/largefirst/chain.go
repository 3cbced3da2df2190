package largefirst

import "github.com/cloudrearrange/rearrange/cloud"

// chains holds the data of a search for a chain of departures: the hosts met, each with the
// VM that would arrive there.
type chains struct {
	queue []link
	met   []int32 // by host: the search that met it last
	stamp int32
}

// link is a host, a VM that would arrive there, and the link of the host where the VM stands.
type link struct {
	host   cloud.HostID
	vm     cloud.VMID
	parent int32
}

// mostLinks bounds the hosts that are examined for one chain.
const mostLinks = 200

func newChains(m *model) chains { return chains{met: make([]int32, m.hosts)} }

// chain looks for a shortest chain of departures that makes room for a VM on a host: one VM
// leaves the host for its goal, another leaves that goal for its own, and so on, until a VM
// fits on its goal. This is breadth-first search for an augmenting path, along which a hole
// walks to where it is needed. The chain is carried out, but v itself does not move. The search
// evaluates only limits and mates inside the chain; carryOut evaluates every rule.
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

// extend adds links for the VMs that could leave a link's host to make room for the link's VM.
// It tells whether one of them completed a chain, which was carried out.
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
		if mate >= 0 && x.vm != mate || x.vm == v || !l.swaps(s, at.host, comer, x.kind) {
			continue
		}
		goal := s.goal(x.vm)
		if goal == at.host || goal == cloud.Absent || l.met[goal] == l.stamp || s.used[goal] {
			continue
		}
		l.met[goal] = l.stamp
		l.queue = append(l.queue, link{goal, x.vm, n})
		if s.enters(x.vm, x.kind, at.host, goal) {
			if l.carryOut(s, int32(len(l.queue)-1), h, v) {
				return true
			}
			list = s.on.list(at.host) // restored, perhaps in another order
		}
	}
	return false
}

// swaps tells whether a VM of one kind has room on a host once a VM of another kind has left.
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

// carryOut makes the moves of a chain from its end to its root. It takes them back if a move
// breaks a rule or if the VM does not fit on the host afterwards.
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
