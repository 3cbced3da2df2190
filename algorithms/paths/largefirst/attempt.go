package largefirst

import (
	"cmp"
	"math/rand/v2"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// effort is how hard an attempt looks for room.
type effort struct {
	direct  []int // decisions for one VM without bypasses, one number for each round
	bypass  int   // decisions for one VM with bypasses
	shallow int   // levels of displacements with bypasses
	most    int   // what bypasses for one VM may cost, in prices of a 64th of a host
	last    int   // the same for a VM that nothing else brings home; 0 leaves it to another algorithm
	// perHost bounds the hosts examined, per host of the cloud, before the gap is left to
	// another algorithm. If nearly every VM is stuck, that algorithm does better and is faster.
	perHost int64
}

// The efforts that are worth trying. Longer searches rarely pay: long chains of direct
// migrations use up small VMs that other large VMs need later.
var (
	thrifty  = effort{direct: []int{20, 50}, bypass: 100, shallow: 3, most: 64, last: 32, perHost: 3000}
	thorough = effort{direct: []int{20, 400}, bypass: 400, shallow: 4, most: 64, last: 32, perHost: 3000}
	// capped leaves expensive VMs to another algorithm: many bypasses are cheaper when they
	// are planned together.
	capped = effort{direct: []int{20}, bypass: 50, shallow: 3, most: 4, perHost: 2000}
)

const (
	deepest    = 12  // levels of displacements without bypasses
	lastResort = 300 // decisions for one VM when nothing else is left
	// worthAnother: a pass over a class is repeated while it brings home at least 1/worthAnother
	// of the VMs.
	worthAnother = 20
)

// attempt is one search from both ends, with its own random order.
type attempt struct {
	m       *model
	run     *paths.Run
	rnd     *rand.Rand
	effort  effort
	lanes   []*lane
	listed  [][]cloud.VMID // by class: all misplaced VMs, perhaps with others
	in      []bool         // by VM: it is listed
	left    int64          // hosts that may still be examined before the attempt ends or pauses
	later   int64          // hosts that may be examined after the pause
	order   []ranked
	balance []int32 // by host: VMs of a class still to arrive, minus those still to leave
}

type ranked struct {
	key float32
	vm  cloud.VMID
}

// leastExamined is the number of hosts that may be examined in clouds of few hosts.
const leastExamined = 1 << 17

// manyVMs is the number of VMs from which two lanes are worthwhile.
const manyVMs = 1 << 16

func newAttempt(m *model, run *paths.Run, seed uint64, e effort) *attempt {
	a := &attempt{
		m: m, run: run, rnd: rand.New(rand.NewPCG(seed, 0x6c617267)), effort: e,
		listed: make([][]cloud.VMID, m.classes), in: make([]bool, len(m.kind)), balance: make([]int32, m.hosts),
		later: max(leastExamined, e.perHost*int64(m.hosts)),
	}
	a.lanes = []*lane{newLane(m, a.rnd.Uint64())}
	if len(m.kind) >= manyVMs && 2*m.laneBytes() <= run.MemoryLeft(0) {
		a.lanes = append(a.lanes, newLane(m, a.rnd.Uint64()))
	}
	counts := make([]int, m.classes)
	for v, at := range m.p.Start {
		if at != m.p.Goal[v] {
			counts[m.classOf(cloud.VMID(v))]++
		}
	}
	for c, n := range counts {
		a.listed[c] = make([]cloud.VMID, 0, n)
	}
	for v, at := range m.p.Start {
		if at != m.p.Goal[v] {
			a.enlist(cloud.VMID(v))
		}
	}
	return a
}

// enlist notes that a VM is misplaced.
func (a *attempt) enlist(v cloud.VMID) {
	if !a.in[v] {
		a.in[v] = true
		c := a.m.classOf(v)
		a.listed[c] = append(a.listed[c], v)
	}
}

// meet moves the two sides towards each other as far as possible.
func (a *attempt) meet() {
	for progress := true; progress && a.goesOn(); {
		progress = false
		for c := range int32(a.m.classes) {
			if a.bringHome(c) {
				progress = true
			}
			if a.ended() {
				return
			}
		}
		if !progress && a.effort.last > 0 {
			progress = a.forceOne()
		}
	}
}

// pauseAt makes the attempt pause once it has examined perHost more hosts for each host of the
// cloud. If its effort allows no more than that, it does not pause but ends.
func (a *attempt) pauseAt(perHost int64) {
	all := a.left + a.later
	a.left = all
	if perHost < a.effort.perHost {
		a.left = min(all, max(leastExamined/16, perHost*int64(a.m.hosts)))
	}
	a.later = all - a.left
}

// paused tells whether the attempt has paused.
func (a *attempt) paused() bool { return a.left <= 0 && a.later > 0 }

// goesOn tells whether the attempt may go on.
func (a *attempt) goesOn() bool { return a.left > 0 && a.run.Look() }

// ended tells whether the run has to end before the attempt does or pauses: to list once more
// who is misplaced would take long in a large cloud.
func (a *attempt) ended() bool { return a.left > 0 && !a.run.Look() }

// bringHome brings home as many VMs of a class as it can: first without bypasses, then with
// increasingly expensive ones. Smaller VMs, which would use up the holes, come later.
func (a *attempt) bringHome(c int32) (progress bool) {
	for _, nodes := range a.effort.direct {
		for {
			moved, of := a.pass(c, nodes, deepest, 0)
			progress = progress || moved > 0
			if a.ended() {
				return progress
			}
			if moved == 0 || worthAnother*moved < of {
				break
			}
		}
	}
	for allow := 1; allow <= a.effort.most; allow *= 2 {
		for {
			moved, of := a.pass(c, a.effort.bypass, a.effort.shallow, allow)
			progress = progress || moved > 0
			if a.ended() {
				return progress
			}
			if moved == 0 || worthAnother*moved < of {
				break
			}
		}
	}
	return progress
}

// end numbers the two ends of the path, and the sides that walk from them.
type end int

const (
	start end = iota
	target
)

// ends lists both ends in the order of their turns.
var ends = [...]end{start, target}

// pass tries each misplaced VM of a class, on one side and then on the other.
func (a *attempt) pass(c int32, nodes, depth, allow int) (moved, of int) {
	for _, e := range ends {
		list := a.rank(e, c)
		of = max(of, len(list))
		moved += a.tryAll(e, list, trial{nodes, depth, allow})
		if !a.goesOn() {
			return 0, 0
		}
	}
	return moved, of
}

// forceOne brings one VM home with more effort: at the lowest allowance that works, one of
// the largest class.
func (a *attempt) forceOne() bool {
	for allow := 1; allow <= a.effort.last; allow *= 2 {
		for c := range int32(a.m.classes) {
			for _, e := range ends {
				for _, x := range a.rank(e, c) {
					if a.tryAll(e, []ranked{x}, trial{lastResort, a.effort.shallow, allow}) > 0 {
						return true
					}
					if !a.goesOn() {
						return false
					}
				}
			}
		}
	}
	return false
}

const (
	// tail puts back a VM if its goal has no more arrivals than departures.
	tail = 2000
	// perLack puts back a VM for each 64th of a host that is lacking at its goal.
	perLack = 64
)

// rank lists the misplaced VMs of a class in the order in which to try them. VMs whose goal
// lacks the least room come first, but VMs whose goal has no more arrivals than departures of
// the class are put back. At the other goals, the departures of the class do not make enough
// holes, so the walk of a hole begins there.
func (a *attempt) rank(e end, c int32) []ranked {
	s := a.lanes[0].sides[e]
	list := slices.DeleteFunc(a.listed[c], func(v cloud.VMID) bool {
		out := s.host[v] == s.other.host[v]
		if out {
			a.in[v] = false
		}
		return out
	})
	a.listed[c] = list
	for _, v := range list {
		if s.misplaced(v) {
			a.balance[s.goal(v)]++
			if s.host[v] != cloud.Absent {
				a.balance[s.host[v]]--
			}
		}
	}
	a.order = a.order[:0]
	for _, v := range list {
		if !s.misplaced(v) {
			continue
		}
		goal := s.goal(v)
		key := perLack*s.lack(a.m.kind[v], goal) + a.rnd.Float32()
		if a.balance[goal] <= 0 {
			key += tail
		}
		a.order = append(a.order, ranked{key, v})
	}
	for _, v := range list {
		if s.misplaced(v) {
			a.balance[s.goal(v)] = 0
			if s.host[v] != cloud.Absent {
				a.balance[s.host[v]] = 0
			}
		}
	}
	slices.SortFunc(a.order, func(x, y ranked) int { return cmp.Or(cmp.Compare(x.key, y.key), cmp.Compare(x.vm, y.vm)) })
	return a.order
}

// path returns the moves of both sides, from the start to the goal; met tells whether they
// form a whole path.
func (a *attempt) path() (moves []cloud.Change, met bool) {
	front, back := a.ends()
	moves = make([]cloud.Change, 0, len(front.log)+len(back.log))
	moves = append(moves, front.log...)
	moves = append(moves, paths.Reversed(back.log)...)
	return moves, slices.Equal(front.host, back.host)
}

// ends returns the two sides.
func (a *attempt) ends() (front, back *side) {
	return a.lanes[0].sides[start], a.lanes[0].sides[target]
}

// bytes estimates the memory of the attempt.
func (a *attempt) bytes() int64 { return int64(len(a.lanes)) * a.m.laneBytes() }

// laneBytes estimates the memory of one lane.
func (m *model) laneBytes() int64 {
	const vmBytes, hostBytes = 70, 400
	return vmBytes*int64(len(m.kind)) + hostBytes*int64(m.hosts)
}
