package cloud

import "fmt"

// UnderWay lists the VMs under way, each with the host that it comes from and the one that
// it goes to, in no particular but reproducible order. The slice is valid until the next
// [State.Begin] or [State.End].
func (s *State) UnderWay() []Change { return s.underWay }

// Begin sends a VM off to a host, without asking whether it may go: a migration; with To
// absent a suspend, and from nowhere a resume. From now on the destination is charged with it
// as well. It leaves no trace for Undo, and a VM under way must not be moved otherwise. It
// panics where the VM is under way already, or stands on the host. O(resources).
func (s *State) Begin(v VMID, to HostID) {
	from := s.seats[v].host
	if from == to || s.way(v) >= 0 {
		panic(fmt.Sprintf("cloud: VM %d cannot leave host %d for host %d: it is under way already, or stands there", v, from, to))
	}
	here := s.seats[v].slot
	if to != Absent {
		s.enter(v, to)
	}
	if s.ways == nil {
		s.ways = map[VMID]int32{}
	}
	s.ways[v] = int32(len(s.underWay))
	s.underWay = append(s.underWay, Change{VM: v, From: from, To: to})
	s.arriving = append(s.arriving, s.seats[v].slot)
	s.seats[v].slot = here
	for _, f := range s.follow {
		f.Begin(v, to)
	}
}

// End lets a VM under way arrive: its destination alone holds it now. It panics where the VM
// is not under way. O(resources), and O(1) per group of the VM where groups are counted.
func (s *State) End(v VMID) {
	i := s.way(v)
	if i < 0 {
		panic(fmt.Sprintf("cloud: VM %d is not under way", v))
	}
	c := s.underWay[i]
	if c.From != Absent {
		s.leave(v, c.From)
	}
	s.seats[v] = seat{c.To, s.arriving[i]}
	last := len(s.underWay) - 1
	s.underWay[i], s.arriving[i] = s.underWay[last], s.arriving[last]
	s.ways[s.underWay[i].VM] = int32(i)
	s.underWay, s.arriving = s.underWay[:last], s.arriving[:last]
	delete(s.ways, v)
	s.tell(v, c.From, c.To)
}

// way is a VM's position among those under way, or -1.
func (s *State) way(v VMID) int {
	if i, underWay := s.ways[v]; underWay {
		return int(i)
	}
	return -1
}
