package greedy

import (
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// walk is a state on its way to a goal, with the bookkeeping that every decision
// here rests on: who is misplaced, who waits for which host, what is left to do.
// Move and undo are O(resources) beyond what the state itself takes.
type walk struct {
	run  *paths.Run
	s    *cloud.State
	cost cloud.CostFunction
	goal cloud.Placement
	// mirrored: the walk leads backwards from the end of the path, so that its
	// moves will be carried out from the last to the first, each the other way.
	mirrored bool

	*sizes
	waiting   [][]cloud.VMID // by place: the misplaced VMs that go there next, large ones first
	rooms     *rooms
	misplaced int
	left      int64 // sum over misplaced VMs of size times direct moves to go: the measure of progress
	leftCost  int64 // cost of those moves
	hash      uint64

	guards  []cloud.Guard // of the rules in sizes.watchers, bound to s
	unbound []cloud.Guard // of the other rules that neither limit nor filter

	queue  []cloud.HostID // hosts that gained room, oldest first
	queued []bool         // by place
	comers []comer        // scratch of choose

	considered int64 // candidate migrations since the run was last told
	untilLook  int
	stopped    bool
}

// lookEvery is how many candidate migrations pass between two looks at the clock:
// about a millisecond.
const lookEvery = 4096

func newWalk(run *paths.Run, z *sizes, from, goal cloud.Placement, mirrored bool) *walk {
	p := run.Problem
	rules := p.Rules
	if mirrored {
		rules = backwards(rules, z.arrivals || z.ways != nil)
	}
	w := &walk{
		run: run, s: cloud.NewState(p.Instance, rules, from), cost: p.Cost, goal: goal,
		mirrored: mirrored, sizes: z,
		waiting:   make([][]cloud.VMID, len(p.Instance.Hosts)+1),
		queued:    make([]bool, len(p.Instance.Hosts)+1),
		untilLook: lookEvery,
	}
	for _, rule := range z.grouped {
		w.guards = append(w.guards, rule.NewGuard(w.s))
	}
	for _, rule := range z.global {
		w.unbound = append(w.unbound, rule.NewGuard(w.s))
	}
	w.rooms = newRooms(len(p.Instance.Hosts), z.resources, w.free)
	for v, h := range from {
		if h != goal[v] {
			w.await(cloud.VMID(v), h)
		}
		w.hash ^= key(cloud.VMID(v), h)
	}
	return w
}

// backwards are the rules of a walk that leads backwards. Limits that mend are whole: the goal
// keeps them. One-way rules are left out if walk.can asks them itself, as the state would ask for the
// wrong end.
func backwards(rules []cloud.Rule, asked bool) []cloud.Rule {
	var out []cloud.Rule
	for _, r := range rules {
		m, mends := r.(cloud.Mending)
		_, limits := r.(cloud.ArrivalLimiter)
		_, oneWay := r.(cloud.OneWay)
		switch {
		case mends && limits:
			out = append(out, m.Whole())
		case !oneWay || !asked:
			out = append(out, r)
		}
	}
	return out
}

// can tells whether the VM may go to the host now. Backwards that means: whether
// the plan may bring it from there. Capacity is the same both ways; a rule that
// looks at who serves whom during a migration need not be.
func (w *walk) can(v cloud.VMID, to cloud.HostID) bool {
	from := w.s.HostOf(v)
	if (from == cloud.Absent || to == cloud.Absent) && !w.passes(v, from, to) {
		return false
	}
	w.considered++
	if w.untilLook--; w.untilLook <= 0 {
		w.look()
	}
	if w.arrivals && !w.enters(v, from, to) || !w.s.Allows(v, to) {
		return false
	}
	// Of these rules the state knows that a VM may go somewhere, not whether it gets on from there.
	if w.ways != nil && (!w.admits(v, to) || w.mirrored && !w.ways.Passes(v, to, from)) {
		return false
	}
	if !w.mirrored || !w.lopsided {
		return true
	}
	w.s.Move(v, to)
	ok := w.s.Allows(v, from)
	w.s.Undo()
	return ok
}

// enters tells what one-way rules say of a move. Of a walk that leads forward the state
// knows it already, but not that a VM must not leave its goal if it could not return.
func (w *walk) enters(v cloud.VMID, from, to cloud.HostID) bool {
	if w.mirrored {
		return w.admits(v, to) && w.receives(v, from)
	}
	return from != w.goal[v] || w.receives(v, from)
}

// look tells the run what was considered and asks whether to go on.
func (w *walk) look() bool {
	w.untilLook = lookEvery
	w.run.Generated(w.considered)
	w.considered = 0
	if !w.run.Look() {
		w.stopped = true
	}
	return !w.stopped
}

// decide counts one decision and tells whether the search may go on.
func (w *walk) decide() bool {
	if !w.stopped && !w.run.Expand() {
		w.stopped = true
	}
	return !w.stopped
}

// price is what the plan pays for this move of the walk.
func (w *walk) price(v cloud.VMID, from, to cloud.HostID) int64 {
	return cloud.CostOf(w.cost, w.planned(cloud.Change{VM: v, From: from, To: to}))
}

// place numbers hosts for lists that have an entry for Absent too.
func place(h cloud.HostID) int { return int(h) + 1 }

// host is the one of a place.
func host(place int) cloud.HostID { return cloud.HostID(place - 1) }

// awaiting lists the misplaced VMs that go to the host next.
func (w *walk) awaiting(h cloud.HostID) []cloud.VMID { return w.waiting[place(h)] }

// hosts is how many there are; they are numbered from 0.
func (w *walk) hosts() cloud.HostID { return cloud.HostID(len(w.waiting) - 1) }

func (w *walk) await(v cloud.VMID, at cloud.HostID) {
	next, steps, cost := w.way(v, at)
	t := place(next)
	i, _ := slices.BinarySearchFunc(w.waiting[t], v, w.largeFirst)
	w.waiting[t] = slices.Insert(w.waiting[t], i, v)
	if next != cloud.Absent {
		w.rooms.mark(next, true)
	}
	w.misplaced++
	w.left += w.size[v] * steps
	w.leftCost += cost
}

func (w *walk) settle(v cloud.VMID, at cloud.HostID) {
	next, steps, cost := w.way(v, at)
	t := place(next)
	i, _ := slices.BinarySearchFunc(w.waiting[t], v, w.largeFirst)
	w.waiting[t] = slices.Delete(w.waiting[t], i, i+1)
	if next != cloud.Absent && len(w.waiting[t]) == 0 {
		w.rooms.mark(next, false)
	}
	w.misplaced--
	w.left -= w.size[v] * steps
	w.leftCost -= cost
}

func (w *walk) move(v cloud.VMID, to cloud.HostID) {
	from := w.s.HostOf(v)
	w.s.Move(v, to)
	w.moved(v, from, to)
}

func (w *walk) moved(v cloud.VMID, from, to cloud.HostID) {
	if from != w.goal[v] {
		w.settle(v, from)
	}
	if to != w.goal[v] {
		w.await(v, to)
	}
	w.hash ^= key(v, from) ^ key(v, to)
	for r := range w.resources {
		if from != cloud.Absent {
			w.rooms.update(from, r, w.free(from, r))
		}
		if to != cloud.Absent {
			w.rooms.update(to, r, w.free(to, r))
		}
	}
}

// mark is the length of the trail, for undoTo.
func (w *walk) mark() int { return len(w.s.Moves()) }

func (w *walk) undoTo(mark int) {
	for n := w.mark(); n > mark; n-- {
		c := w.s.Moves()[n-1]
		w.s.Undo()
		w.moved(c.VM, c.To, c.From)
	}
}

// spent is the cost of the moves since a mark.
func (w *walk) spent(mark int) int64 {
	var sum int64
	for _, c := range w.s.Moves()[mark:] {
		sum += w.price(c.VM, c.From, c.To)
	}
	return sum
}

// settled tells whether the VM stands where it shall stand in the end.
func (w *walk) settled(v cloud.VMID) bool { return w.s.HostOf(v) == w.goal[v] }

// key is the share of "the VM stands on the host" in the hash of a placement
// (splitmix64, Steele et al. 2014, doi 10.1145/2660193.2660195).
func key(v cloud.VMID, h cloud.HostID) uint64 {
	z := uint64(uint32(v))<<32 | uint64(uint32(h))
	z += 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// free is the room on a host, as far as rules that bound sums of demands tell. There
// is always room to be suspended.
func (w *walk) free(h cloud.HostID, r int) int64 {
	if h == cloud.Absent {
		return math.MaxInt64
	}
	return w.limit[int(h)*w.resources+r] - w.s.Used(h, r)
}

// fits tells whether the host has room for the VM: cheaper than to ask every rule.
func (w *walk) fits(v cloud.VMID, h cloud.HostID) bool {
	for r, d := range w.s.Instance().VMs[v].Demand {
		if d > w.free(h, r) {
			return false
		}
	}
	return true
}

// lack is how much room the host lacks for the VM, over all resources, in units.
func (w *walk) lack(v cloud.VMID, h cloud.HostID) int64 {
	var sum int64
	for r, d := range w.s.Instance().VMs[v].Demand {
		if x := d - w.free(h, r); x > 0 {
			sum = paths.Plus(sum, x/w.unit[r]+1)
		}
	}
	return sum
}

// spare is the room that the host would have left beside the VM, in units.
func (w *walk) spare(v cloud.VMID, h cloud.HostID) int64 {
	var sum int64
	for r, d := range w.s.Instance().VMs[v].Demand {
		if w.limit[int(h)*w.resources+r] != math.MaxInt64 {
			sum = paths.Plus(sum, max(0, w.free(h, r)-d)/w.unit[r])
		}
	}
	return sum
}
