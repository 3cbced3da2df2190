package greedy

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// remedy is one way out of a deadlock: a chain of displacements, and where the
// direct migrations that it sets free would lead.
type remedy struct {
	moves []cloud.Change
	left  int64 // what is misplaced afterwards, in size
	extra int64 // cost beyond that of direct migrations
	hash  uint64
}

// solver breaks deadlocks until the goal is reached or nothing helps.
//
// It ends: let best be the least walk.left so far, stalls the number of remedies since
// it was reached that brought no progress, and here walk.left in the current deadlock.
// What is done about a deadlock lowers here, or raises stalls, which patience bounds,
// or lowers best, which sets stalls to 0; so the triple (best, patience - stalls, here)
// of non-negative integers falls lexicographically. Between two deadlocks only direct
// moves happen, each of which lowers walk.left; what is suspended ahead of need is so
// before the first of them. A suspend is a displacement like any other here: it does
// not count as a direct move, save where the goal of the walk is to have suspended the
// VM. All searches for a remedy are bounded: chains by nodes, comparisons by the number
// of blocked VMs, the local search by its expansions.
type solver struct {
	*walk
	params
	eager    bool            // begin with the suspends that pay in any case
	visited  map[uint64]bool // deadlocks that were met
	best     int64
	bestMark int
	stalls   int
	hopeless bool  // every placement that can be reached was met
	here     int64 // walk.left in the current deadlock
	hereCost int64 // walk.leftCost there
	until    int64 // walk.left at which it is the turn of the other end; 0 for none
	pool     int   // hosts that chains may still try to clear for the current deadlock
}

// efforts are the levels of effort, cheap first: one bypass; several from the host,
// or one for which another host is cleared; long chains.
var efforts = []effort{
	{evictions: 1, depth: 0, fan: 16, nodes: 20},
	{evictions: 8, depth: 1, fan: 6, nodes: 40},
	{evictions: 32, depth: 5, fan: 4, nodes: 200},
}

const (
	// many is how many VMs are misplaced where remedies are not weighed one by one.
	many = 200
	// shortLocal is by what a short local search is shorter than a long one.
	shortLocal = 10
	// tentative bounds the direct migrations by which a remedy is judged.
	tentative = 200
	// pool bounds the hosts that all chains of one deadlock try to clear, at each
	// level of effort; poolStalled does while there is no progress, when the
	// deadlocks resemble each other.
	pool        = 8000
	poolStalled = 1000
)

// advance walks as near to the goal as it can and tells whether it arrived. When it
// did not, the walk stands at the nearest placement that it found.
func (d *solver) advance() bool {
	if d.eager {
		d.rest()
	}
	for h := range d.hosts() {
		d.wake(h)
	}
	d.best = d.left + 1
	for {
		d.direct(len(d.goal))
		d.sweep()
		if d.left < d.best {
			d.best, d.bestMark, d.stalls = d.left, d.mark(), 0
		}
		if d.misplaced == 0 {
			return true
		}
		if !d.goesOn() {
			break
		}
		if d.misplaced > many && d.relieve() {
			continue
		}
		d.visited[d.hash] = true
		if !d.breakDeadlock() {
			break
		}
	}
	d.undoTo(d.bestMark)
	return false
}

// goesOn tells whether there is more to do in this walk.
func (d *solver) goesOn() bool { return !d.stopped && d.left > d.until }

// breakDeadlock takes the best remedy that it finds: the cheapest that brings
// progress at the least effort at which there is one, then what a short local search
// finds, then the least harmful, and when patience is at its end what a long local
// search finds from the best placement there was.
func (d *solver) breakDeadlock() bool {
	d.here, d.hereCost = d.left, d.leftCost
	blocked := d.blocked()
	found, fallback := remedy{left: -1}, remedy{left: -1}
	for level, e := range efforts {
		d.tryEffort(e, blocked, &found, &fallback)
		if d.stopped {
			return false
		}
		// Suspending is little effort and may cost much: chains of displacements
		// get the chance to be cheaper.
		if found.left >= 0 && (level > 0 || !suspends(found.moves)) {
			d.take(found.moves)
			return true
		}
	}
	if d.stalls == 0 && d.escape(d.local/shortLocal) {
		return true
	}
	if d.stopped || d.hopeless {
		return false
	}
	if fallback.left >= 0 && d.stalls < d.patience {
		d.stalls++
		d.take(fallback.moves)
		return true
	}
	d.undoTo(d.bestMark)
	d.here, d.hereCost = d.left, d.leftCost
	return d.escape(d.local)
}

// tryEffort weighs remedies for a window of blocked VMs after the other, until there is
// one that brings progress. The cheapest such remedy is found, unless the one found
// before is cheaper; fallback is the least harmful of the others.
func (d *solver) tryEffort(e effort, blocked []cloud.VMID, found, fallback *remedy) {
	d.pool = pool
	if d.stalls > 0 {
		d.pool = poolStalled
	}
	for i, v := range blocked {
		d.remedies(v, e, func(r remedy) {
			switch {
			case r.left < d.here:
				if found.left < 0 || r.extra < found.extra || (r.extra == found.extra && r.left < found.left) {
					*found = r.keep()
				}
			case d.visited[r.hash]:
			case fallback.left < 0 || r.left < fallback.left || (r.left == fallback.left && r.extra < fallback.extra):
				*fallback = r.keep()
			}
		})
		if d.stopped || (e.depth > 0 && d.pool <= 0) || (found.left >= 0 && (i+1)%d.window == 0) {
			return
		}
	}
}

