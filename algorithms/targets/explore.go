package targets

import (
	"cmp"
	"encoding/binary"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/targets/packing"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/internal/heaps"
)

const (
	// mostMet is how many placements an explorer remembers, and mostSeats how many VMs they have together.
	mostMet   = 1 << 15
	mostSeats = 1 << 22
	// mostNext is how many placements are remembered that one step leads to from another one.
	mostNext = 1 << 8
	// leastMoves is how many moves are looked at in any case, with little time left.
	leastMoves = 1 << 20
	// mostBest is how many equally good targets are remembered.
	mostBest = 1 << 6
)

// explorer walks from the placement as it is by steps that are sane, on from the placement with the best objective first, and
// remembers the best targets that it meets. A nearly full cloud allows few steps, so that it often meets every placement
// that a path leads to.
//
// It is greedy best-first search (Doran and Michie 1966, doi 10.1098/rspa.1966.0205), with the objective in place of an estimate
// of the distance to a goal.
type explorer struct {
	*search
	given packing.Problem // with its terms, as it was at first
	away  []bool          // by host: nothing stands there in a target
	state *cloud.State
	meter cloud.Meter // nil where only the cost counts
	met   []meeting
	known map[string]int32 // placement, packed, twins in the order of their hosts -> number
	twins [][]cloud.VMID
	open  heaps.Heap[int32] // numbers of placements to go on from

	best []int32 // targets of equal objective, by number
	cut  bool    // some placements that steps lead to were left out
}

// meeting is a placement that was met.
type meeting struct {
	seats  string // packed
	from   int32  // number of the placement before; -1 at the start
	step   cloud.Change
	misfit int // VMs that stand where they do not stand in any target
	score  cloud.Score
	cost   int64 // of the way there
}

func newExplorer(s *search, given packing.Problem) *explorer {
	e := &explorer{search: s, given: given, away: make([]bool, len(s.hosts)), known: map[string]int32{}}
	e.state = cloud.NewState(s.Instance, s.Rules, s.Instance.Initial)
	e.open.Before, e.twins = e.better, s.twins()
	for _, h := range s.job.clear {
		e.away[h] = true
	}
	start := meeting{from: -1}
	if !s.job.cheap {
		e.meter = cloud.Measure(s.objective, e.state)
		start.score = e.meter.Value()
	}
	for v, home := range s.Instance.Initial {
		start.seats += packed(home)
		if e.movable(cloud.VMID(v)) {
			start.misfit += e.misfit(home)
		}
	}
	e.meet(start)
	return e
}

func packed(h cloud.HostID) string {
	return string(binary.LittleEndian.AppendUint32(nil, uint32(h)))
}

// seat is where a VM stands in a placement that was met.
func (m *meeting) seat(v cloud.VMID) cloud.HostID {
	return cloud.HostID(int32(binary.LittleEndian.Uint32([]byte(m.seats[4*v : 4*v+4]))))
}

// movable tells whether a VM may move: one that moves in no target does not move at all.
func (e *explorer) movable(v cloud.VMID) bool {
	return e.Instance.Initial[v] != cloud.Absent && (e.given.Stay == nil || !e.given.Stay[v])
}

func (e *explorer) misfit(h cloud.HostID) int {
	if h == cloud.Absent || e.away[h] {
		return 1
	}
	return 0
}

// better says which of two placements to go on from first.
func (e *explorer) better(i, j int32) bool {
	return order(&e.met[i], &e.met[j]) < 0
}

func order(a, b *meeting) int {
	return cmp.Or(cmp.Compare(a.misfit, b.misfit), a.score.Compare(b.score), cmp.Compare(a.cost, b.cost))
}

// meet remembers a placement, and tells its number.
func (e *explorer) meet(m meeting) int32 {
	key := e.key(&m)
	if n, known := e.known[key]; known {
		return n
	}
	n := int32(len(e.met))
	e.known[key] = n
	e.met = append(e.met, m)
	e.open.Push(n)
	e.rate(n)
	return n
}

// rate puts a placement among the best targets if that is where it belongs.
func (e *explorer) rate(n int32) {
	m := &e.met[n]
	first := -1
	if len(e.best) > 0 {
		first = m.score.Compare(e.met[e.best[0]].score)
	}
	if m.misfit > 0 || first > 0 || first == 0 && len(e.best) == mostBest || !e.permits(e.placement(n)) {
		return
	}
	if first < 0 {
		e.best = e.best[:0]
	}
	e.best = append(e.best, n)
}

