package cloud

import "slices"

// State is a placement reached during a path, with what it takes to judge the next
// migration in O(1) per resource and rule: usage per host and resource, the VMs on
// each host, and a census of groups where a rule needs it. Apply and undo are O(1)
// per resource, and per group of the VM where groups are counted. A state is not
// safe for concurrent use; clones are independent.
//
// VMs may be under way: [State.Begin] sends one off and [State.End] lets it arrive. Until it
// arrives a VM stands where it comes from, and both hosts are charged with it.
type State struct {
	inst    *Instance
	rules   []Rule
	demands []int64 // [vm*R + resource]

	seats []seat   // by VM
	used  []int64  // [host*R + resource]
	on    [][]VMID // VMs per host, in no particular but reproducible order

	underWay []Change
	arriving []int32        // by position in underWay: the VM's position in the list of its destination
	ways     map[VMID]int32 // by VM under way: its position in underWay

	everyVM  []Guard   // guards that watch all VMs
	ofVM     [][]Guard // guards that watch some VMs, by VM; nil where no rule does
	follow   []Follower
	censuses []*Census // as far as guards asked for them
	groupsOf [][]int32 // by VM; nil before the first census
	trail    []Change
}

// seat is the host of a VM and the VM's position there. Both are needed at the same time;
// in a large cloud, each would be a cache miss of its own.
type seat struct {
	host HostID
	slot int32 // position in the host's list
}

// NewState makes the state of a placement under the continuous ones of the rules.
// Whether the placement is sane is not checked. O(instance).
func NewState(in *Instance, rules []Rule, p Placement) *State {
	r := len(in.Resources)
	s := &State{
		inst:    in,
		rules:   rules,
		demands: in.Demands(),
		seats:   make([]seat, len(in.VMs)),
		used:    make([]int64, len(in.Hosts)*r),
		on:      emptyLists(len(in.Hosts), p),
	}
	for v, h := range p {
		s.seats[v].host = h
		if h != Absent {
			s.enter(VMID(v), h)
		}
	}
	for _, rule := range rules {
		if !rule.Continuous() {
			continue
		}
		g := rule.NewGuard(s)
		if f, ok := g.(Follower); ok {
			s.follow = append(s.follow, f)
		}
		watched := rule.Watches()
		if watched == nil {
			s.everyVM = append(s.everyVM, g)
			continue
		}
		if s.ofVM == nil {
			s.ofVM = make([][]Guard, len(in.VMs))
		}
		for _, v := range watched {
			s.ofVM[v] = append(s.ofVM[v], g)
		}
	}
	return s
}

// emptyLists returns one empty list per host with capacity for its VMs, all in one
// allocation. A list that grows beyond that is allocated anew.
func emptyLists(hosts int, p Placement) [][]VMID {
	count, present := make([]int32, hosts), 0
	for _, h := range p {
		if h != Absent {
			count[h]++
			present++
		}
	}
	lists, room := make([][]VMID, hosts), make([]VMID, present)
	for h, n := range count {
		lists[h], room = room[:0:n], room[n:]
	}
	return lists
}

// Clone makes an independent state of the same placement, with the same VMs under way and an
// empty trail. Its [State.On] may list VMs in another order. O(instance).
func (s *State) Clone() *State {
	out := NewState(s.inst, s.rules, s.Placement())
	for _, c := range s.underWay {
		out.Begin(c.VM, c.To)
	}
	return out
}

// Instance is the instance that the state belongs to.
func (s *State) Instance() *Instance { return s.inst }

// HostOf is where a VM stands, or Absent; while it is under way, where it comes from.
func (s *State) HostOf(v VMID) HostID { return s.seats[v].host }

// Placement is a copy of the whole placement; VMs under way stand where they come from.
func (s *State) Placement() Placement {
	p := make(Placement, len(s.seats))
	for v := range p {
		p[v] = s.seats[v].host
	}
	return p
}

