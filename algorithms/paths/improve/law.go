package improve

import (
	"cmp"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// law is the continuous rules of a problem, sorted by how much of a plan must be looked at
// to judge a change of it: the timelines of hosts, a VM and a host, the migrations of the
// VMs that a rule watches, or all of them.
type law struct {
	p         *paths.Problem
	resources int
	limit     []int64 // [host*R + resource], MaxInt64 where nothing limits it
	filters   *cloud.Filters
	sorted    *cloud.Sorted
	watched   [][]int32 // by VM: the rules in groups that watch it; nil where there are none
	groups    []group
	bare      *cloud.State // without rules, at the start: what the guards of groups look at
	whole     *cloud.State // under the rules that look at everything, at the start; nil where there are none
}

// group is a rule that watches some VMs.
type group struct {
	guard cloud.Guard
	vms   []cloud.VMID
}

func newLaw(p *paths.Problem) *law {
	in := p.Instance
	sorted := cloud.Sort(in, p.Rules)
	w := &law{p: p, resources: len(in.Resources), limit: sorted.Limits, filters: &sorted.Filters, sorted: sorted}
	var all []cloud.Rule
	for _, rule := range sorted.Joint {
		if rule.Watches() == nil {
			all = append(all, rule)
		} else {
			w.watch(rule)
		}
	}
	if all != nil {
		w.whole = cloud.NewState(in, all, p.Start)
	}
	return w
}

// watch adds a rule that watches some VMs.
func (w *law) watch(rule cloud.Rule) {
	if w.bare == nil {
		w.bare = cloud.NewState(w.p.Instance, nil, w.p.Start)
		w.watched = make([][]int32, len(w.p.Instance.VMs))
	}
	vms := rule.Watches()
	for _, v := range vms {
		w.watched[v] = append(w.watched[v], int32(len(w.groups)))
	}
	w.groups = append(w.groups, group{rule.NewGuard(w.bare), vms})
}

// move is a migration with its moment.
type move struct {
	at moment
	cloud.Change
}

func (m move) compare(o move) int { return cmp.Or(cmp.Compare(m.at, o.at), cmp.Compare(m.VM, o.VM)) }

// allows judges a plan by the rules that watch a VM, of which it looks at those migrations
// only whose VMs the same rules watch.
func (w *law) allows(t *timetable, v cloud.VMID) bool {
	if w.sorted.Ways != nil && !w.passes(t, v) {
		return false
	}
	if w.watched == nil {
		return true
	}
	for _, g := range w.watched[v] {
		if !w.replay(w.bare, w.groups[g].guard, t.movesOf(w.groups[g].vms)) {
			return false
		}
	}
	return true
}

// passes tells whether a VM may go from host to host by its route.
func (w *law) passes(t *timetable, v cloud.VMID) bool {
	at := w.p.Start[v]
	for _, l := range t.route[v] {
		if !w.sorted.Passes(v, at, l.to) {
			return false
		}
		at = l.to
	}
	return true
}

// allowsAll judges a plan by the rules that look at everything.
func (w *law) allowsAll(t *timetable) bool {
	return w.whole == nil || w.replay(w.whole, stateGuard{}, t.all())
}

// stateGuard asks all rules of a state.
type stateGuard struct{}

func (stateGuard) Allows(s *cloud.State, v cloud.VMID, _, to cloud.HostID) bool {
	return s.Allows(v, to)
}

// replay tells whether a guard allows some migrations in a row, and leaves the state as it
// was.
func (w *law) replay(s *cloud.State, g cloud.Guard, moves []move) bool {
	slices.SortFunc(moves, move.compare)
	ok := true
	for _, m := range moves {
		if ok = g.Allows(s, m.VM, m.From, m.To); !ok {
			break
		}
		s.Jump(m.VM, m.To)
	}
	for _, m := range moves {
		s.Jump(m.VM, w.p.Start[m.VM])
	}
	return ok
}
