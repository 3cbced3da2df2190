package part

import (
	"slices"
	"sync"

	"github.com/cloudrearrange/rearrange/cloud"
)

// others are the rules that look at more than limits and at single VMs on single hosts.
// They look at the whole.
type others struct {
	always
	t       *Part
	rules   []cloud.Rule // of the whole, reversed where the path is walked backwards
	reverse bool
}

func (o *others) String() string { return "other rules of the part" }

// Violations takes O(VMs of the whole), and what the rules take: it is for judges, which
// look at parts in tests.
func (o *others) Violations(v cloud.View, change *cloud.Change) []cloud.Violation {
	lifted := change
	if change != nil {
		m := o.t.lift(*change)
		lifted = &m
	}
	view := newView(o.t, v)
	var out []cloud.Violation
	for _, rule := range o.rules {
		out = append(out, rule.Violations(view, lifted)...)
	}
	return out
}

// view is the whole with a view of the part in it.
type view struct {
	t      *Part
	part   cloud.View
	number map[cloud.VMID]cloud.VMID // by VM of the whole
	on     [][]cloud.VMID            // by host of the whole
}

func newView(t *Part, part cloud.View) *view {
	w := &view{t: t, part: part, number: map[cloud.VMID]cloud.VMID{}, on: make([][]cloud.VMID, len(t.cutter.p.Instance.Hosts))}
	for n, v := range t.vms {
		w.number[v] = cloud.VMID(n)
	}
	for v, h := range t.cutter.place {
		if _, moves := w.number[cloud.VMID(v)]; !moves && h != cloud.Absent {
			w.on[h] = append(w.on[h], cloud.VMID(v))
		}
	}
	for n, h := range t.hosts {
		for _, v := range part.On(cloud.HostID(n)) {
			w.on[h] = append(w.on[h], t.vms[v])
		}
		slices.Sort(w.on[h])
	}
	return w
}

func (w *view) On(h cloud.HostID) []cloud.VMID { return w.on[h] }

func (w *view) HostOf(v cloud.VMID) cloud.HostID {
	if n, moves := w.number[v]; moves {
		return w.t.outside(w.part.HostOf(n))
	}
	return w.t.cutter.place[v]
}

func (w *view) Destination(v cloud.VMID) (cloud.HostID, bool) {
	if n, moves := w.number[v]; moves {
		to, underWay := w.part.Destination(n)
		return w.t.outside(to), underWay
	}
	return cloud.Absent, false
}

// NewGuard implements [cloud.Rule].
func (o *others) NewGuard(s *cloud.State) cloud.Guard {
	return &othersGuard{t: o.t, m: o.t.cutter.mirror(o.rules, o.reverse), s: s}
}

// oneWayOthers are others of which some are one-way.
type oneWayOthers struct{ others }

// Reverse implements [cloud.OneWay].
func (o *oneWayOthers) Reverse() cloud.Rule {
	return &oneWayOthers{others{t: o.t, rules: cloud.Reversed(o.rules), reverse: !o.reverse}}
}

// mirror is a state of the whole that follows a state of a part. States of parts take
// turns with it: a guard that asks and does not own it first sets it to its own placement.
type mirror struct {
	mu     sync.Mutex // searches of a part may run side by side
	c      *Cutter
	state  *cloud.State // only under the other rules
	owner  *othersGuard
	strays []cloud.VMID // who may stand elsewhere than in the cutter's placement
}

func (c *Cutter) mirror(rules []cloud.Rule, reverse bool) *mirror {
	n := 0
	if reverse {
		n = 1
	}
	c.making.Lock()
	defer c.making.Unlock()
	if c.mirrors[n] == nil {
		c.mirrors[n] = &mirror{c: c, state: cloud.NewState(c.p.Instance, rules, c.place)}
	}
	return c.mirrors[n]
}

// stray notes that the cutter moved a VM.
func (m *mirror) stray(v cloud.VMID) {
	m.owner = nil
	m.strays = append(m.strays, v)
}

// lend gives the mirror to a guard. O(VMs that moved since it was lent last, and VMs of
// both parts).
func (m *mirror) lend(g *othersGuard) {
	for _, c := range slices.Clone(m.state.UnderWay()) {
		m.state.End(c.VM)
	}
	for _, v := range m.strays {
		m.jump(v, m.c.place[v])
	}
	m.strays = append(m.strays[:0], g.t.vms...)
	for n, v := range g.t.vms {
		m.jump(v, g.t.outside(g.s.HostOf(cloud.VMID(n))))
	}
	for _, c := range g.s.UnderWay() {
		m.state.Begin(g.t.vms[c.VM], g.t.outside(c.To))
	}
	m.owner = g
}

func (m *mirror) jump(v cloud.VMID, to cloud.HostID) {
	if m.state.HostOf(v) != to {
		m.state.Jump(v, to)
	}
}

type othersGuard struct {
	t *Part
	m *mirror
	s *cloud.State // of the part
}

func (g *othersGuard) Allows(_ *cloud.State, vm cloud.VMID, _, to cloud.HostID) bool {
	g.m.mu.Lock()
	defer g.m.mu.Unlock()
	if g.m.owner != g {
		g.m.lend(g)
	}
	return g.m.state.Allows(g.t.vms[vm], g.t.outside(to))
}

// Follow implements [cloud.Follower].
func (g *othersGuard) Follow(vm cloud.VMID, to cloud.HostID) {
	g.m.mu.Lock()
	defer g.m.mu.Unlock()
	switch v := g.t.vms[vm]; {
	case g.m.owner != g:
	case slices.ContainsFunc(g.m.state.UnderWay(), func(c cloud.Change) bool { return c.VM == v }):
		g.m.state.End(v)
	default:
		g.m.jump(v, g.t.outside(to))
	}
}

// Begin implements [cloud.Follower].
func (g *othersGuard) Begin(vm cloud.VMID, to cloud.HostID) {
	g.m.mu.Lock()
	defer g.m.mu.Unlock()
	if g.m.owner == g {
		g.m.state.Begin(g.t.vms[vm], g.t.outside(to))
	}
}