// Used is the sum of demands of the VMs on a host, in the resource's unit, those that leave or
// arrive included.
func (s *State) Used(h HostID, resource int) int64 {
	return s.used[int(h)*len(s.inst.Resources)+resource]
}

// On lists the VMs on a host in a reproducible order, those that leave or arrive included.
// The slice is valid until the next change of the state.
func (s *State) On(h HostID) []VMID { return s.on[h] }

// Allows tells whether the VM may go to the host now: whether every continuous rule
// holds while both hosts are charged, and after, in whatever order it and those that are
// under way arrive. The host may be Absent. A move to where the VM already stands is not a
// migration and is refused, and so is one of a VM under way.
func (s *State) Allows(v VMID, to HostID) bool {
	from := s.seats[v].host
	if from == to || len(s.underWay) > 0 && s.way(v) >= 0 {
		return false
	}
	for _, g := range s.everyVM {
		if !g.Allows(s, v, from, to) {
			return false
		}
	}
	if s.ofVM != nil {
		for _, g := range s.ofVM[v] {
			if !g.Allows(s, v, from, to) {
				return false
			}
		}
	}
	return true
}

// Move puts the VM on the host (or nowhere) without asking whether it may, and
// remembers the move for Undo.
func (s *State) Move(v VMID, to HostID) {
	from := s.seats[v].host
	if len(s.trail) == cap(s.trail) { // doubles even a long trail, which append would grow by a quarter
		s.trail = slices.Grow(s.trail, len(s.trail)+1)
	}
	s.trail = append(s.trail, Change{VM: v, From: from, To: to})
	s.shift(v, from, to)
}

// Jump puts the VM on the host like Move, but leaves no trace for Undo: for searches
// that go from state to state and keep their own record of the way.
func (s *State) Jump(v VMID, to HostID) { s.shift(v, s.seats[v].host, to) }

// Undo puts the VM of the latest move that is not yet undone back to where it came
// from; it panics when there is none.
func (s *State) Undo() {
	last := s.trail[len(s.trail)-1]
	s.trail = s.trail[:len(s.trail)-1]
	s.shift(last.VM, s.seats[last.VM].host, last.From)
}

// Moves lists the moves that led here and were not undone, oldest first. The slice
// is valid until the next move or undo.
func (s *State) Moves() []Change { return s.trail }

// shift takes a VM that is not under way from one place to another.
func (s *State) shift(v VMID, from, to HostID) {
	if from != Absent {
		s.leave(v, from)
	}
	s.seats[v].host = to
	if to != Absent {
		s.enter(v, to)
	}
	if s.censuses != nil || s.follow != nil {
		s.tell(v, from, to)
	}
}

// tell has censuses and followers know that a VM stands elsewhere now.
func (s *State) tell(v VMID, from, to HostID) {
	for _, c := range s.censuses {
		for _, g := range s.groupsOf[v] {
			if from != Absent {
				c.leave(g, from)
			}
			if to != Absent {
				c.enter(g, to)
			}
		}
	}
	for _, f := range s.follow {
		f.Follow(v, to)
	}
}

// enter charges a host with a VM and notes the VM's position in the host's list.
func (s *State) enter(v VMID, h HostID) {
	r := len(s.inst.Resources)
	used := s.used[int(h)*r : int(h)*r+r]
	for i, d := range s.demands[int(v)*r : int(v)*r+r] {
		used[i] += d
	}
	s.seats[v].slot = int32(len(s.on[h]))
	s.on[h] = append(s.on[h], v)
}

func (s *State) leave(v VMID, h HostID) {
	r := len(s.inst.Resources)
	used := s.used[int(h)*r : int(h)*r+r]
	for i, d := range s.demands[int(v)*r : int(v)*r+r] {
		used[i] -= d
	}
	list := s.on[h]
	last := list[len(list)-1]
	slot := s.seats[v].slot
	list[slot] = last
	if len(s.underWay) > 0 && s.seats[last].host != h {
		s.arriving[s.way(last)] = slot
	} else {
		s.seats[last].slot = slot
	}
	s.on[h] = list[:len(list)-1]
}
