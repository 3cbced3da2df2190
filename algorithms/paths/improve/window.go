package improve

import (
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// How large a window may be, so that it can be searched exactly.
const (
	mostMovers = 24 // VMs that move in it by the plan
	mostVMs    = 28 // with those that stand still and may step aside
	mostPlaces = 32 // hosts
)

// window is an interval of time and some hosts. What the plan does there is replaced by
// what exact search finds, from the same placement to the same placement; before and after
// it, and on all other hosts, the plan stays as it is.
//
// Migrations that belong together lie apart in the plan of a large cloud, with hundreds of
// others in between. So a window is opened by moving migrations to one moment, earlier or
// later, where the room that is left between lets them: those of a VM that pays too much,
// and those that have to be moved with them.
type window struct {
	lo, hi  moment // nothing else happens on its hosts after the one and before the other
	members []member
	hosts   []cloud.HostID // those first that the plan visits
	visited int            // that many
	rooms   []int64        // [host*R + resource], when it begins
	moves   []cloud.Change // what the plan does there
	cost    int64          // of that

	searched bool
	better   []cloud.Change // what costs less, where search found that; else nil
}

// member is a VM that may move in a window.
type member struct {
	vm          cloud.VMID
	by          route // all of it, when the window was opened
	first, last int   // the legs in the window; the second is behind them
	start, goal cloud.HostID
}

// open opens a window for a VM just after some moment; nil where that would have to be too
// large, or a rule forbids it. The timetable is left as it is.
func (s *improver) open(v cloud.VMID, at moment) *window {
	c := &s.chain
	c.begin()
	defer c.undo(0)
	w := &window{lo: at}
	ok := s.include(w, v, 0) && s.include(w, v, len(s.t.route[v])-1)
	for more := true; ok && more && !s.t.cramped; {
		c.undo(0)
		s.squeeze(w)
		ok, more = s.extend(w)
	}
	if !ok || s.t.cramped {
		return nil
	}
	for _, m := range w.members {
		if !s.t.law.allows(s.t, m.vm) {
			return nil
		}
	}
	if !s.t.law.allowsAll(s.t) {
		return nil
	}
	s.inviteBystanders(w)
	w.visited = len(w.hosts)
	for _, h := range w.hosts {
		w.rooms = append(w.rooms, s.t.roomAt(h, w.lo)...)
	}
	return w
}

// roomAt is the room on a host just after a moment.
func (t *timetable) roomAt(h cloud.HostID, now moment) []int64 {
	l, r := &t.line[h], t.law.resources
	n := l.period(event{at: now + 1})
	return l.room[n*r : (n+1)*r]
}

// include has a window hold a leg of a VM, and those between it and the window's moment;
// false where the window would have too many members or hosts.
func (s *improver) include(w *window, v cloud.VMID, leg int) bool {
	n := slices.IndexFunc(w.members, func(m member) bool { return m.vm == v })
	if n < 0 {
		if len(w.members) == mostMovers {
			return false
		}
		n = len(w.members)
		w.members = append(w.members, s.member(v, w.lo))
	}
	m := &w.members[n]
	m.first, m.last = min(m.first, leg), max(m.last, leg+1)
	for m.first > 0 && m.by[m.first-1].to == cloud.Absent { // it is not suspended when it begins,
		m.first--
	}
	for m.by[m.last-1].to == cloud.Absent { // nor when it ends
		m.last++
	}
	m.start, m.goal = s.t.before(v, m.first), m.by[m.last-1].to
	w.visit(m.start)
	for _, l := range m.by[m.first:m.last] {
		w.visit(l.to)
	}
	return len(w.hosts) <= mostPlaces
}

// member is a VM that stands still at a moment.
func (s *improver) member(v cloud.VMID, at moment) member {
	by := slices.Clone(s.t.route[v])
	n := 0
	for n < len(by) && by[n].at <= at {
		n++
	}
	h := s.t.before(v, n)
	return member{vm: v, by: by, first: n, last: n, start: h, goal: h}
}

// before is where a VM stands before it takes a leg of its route.
func (t *timetable) before(v cloud.VMID, leg int) cloud.HostID {
	if leg == 0 {
		return t.p.Start[v]
	}
	return t.route[v][leg-1].to
}

// visit adds a host, unless it is of the window.
func (w *window) visit(h cloud.HostID) {
	if h != cloud.Absent && !slices.Contains(w.hosts, h) {
		w.hosts = append(w.hosts, h)
	}
}

// squeeze moves the migrations of a window to its moment, in the order that they have.
func (s *improver) squeeze(w *window) {
	w.hi, w.moves = dusk, w.moves[:0]
	var legs []move
	for _, m := range w.members {
		at := m.start
		for _, l := range m.by[m.first:m.last] {
			legs = append(legs, move{l.at, cloud.Change{VM: m.vm, From: at, To: l.to}})
			at = l.to
		}
		if m.last < len(m.by) {
			w.hi = min(w.hi, m.by[m.last].at)
		}
		s.chain.take(m.vm)
	}
	slices.SortFunc(legs, move.compare)
	for _, l := range legs {
		w.moves = append(w.moves, l.Change)
	}
	for _, h := range w.hosts {
		w.hi = min(w.hi, s.t.line[h].after(w.lo))
	}
	w.cost = paths.PathCost(s.t.p.Cost, w.moves)
	s.carryOut(w, w.moves)
}

// carryOut puts the members of a window, which were taken out, in again, with other
// migrations in the window.
func (s *improver) carryOut(w *window, moves []cloud.Change) {
	step := min((w.hi-w.lo)/moment(len(moves)+1), s.t.stride/moment(4*len(moves)+4))
	s.t.cramped = s.t.cramped || step == 0
	for _, m := range w.members {
		by := slices.Clone(m.by[:m.first])
		for n, x := range moves {
			if x.VM == m.vm {
				by = append(by, leg{w.lo + moment(n+1)*step, x.To})
			}
		}
		s.t.putIn(m.vm, append(by, m.by[m.last:]...))
	}
}

// extend looks for a host of a window with too little room now, and has the window hold a
// migration that takes part in that. More tells that there was one.
func (s *improver) extend(w *window) (ok, more bool) {
	for _, h := range w.hosts {
		l := &s.t.line[h]
		if l.worst(s.t.law.resources) < 0 {
			continue
		}
		n := s.culprit(w, h)
		if n < 0 {
			return false, false
		}
		return s.include(w, l.events[n].vm, s.t.legOf(l.events[n])), true
	}
	return true, false
}

// culprit is an event outside a window on a host of it that lacks room, or -1: before it
// the arrival since which room is lacking, because somebody leaves later now; after it the
// departure until which room is lacking, because somebody arrives earlier; and where it is
// lacking in the window only, the nearest of either kind.
func (s *improver) culprit(w *window, h cloud.HostID) int {
	l, r := &s.t.line[h], s.t.law.resources
	limited := l.limited()
	sound := func(n int) bool { return n < limited || missing(l.room[n*r:(n+1)*r]) == 0 }
	begin, end := l.period(event{at: w.lo + 1}), l.period(event{at: w.hi})
	for n := range begin {
		if !sound(n + 1) {
			return n
		}
	}
	for n := len(l.events) - 1; n >= end; n-- {
		if !sound(n) {
			return n
		}
	}
	for n := end; n < len(l.events); n++ {
		if s.t.departs(l.events[n], h) {
			return n
		}
	}
	for n := begin - 1; n >= 0; n-- {
		if !s.t.departs(l.events[n], h) {
			return n
		}
	}
	return -1
}

// departs tells whether an event on a host is a departure.
func (t *timetable) departs(e event, h cloud.HostID) bool { return t.before(e.vm, t.legOf(e)) == h }

// legOf is the leg of a VM's route that an event is of.
func (t *timetable) legOf(e event) int {
	return slices.IndexFunc(t.route[e.vm], func(l leg) bool { return l.at == e.at })
}
