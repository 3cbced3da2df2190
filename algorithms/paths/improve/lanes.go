package improve

import (
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// Two lanes improve plans with at least leastForTwo and at most mostForTwo migrations. In smaller
// plans the changes of the lanes conflict; in larger ones the second timetable takes too much
// memory.
const (
	leastForTwo = 1 << 12
	mostForTwo  = 1 << 19
)

// perBatch is the number of neighbourhoods tried before the lanes are synchronised.
const perBatch = 64

// change is the effect of one chain on the routes of VMs.
type change struct {
	routes []rerouted
	delta  int64 // of the cost
}

// rerouted is a VM with its route before and after a change.
type rerouted struct {
	vm            cloud.VMID
	before, after route
}

// change returns the effect of the chain.
func (c *chain) change(delta int64) change {
	out := change{delta: delta}
	for n, e := range c.log {
		if !slices.ContainsFunc(c.log[:n], func(o entry) bool { return o.v == e.v }) {
			out.routes = append(out.routes, rerouted{e.v, e.by, c.t.route[e.v]})
		}
	}
	return out
}

// both has the lanes try n neighbourhoods, each lane every stride-th from its first. The lanes
// start from equal timetables, and each changes its own. Then both timetables get all changes of
// the first lane, and those of the second that still fit. The number of lanes does not depend on
// the number of cores, so neither does the result.
func (s *improver) both(n int, work func(l *improver, first, stride int)) error {
	o := s.second
	if o == nil || n < perBatch/2 {
		work(s, 0, 1)
		s.follow()
		return nil
	}
	s.follow()
	run := s.run
	if !run.Expand() {
		return nil
	}
	var tasks []paths.Subtask
	for first, l := range []*improver{s, o} {
		l.beside = true
		tasks = append(tasks, paths.Subtask{Problem: run.Problem, Options: paths.Options{Seed: run.Rand.Uint64()}, Searcher: paths.SearcherFunc(func(run *paths.Run) error {
			l.run = run
			work(l, first, 2)
			return nil
		})})
	}
	_, err := run.Parallel(tasks)
	s.run, o.run, s.beside, o.beside = run, run, false, false
	cramped := s.t.cramped || o.t.cramped
	s.t.cramped, o.t.cramped = false, false
	tried := o.changes
	o.revert()
	s.follow()
	for _, c := range tried {
		if s.repeat(c) {
			o.do(c)
		}
	}
	s.changes = s.changes[:0]
	s.tried, o.tried = s.tried+o.tried, 0
	if cramped {
		s.redraw()
	}
	return err
}

// follow repeats the changes of the first lane in the second.
func (s *improver) follow() {
	if s.second != nil {
		for _, c := range s.changes {
			s.second.do(c)
		}
		s.changes = s.changes[:0]
	}
}

// do makes a change.
func (s *improver) do(c change) {
	s.swap(c, func(r rerouted) route { return r.after })
	s.cost += c.delta
}

// revert undoes all changes, the last first.
func (s *improver) revert() {
	for _, c := range slices.Backward(s.changes) {
		s.swap(c, func(r rerouted) route { return r.before })
		s.cost -= c.delta
	}
	s.changes = nil
}

func (s *improver) swap(c change, to func(rerouted) route) {
	for _, r := range c.routes {
		s.t.takeOut(r.vm)
	}
	for _, r := range c.routes {
		s.t.putIn(r.vm, to(r))
		s.payers.update(r.vm)
	}
}

// repeat makes a change of the other lane if it still fits.
func (s *improver) repeat(c change) bool {
	for _, r := range c.routes {
		if !slices.Equal(s.t.route[r.vm], r.before) {
			return false
		}
	}
	s.chain.begin()
	for _, r := range c.routes {
		s.chain.take(r.vm)
	}
	ok := true
	for _, r := range c.routes {
		ok = ok && s.t.vacant(r.vm, r.after)
		s.t.putIn(r.vm, r.after)
	}
	for _, r := range c.routes {
		ok = ok && s.t.sound(r.vm) && s.t.law.allows(s.t, r.vm)
	}
	s.settle(ok, c.delta)
	return ok
}

// vacant tells whether the hosts of a route have no other events at the moments of the route.
func (t *timetable) vacant(v cloud.VMID, by route) bool {
	ok := true
	t.stays(v, by, func(h cloud.HostID, from, to event) {
		l := &t.line[h]
		for _, e := range [...]event{from, to} {
			n := l.period(event{at: e.at})
			ok = ok && (n == len(l.events) || l.events[n].at != e.at)
		}
	})
	return ok
}

// sound tells whether the hosts where a VM stands are never overfilled.
func (t *timetable) sound(v cloud.VMID) bool {
	ok := true
	t.stays(v, t.route[v], func(h cloud.HostID, _, _ event) {
		ok = ok && t.line[h].worst(t.law.resources) < 0
	})
	return ok
}

// redraw spaces the moments of the plan evenly again.
func (s *improver) redraw() {
	s.follow()
	plan := s.t.plan()
	s.t.draw(plan)
	if s.second != nil {
		s.second.t.draw(plan)
	}
}
