package schedules

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// rerouting is a local search over paths.
type rerouting struct {
	*Run
	reroute
	most     int64        // that a path may cost
	state    *cloud.State // the start; it is left as it was found
	cur, top *route       // where the search is, and the best route
	slack    []float64    // by move of the current route: by how much the longest chain through it is shorter than the makespan, as a share of it; nil: not known yet
}

// hop is a move of a path, and when it is to start: those with lower times first.
type hop struct {
	cloud.Change
	at float64
}

func changes(hops []hop) []cloud.Change {
	out := make([]cloud.Change, len(hops))
	for i := range hops {
		out[i] = hops[i].Change
	}
	return out
}

// neighbour is a path that differs from the current one in a few places around moves on its longest chains; nil where none was found.
func (s *rerouting) neighbour() []hop {
	if s.slack == nil {
		s.slack = newDispatcher(s.cur.Problem).observed(s.cur.Table)
		span := float64(s.cur.Makespan())
		for m, tail := range s.slack {
			s.slack[m] = 1 - (float64(s.cur.Ends[m])+tail)/span
		}
	}
	hops, critical := make([]hop, len(s.cur.order)), []cloud.Change(nil)
	width := 0.1 * s.Rand.Float64() * s.Rand.Float64()
	for i, m := range s.cur.order {
		hops[i] = hop{s.cur.Moves[m].Change, float64(s.cur.Starts[m])}
		if s.slack[m] <= width && s.cur.Starts[m] > 0 {
			critical = append(critical, hops[i].Change)
		}
	}
	if len(critical) == 0 {
		return nil
	}
	many, more := 1, 0.5+0.45*s.Rand.Float64()
	for many < 20 && s.Rand.Float64() < more {
		many++
	}
	out := hops
	for tries := 4 * many; many > 0 && tries > 0; tries-- {
		c := critical[s.Rand.IntN(len(critical))]
		i := slices.IndexFunc(out, func(h hop) bool { return h.Change == c })
		if i < 0 {
			continue
		}
		if next := s.change(out, i); s.isPath(next) {
			out, many = next, many-1
		}
	}
	if slices.Equal(out, hops) {
		return nil
	}
	return out
}

// change changes a path at or before a hop. The result may be no path; it is nil where there is nothing to change.
func (s *rerouting) change(hops []hop, i int) []hop {
	switch x := s.Rand.Float64(); {
	case x < 0.2:
		return s.shortcut(hops)
	case x < 0.35 || hops[i].To == cloud.Absent:
		return s.bypass(hops, s.before(hops, i), hops[i].VM)
	case x < 0.45:
		return s.advance(hops, s.before(hops, i), i)
	}
	at := s.before(hops, i)
	s.walk(hops[:at])
	on := s.state.On(hops[i].To) // where the VM waits for room
	v := cloud.VMID(-1)
	if len(on) > 0 {
		v = on[s.Rand.IntN(len(on))]
	}
	s.undo()
	if v < 0 {
		return nil
	}
	return s.bypass(hops, at, v)
}

// before is a position at or not far before another one.
func (s *rerouting) before(hops []hop, i int) int {
	return max(0, i-s.Rand.IntN(25+len(hops)/8))
}

// shortcut takes a bypass back: of two hops of a VM it makes one, at the place of either, or none.
func (s *rerouting) shortcut(hops []hop) []hop {
	last, pairs := map[cloud.VMID]int{}, [][2]int(nil)
	for j := range hops {
		if i, ok := last[hops[j].VM]; ok {
			pairs = append(pairs, [2]int{i, j})
		}
		last[hops[j].VM] = j
	}
	if len(pairs) == 0 {
		return nil
	}
	pair := pairs[s.Rand.IntN(len(pairs))]
	i, j := pair[0], pair[1]
	out := slices.Clone(hops)
	if hops[i].From == hops[j].To {
		return slices.Delete(slices.Delete(out, j, j+1), i, i+1)
	}
	out[i].To, out[j].From = hops[j].To, hops[i].From
	if s.Rand.IntN(2) == 0 {
		i, j = j, i
	}
	return slices.Delete(out, j, j+1)
}

// advance moves a hop to an earlier position.
func (s *rerouting) advance(hops []hop, to, i int) []hop {
	if to == i {
		return nil
	}
	h := hops[i]
	h.at = hops[to].at - 0.5
	return slices.Insert(slices.Delete(slices.Clone(hops), i, i+1), to, h)
}

// bypass sends a VM to a third host at a position. It comes back later if the path has no other way for it from there.
func (s *rerouting) bypass(hops []hop, at int, v cloud.VMID) []hop {
	s.walk(hops[:at])
	defer s.undo()
	from := s.state.HostOf(v)
	next := slices.IndexFunc(hops[at:], func(h hop) bool { return h.VM == v })
	hosts, first := len(s.Instance.Hosts), s.Rand.IntN(len(s.Instance.Hosts))
	for k := range hosts {
		over := cloud.HostID((first + k) % hosts)
		if from == cloud.Absent || over == from || next >= 0 && (over == hops[at+next].To || hops[at+next].To == cloud.Absent) || !s.state.Allows(v, over) {
			continue
		}
		out := slices.Insert(slices.Clone(hops), at, hop{cloud.Change{VM: v, From: from, To: over}, hops[at].at - 0.5})
		if next >= 0 {
			out[at+1+next].From = over
			return out
		}
		back := at + 1 + s.Rand.IntN(len(out)-at)
		return slices.Insert(out, back, hop{cloud.Change{VM: v, From: over, To: from}, out[back-1].at + 0.25})
	}
	return nil
}

// isPath tells whether hops can be carried out one after the other, and suspended VMs resume on their targets. Nil is no path.
func (s *rerouting) isPath(hops []hop) bool {
	defer s.undo()
	for i := range hops {
		h := &hops[i]
		if h.From == cloud.Absent && h.To != s.Instance.Target[h.VM] {
			return false
		}
		if h.From == h.To || s.state.HostOf(h.VM) != h.From || !s.state.Allows(h.VM, h.To) {
			return false
		}
		s.state.Move(h.VM, h.To)
	}
	return hops != nil
}

// walk carries hops out, which undo takes back.
func (s *rerouting) walk(hops []hop) {
	for i := range hops {
		s.state.Move(hops[i].VM, hops[i].To)
	}
}

func (s *rerouting) undo() {
	for range len(s.state.Moves()) {
		s.state.Undo()
	}
}