func (r remedy) keep() remedy {
	r.moves = slices.Clone(r.moves)
	return r
}

// blocked lists the misplaced VMs, large ones first.
func (d *solver) blocked() []cloud.VMID {
	var out []cloud.VMID
	for _, vs := range d.waiting {
		out = append(out, vs...)
	}
	slices.SortFunc(out, d.largeFirst)
	return out
}

// take carries out moves for good and wakes whom they help.
func (d *solver) take(moves []cloud.Change) {
	mark := d.mark()
	for _, m := range moves {
		d.move(m.VM, m.To)
	}
	d.wakeSources(mark)
}

// remedies tries the ways to help one blocked VM and weighs each that works.
func (d *solver) remedies(v cloud.VMID, e effort, weigh func(remedy)) {
	c := &chain{w: d.walk, base: d.mark(), nodes: e.nodes, pool: &d.pool}
	t := d.next(v, d.s.HostOf(v))
	if rule := d.objection(v, t); rule >= 0 {
		d.appeasements(c, v, t, rule, e, weigh)
		d.asides(c, v, e, weigh)
		return
	}
	c.entering = append(c.entering, v)
	var buf [3]cloud.HostID
	for i, u := range c.evictees(v, t) {
		if i == e.fan || d.stopped {
			break
		}
		c.clearing = append(c.clearing[:0], t)
		havens := c.havens(u, buf[:0:2])
		for _, h := range havens {
			d.move(u, h)
			d.letIn(c, v, t, e, weigh)
		}
		if d.restful(u) && d.can(u, cloud.Absent) {
			d.move(u, cloud.Absent)
			d.letIn(c, v, t, e, weigh)
		}
		if len(havens) > 0 || e.depth == 0 {
			continue
		}
		for _, h := range c.nearest(u, make([]cloud.HostID, branch)) {
			c.nodes = e.nodes
			if c.admit(u, h, inner, e.depth-1) {
				d.letIn(c, v, t, e, weigh)
				break
			}
		}
	}
	c.clearing = c.clearing[:0]
	d.asides(c, v, e, weigh)
}

// appeasements tries the displacements that would content a rule which keeps v off
// its host.
func (d *solver) appeasements(c *chain, v cloud.VMID, t cloud.HostID, rule int, e effort, weigh func(remedy)) {
	for i, m := range c.concessions(v, t, rule) {
		if i == e.fan || d.stopped {
			break
		}
		c.entering = append(c.entering[:0], v)
		c.nodes = e.nodes
		if e.depth == 0 && !d.can(m.vm, m.to) {
			continue
		}
		if c.admit(m.vm, m.to, inner, e.depth) {
			d.letIn(c, v, t, e, weigh)
		}
	}
	c.entering = c.entering[:0]
}

// letIn lets v in after the first eviction, weighs the result and takes it back.
func (d *solver) letIn(c *chain, v cloud.VMID, t cloud.HostID, e effort, weigh func(remedy)) {
	c.entering = c.entering[:0]
	c.nodes = e.nodes
	if c.admit(v, t, e.evictions-1, e.depth) {
		d.weigh(c.base, weigh)
	}
	d.undoTo(c.base)
	c.entering = append(c.entering[:0], v)
}

// asides tries to move the blocked VM itself out of the way of those who wait for
// its host.
func (d *solver) asides(c *chain, v cloud.VMID, e effort, weigh func(remedy)) {
	at := d.s.HostOf(v)
	if at == cloud.Absent || len(d.awaiting(at)) == 0 && !d.lopsided {
		return
	}
	var buf [3]cloud.HostID
	havens := c.havens(v, buf[:0])
	for _, h := range havens {
		d.move(v, h)
		d.weigh(c.base, weigh)
		d.undoTo(c.base)
	}
	if d.restful(v) && d.can(v, cloud.Absent) {
		d.move(v, cloud.Absent)
		d.weigh(c.base, weigh)
		d.undoTo(c.base)
	}
	if len(havens) > 0 || e.depth == 0 {
		return
	}
	c.entering = c.entering[:0]
	for _, h := range c.nearest(v, make([]cloud.HostID, branch)) {
		c.nodes = e.nodes
		c.clearing = append(c.clearing[:0], at)
		if c.admit(v, h, e.evictions, e.depth-1) {
			d.weigh(c.base, weigh)
			d.undoTo(c.base)
		}
	}
	c.clearing = c.clearing[:0]
}

// weigh follows the direct migrations that the moves since base set free, reports
// where that leads, and leaves the walk there.
func (d *solver) weigh(base int, report func(remedy)) {
	n := d.mark()
	d.wakeSources(base)
	d.direct(tentative)
	if d.stopped {
		return
	}
	report(remedy{
		moves: d.s.Moves()[base:n],
		left:  d.left,
		extra: d.spent(base) + d.leftCost - d.hereCost,
		hash:  d.hash,
	})
}