// permits tells whether rules and terms permit a placement as a target, in which nothing stands on hosts to be empty.
func (e *explorer) permits(p cloud.Placement) bool {
	if !e.t.any && !e.broken() && !slices.ContainsFunc(e.Rules, func(r cloud.Rule) bool { return !r.Continuous() }) {
		return true
	}
	x := e.atHome(&e.given, 1)
	x.Place(p)
	if !x.Repair(func() bool { return false }) || !x.Placement().Equal(p) || !e.keeps(p) {
		return false
	}
	return e.allowed(x, e.worth(x))
}

func (e *explorer) placement(n int32) cloud.Placement {
	p := make(cloud.Placement, len(e.Instance.VMs))
	for v := range p {
		p[v] = e.met[n].seat(cloud.VMID(v))
	}
	return p
}

// targets lists the best targets that were met, with the way there; those first that are close.
func (e *explorer) targets() []candidate {
	var out []candidate
	for _, n := range e.best {
		c := e.weigh(Choice{Target: e.placement(n), Path: []cloud.Change{}})
		c.path = e.met[n].cost
		for ; e.met[n].from >= 0; n = e.met[n].from {
			c.Path = append(c.Path, e.met[n].step)
		}
		slices.Reverse(c.Path)
		out = append(out, c)
	}
	slices.SortStableFunc(out, func(a, b candidate) int { return cmp.Compare(a.straight, b.straight) })
	return out
}

// goTo has the state be a placement that was met.
func (e *explorer) goTo(n int32) {
	for v := range e.Instance.VMs {
		if h := e.met[n].seat(cloud.VMID(v)); e.state.HostOf(cloud.VMID(v)) != h {
			e.state.Jump(cloud.VMID(v), h)
		}
	}
}

// explore meets up to a number of further placements, unless goOn says no. Exhausted tells that there are no others.
func (e *explorer) explore(more int, goOn func() bool) (exhausted bool) {
	most := min(mostMet, mostSeats/len(e.Instance.VMs), len(e.met)+more)
	for moves := 0; len(e.open.Items) > 0 && len(e.met) < most && (moves < leastMoves || goOn()); moves += len(e.Instance.VMs) * len(e.hosts) {
		e.expand(e.open.Pop())
	}
	return len(e.open.Items) == 0 && !e.cut
}

// expand meets the placements to which one step leads from another one, the best of them where they are many.
func (e *explorer) expand(n int32) {
	e.goTo(n)
	var next []meeting
	for v := range e.Instance.VMs {
		v := cloud.VMID(v)
		if !e.movable(v) {
			continue
		}
		for h := range e.Instance.Hosts {
			if m, ok := e.step(n, v, cloud.HostID(h)); ok {
				next = append(next, m)
			}
		}
		if e.Instance.VMs[v].Interruptible {
			if m, ok := e.step(n, v, cloud.Absent); ok {
				next = append(next, m)
			}
		}
	}
	if len(next) > mostNext {
		slices.SortStableFunc(next, func(a, b meeting) int { return order(&a, &b) })
		next, e.cut = next[:mostNext], true
	}
	for _, m := range next {
		m.seats = e.met[n].seats[:4*m.step.VM] + packed(m.step.To) + e.met[n].seats[4*m.step.VM+4:]
		e.meet(m)
	}
}

// step is the placement to which a step leads, without its seats. Ok is false where the step is not sane, or leads to a host
// that is to be avoided.
func (e *explorer) step(n int32, v cloud.VMID, to cloud.HostID) (m meeting, ok bool) {
	before := &e.met[n]
	if !e.state.Allows(v, to) {
		return m, false
	}
	if shun := e.given.Shun; shun != nil && to != cloud.Absent && shun[to] && to != e.Instance.Initial[v] {
		e.cut = true
		return m, false
	}
	m = meeting{from: n, step: cloud.Change{VM: v, From: e.state.HostOf(v), To: to}}
	m.cost = paths.Plus(before.cost, cloud.CostOf(e.Cost, m.step))
	m.misfit = before.misfit - e.misfit(m.step.From) + e.misfit(to)
	if e.meter != nil {
		m.score = e.meter.After(v, to)
	}
	return m, true
}

// follow goes towards a target as far as direct migrations lead, and lists the VMs that are stuck in the end.
func (e *explorer) follow(target cloud.Placement) (stuck []cloud.VMID) {
	n := int32(0)
	e.goTo(n)
	for moved := true; moved; {
		moved, stuck = false, stuck[:0]
		for v, to := range target {
			v := cloud.VMID(v)
			if !e.movable(v) || e.state.HostOf(v) == to {
				continue
			}
			m, ok := e.step(n, v, to)
			if !ok {
				stuck = append(stuck, v)
				continue
			}
			m.seats = e.met[n].seats[:4*v] + packed(to) + e.met[n].seats[4*v+4:]
			n, moved = e.meet(m), true
			e.goTo(n) // in which a twin may have gone
		}
	}
	return stuck
}
