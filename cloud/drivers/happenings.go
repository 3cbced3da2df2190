package drivers

import (
	"fmt"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// happening is what is going to happen: the end of a flight, the death of a host or the arrival of a foreign VM.
type happening struct {
	at, turn int64 // of those of one instant, the lowest turn comes first
	flight   *flight
	host     cloud.HostID
	like     cloud.VMID // the foreign VM is a copy of this one
}

func (h happening) before(o happening) bool { return h.at < o.at || h.at == o.at && h.turn < o.turn }

// plague draws when what goes wrong.
func (s *Simulation) plague() {
	horizon := int64(0)
	if s.set.Plan.Schedule != nil {
		horizon = s.set.Plan.Schedule.Makespan
	} else {
		for i := range s.set.Plan.Steps {
			horizon += cloud.TimeOf(s.set.Duration, &s.set.Plan.Steps[i])
		}
	}
	horizon = max(horizon, 1)
	for i, h := range s.rand.Perm(len(s.set.Instance.Hosts)) {
		if i < s.deaths {
			s.due.Push(happening{at: s.rand.Int64N(horizon), turn: int64(i), host: cloud.HostID(h), like: -1})
		}
	}
	if n := len(s.set.Instance.VMs); n > 0 {
		for i := range s.arrivals {
			s.due.Push(happening{at: s.rand.Int64N(horizon), turn: int64(s.deaths + i), host: -1, like: cloud.VMID(s.rand.IntN(n))})
		}
	}
	for range s.faults.kills {
		s.kills = append(s.kills, s.fatal.Int64N(horizon))
	}
	slices.Sort(s.kills)
	s.skip = s.fatal.IntN(6)
}

func (s *Simulation) happen(h happening) error {
	switch {
	case h.flight != nil && h.flight.fails:
		s.cancel(h.flight, Failed)
	case h.flight != nil:
		s.end(h.flight)
	case h.like >= 0:
		return s.arrive(h.like)
	default:
		return s.die(h.host)
	}
	return nil
}

// end lets a VM arrive.
func (s *Simulation) end(f *flight) {
	s.state.End(f.vm)
	delete(s.flights, f.vm)
	if f.Action == cloud.Suspend {
		s.asleep[f.vm] = true
	} else {
		delete(s.asleep, f.vm)
	}
	if f.from != cloud.Absent && s.lagMs > 0 {
		s.left = append(s.left, departure{f.vm, f.from, s.now + s.lagMs})
	}
	s.note(Ended, f.Request, "")
}

// cancel lets a VM stay where it comes from.
func (s *Simulation) cancel(f *flight, what What) {
	s.state.End(f.vm)
	s.state.Jump(f.vm, f.from)
	delete(s.flights, f.vm)
	s.note(what, f.Request, "")
}

// arrive lets a foreign VM come, if there is a host for it.
func (s *Simulation) arrive(like cloud.VMID) error {
	vm := s.in.VMs[like]
	vm.Name = fmt.Sprintf("foreign-%d", len(s.in.VMs)-len(s.set.Instance.VMs)+1)
	for {
		if _, taken := s.in.VM(vm.Name); !taken {
			break
		}
		vm.Name += "+"
	}
	in := *s.in
	in.VMs = append(slices.Clip(in.VMs), vm)
	p := append(s.state.Placement(), cloud.Absent)
	s.in = &in
	if err := s.renew(p); err != nil {
		return err
	}
	v := cloud.VMID(len(in.VMs) - 1)
	for _, h := range s.rand.Perm(len(in.Hosts)) {
		if host := cloud.HostID(h); !s.down[h] && s.state.Allows(v, host) {
			s.state.Jump(v, host)
			s.note(Arrived, Request{VM: vm.Name, To: in.Hosts[h].Name}, "")
			break
		}
	}
	return nil
}

// die takes a host away, and the VMs that stand there down.
func (s *Simulation) die(h cloud.HostID) error {
	s.down[h] = true
	s.note(Died, Request{From: s.in.Hosts[h].Name}, "")
	for v := range s.in.VMs {
		if f := s.flights[cloud.VMID(v)]; f != nil && (f.from == h || f.to == h) {
			s.cancel(f, Failed)
		}
	}
	p := s.state.Placement()
	for v := range p {
		if p[v] == h {
			p[v] = cloud.Absent
		}
	}
	return s.renew(p)
}
