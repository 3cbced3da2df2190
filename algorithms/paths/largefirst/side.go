package largefirst

import (
	"math"

	"github.com/cloudrearrange/rearrange/cloud"
)

// side is the current placement at one end of the path. The two sides are each other's goal: a
// move on one side changes the goal of the VM on the other.
//
// Data by VM and by host is in flat arrays; a move takes O(resources) unless other rules watch.
type side struct {
	m     *model
	other *side
	back  bool // the moves lead backwards from the end of the path

	host []cloud.HostID // by VM
	slot []int32        // by VM: its position in the list of its host
	on   roster
	room []int64 // [host*R + resource]
	log  []cloud.Change
	used []bool // by host: a VM is about to arrive, so no other VM may take the room

	holes holes
	judge *cloud.State // evaluates the rules in model.others, reversed on the way back; nil if there are none
	there *cloud.State // on the way back, evaluates those that are not one-way as they are; nil if there are none
}

// newSide returns the side that begins at a placement. O(VMs + hosts × resources).
func newSide(m *model, at cloud.Placement, back bool) *side {
	s := &side{
		m: m, back: back, host: append([]cloud.HostID(nil), at...), slot: make([]int32, len(at)),
		room: append([]int64(nil), m.limit...), used: make([]bool, m.hosts),
	}
	s.on = newRoster(m, at)
	for v, h := range at {
		if h == cloud.Absent {
			continue
		}
		s.slot[v] = s.on.add(h, cloud.VMID(v), m.kind[v])
		s.charge(h, m.demandOf(cloud.VMID(v)), -1)
	}
	s.holes = newHoles(s)
	if m.others != nil {
		rules := m.others
		if back {
			rules = cloud.Reversed(rules)
			if both := twoWay(m.others); both != nil {
				s.there = cloud.NewState(m.p.Instance, both, at)
			}
		}
		s.judge = cloud.NewState(m.p.Instance, rules, at)
	}
	return s
}

func (s *side) charge(h cloud.HostID, demand []int64, sign int64) {
	room := s.room[int(h)*len(demand) : int(h)*len(demand)+len(demand)]
	for r, d := range demand {
		room[r] += sign * d
	}
}

// goal is the host to which a VM has to move on this side.
func (s *side) goal(v cloud.VMID) cloud.HostID { return s.other.host[v] }

// misplaced tells whether a VM has to move on this side. A VM that is suspended on the other
// side does not, and backwards a suspended VM does not either.
func (s *side) misplaced(v cloud.VMID) bool {
	goal := s.other.host[v]
	return goal != s.host[v] && goal != cloud.Absent && (s.host[v] != cloud.Absent || !s.back)
}

// move moves a VM to a host, or suspends it if to is Absent.
func (s *side) move(v cloud.VMID, to cloud.HostID) {
	s.log = append(s.log, cloud.Change{VM: v, From: s.host[v], To: to})
	s.shift(v, to)
}

// undo takes back moves until mark of them are left in the log.
func (s *side) undo(mark int) {
	for len(s.log) > mark {
		last := s.log[len(s.log)-1]
		s.log = s.log[:len(s.log)-1]
		s.shift(last.VM, last.From)
	}
}

func (s *side) shift(v cloud.VMID, to cloud.HostID) {
	demand := s.m.demandOf(v)
	if from := s.host[v]; from != cloud.Absent {
		if moved, at := s.on.remove(from, s.slot[v]); moved >= 0 {
			s.slot[moved] = at
		}
		s.charge(from, demand, 1)
		s.holes.update(s, from)
	}
	s.host[v] = to
	if to != cloud.Absent {
		s.slot[v] = s.on.add(to, v, s.m.kind[v])
		s.charge(to, demand, -1)
		s.holes.update(s, to)
	}
	if s.judge != nil {
		s.judge.Jump(v, to)
	}
	if s.there != nil {
		s.there.Jump(v, to)
	}
}

// holds tells whether a host has room for a VM of a kind within its limits.
func (s *side) holds(k int32, h cloud.HostID) bool {
	r := s.m.resources
	if r == 1 {
		return s.m.demand[k] <= s.room[h]
	}
	demand, room := s.m.demand[int(k)*r:int(k)*r+r], s.room[int(h)*r:int(h)*r+r]
	for i, d := range demand {
		if d > room[i] {
			return false
		}
	}
	return true
}

// fits tells whether every rule lets a VM move to a host now, or be suspended if h is Absent.
// It skips filters for a VM's goal, where they are known to admit it, as both ends of a path
// obey all rules.
func (s *side) fits(v cloud.VMID, h cloud.HostID) bool {
	return s.enters(v, s.m.kind[v], s.host[v], h)
}

// enters is fits for a VM whose kind and host are known.
func (s *side) enters(v cloud.VMID, kind int32, from, h cloud.HostID) bool {
	if from == h {
		return false
	}
	if h != cloud.Absent {
		if !s.holds(kind, h) || s.mate(v, h) >= 0 {
			return false
		}
		if s.m.filters != nil && (h != s.goal(v) || s.m.filters.Doors()) && !s.admits(v, from, h) {
			return false
		}
	}
	if s.judge == nil {
		return true
	}
	if !s.judge.Allows(v, h) {
		return false
	}
	if s.there == nil {
		return true
	}
	// The plan makes this move in the other direction, which a rule may judge differently,
	// unless its reverse was asked.
	s.there.Jump(v, h)
	ok := s.there.Allows(v, from)
	s.there.Jump(v, from)
	return ok
}

// twoWay leaves the rules that are not one-way; nil if there are none.
func twoWay(rules []cloud.Rule) []cloud.Rule {
	var out []cloud.Rule
	for _, rule := range rules {
		if _, ok := rule.(cloud.OneWay); !ok {
			out = append(out, rule)
		}
	}
	return out
}

// admits tells whether the filters allow a move.
func (s *side) admits(v cloud.VMID, from, to cloud.HostID) bool {
	if !s.back {
		return s.m.filters.Receives(v, to)
	}
	return s.m.filters.Admits(v, to) && (from == cloud.Absent || s.m.filters.Receives(v, from))
}

// none is no VM.
const none cloud.VMID = -1

// mate returns a VM on a host that must not share the host with v; none if there is none.
func (s *side) mate(v cloud.VMID, h cloud.HostID) cloud.VMID {
	for _, g := range s.m.apart.groupsOf(v) {
		vms := s.m.apart.groups[g]
		if list := s.on.list(h); len(list) < len(vms) {
			for i := range list {
				if u := list[i].vm; u != v && s.m.apart.member(u, g) {
					return u
				}
			}
			continue
		}
		for _, u := range vms {
			if u != v && s.host[u] == h {
				return u
			}
		}
	}
	return none
}

// lack is the room that a host lacks for a VM of a kind, in 64ths of the scarcest resource.
func (s *side) lack(k int32, h cloud.HostID) float32 {
	var most float32
	r := s.m.resources
	for i, d := range s.m.demand[int(k)*r : int(k)*r+r] {
		if room := s.room[int(h)*r+i]; d > room {
			most = max(most, float32(d-room)*s.m.part[i])
		}
	}
	return most
}

// roomShare is the room on a host, in 64ths of the scarcest resource.
func (s *side) roomShare(h cloud.HostID) float32 {
	least := float32(math.MaxFloat32)
	r := s.m.resources
	for i, room := range s.room[int(h)*r : int(h)*r+r] {
		if s.m.part[i] > 0 && room != math.MaxInt64 {
			least = min(least, float32(room)*s.m.part[i])
		}
	}
	return least
}
