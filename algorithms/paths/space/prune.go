package space

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// Pruning says what a search leaves out. Each part keeps at least one cheapest path, by
// the argument at its field; each is in force only where the argument's conditions hold
// (costs that do not depend on hosts, no rules but limits and host filters, …) and does
// nothing elsewhere.
type Pruning struct {
	// Repeat: a VM does not migrate twice in a row. Instead of a → b → c it could
	// have gone a → c at once: at c it meets the same VMs, and pays once.
	Repeat bool
	// Symmetry: of states that differ only by an exchange of interchangeable hosts
	// or VMs, one is kept. Hosts are interchangeable when they have the same room and ceilings,
	// may hold and receive the same VMs, and are nobody's target; VMs, when they are
	// equal in demand, cost, hosts and target.
	Symmetry bool
	// Dominance: a VM whose target can hold all VMs that may ever stand there, all
	// at once, goes there first and stays. Put at the head of any plan, the move
	// overfills nothing then or later, and the VM's other moves can be struck out.
	Dominance bool
	// Excess: migrations that a path below a limit on cost does not need are left out;
	// see [excess]. It does nothing until such a limit is known.
	Excess bool
}

// Pruner is a [Pruning] made ready for one problem.
type Pruner struct {
	layout    *Layout
	state     *State // of its own, to replay paths with
	repeat    bool
	ample     []bool  // by host: can hold all who may ever stand there; nil without dominance
	vmClass   [][]int // positions of interchangeable VMs, classes of two and more
	hostClass []int32 // by host: its class of interchangeable hosts, -1 if it has none
	members   [][]cloud.HostID
	start     cloud.Placement
	goal      []cloud.HostID

	excess *excess // nil if not in force

	twins  [][]int // by position: its class of interchangeable VMs, nil if it has none
	before []int32 // by position: the next lower of its class, -1 if none; nil where there are no classes

	kind   []int32 // by position: equal for interchangeable VMs, different for others
	byKind []int   // positions in ascending order of kind

	host, rename, order []cloud.HostID // scratch
	holds               [][]int32      // scratch, by host: kinds of the VMs it holds, ascending
}

// NewPruner makes a pruner for the problem of a state.
func NewPruner(s *State, p Pruning) *Pruner {
	l := s.Layout
	out := &Pruner{layout: l, start: s.Problem.Start, goal: make([]cloud.HostID, l.Len()), host: make([]cloud.HostID, l.Len())}
	for i := range out.goal {
		out.goal[i] = s.Problem.Goal[l.vms[i]]
	}
	if !s.LimitsOnly() || s.uniform == nil || s.suspends {
		return out
	}
	if p.Dominance {
		out.findAmple(s)
	}
	if p.Symmetry {
		out.findVMs(s)
		out.findHosts(s)
	}
	if out.vmClass != nil {
		out.linkTwins()
	}
	if p.Excess {
		out.excess = newExcess(s, out.goal)
	}
	// Canonical states are not always one move apart, so that the two exclude each
	// other.
	out.repeat = p.Repeat && !out.Symmetric()
	if out.Symmetric() {
		out.findKinds()
		out.state = NewState(s.Problem, l)
	}
	return out
}

// Repeat tells whether a VM that has just migrated is left out of [Pruner.MovesWhile].
func (p *Pruner) Repeat() bool { return p.repeat }

// Limited tells whether [Pruner.MovesWhile] prunes more with a limit on cost.
func (p *Pruner) Limited() bool { return p.excess != nil }

// Advances tells whether [Pruner.Advance] is fast: whether no hosts are interchangeable.
func (p *Pruner) Advances() bool { return p.members == nil }

// Ample tells whether the target of the VM at a position can hold all VMs that may ever
// stand there: the VM goes there before anything else happens, and stays.
func (p *Pruner) Ample(i int) bool { return p.ample != nil && p.ample[p.goal[i]] }

// ofEachKind lists one position of each kind of VMs, by kind, and what all VMs of a kind
// demand together, by kind*R + resource.
func (p *Pruner) ofEachKind(s *State) (first []int, demand []int64) {
	r := s.resources
	for i := range p.layout.vms {
		k := int(p.layout.kind[i])
		for len(first) <= k {
			first, demand = append(first, -1), append(demand, make([]int64, r)...)
		}
		if first[k] < 0 {
			first[k] = i
		}
		for j := range r {
			demand[k*r+j] = paths.Plus(demand[k*r+j], s.Demand(i, j))
		}
	}
	return first, demand
}

// findAmple takes O(VMs + kinds of VMs × hosts × resources).
func (p *Pruner) findAmple(s *State) {
	r := s.resources
	first, demand := p.ofEachKind(s)
	p.ample = make([]bool, len(s.room)/r)
	for h := range p.ample {
		p.ample[h] = true
		for j := range r {
			sum := int64(0)
			for k, i := range first {
				if i >= 0 && p.layout.digit[i][h+1] >= 0 {
					sum = paths.Plus(sum, demand[k*r+j])
				}
			}
			p.ample[h] = p.ample[h] && sum <= s.room[h*r+j]
		}
	}
}

// findVMs takes O(VMs × resources).
func (p *Pruner) findVMs(s *State) {
	r := s.resources
	index := map[string]int{} // in classes
	var classes [][]int
	var key []byte
	for i := range p.layout.vms {
		key = binary.AppendUvarint(key[:0], uint64(p.layout.kind[i]))
		key = binary.AppendUvarint(key, uint64(p.goal[i]))
		key = binary.AppendVarint(key, s.uniform[i])
		for _, d := range s.demand[i*r : i*r+r] {
			key = binary.AppendVarint(key, d)
		}
		n, met := index[string(key)]
		if !met {
			n = len(classes)
			index[string(key)] = n
			classes = append(classes, nil)
		}
		classes[n] = append(classes[n], i)
	}
	for _, class := range classes {
		if len(class) > 1 {
			p.vmClass = append(p.vmClass, class)
		}
	}
}

// findHosts takes O(kinds of VMs × hosts), of which only those count that are nobody's
// target.
func (p *Pruner) findHosts(s *State) {
	r := s.resources
	hosts := len(s.room) / r
	wanted := make([]bool, hosts)
	for _, h := range p.goal {
		wanted[h] = true
	}
	var free []cloud.HostID // nobody's target
	for h := range cloud.HostID(hosts) {
		if !wanted[h] {
			free = append(free, h)
		}
	}
	keys := make([][]byte, len(free))
	for n, h := range free {
		for _, room := range s.room[int(h)*r : int(h)*r+r] {
			keys[n] = binary.AppendVarint(keys[n], room)
		}
		if s.over != nil { // bounds may look at it
			for _, over := range s.over[int(h)*r : int(h)*r+r] {
				keys[n] = binary.AppendVarint(keys[n], over)
			}
		}
	}
	first, _ := p.ofEachKind(s)
	enters := make([]bool, hosts)
	for _, i := range first {
		if i < 0 {
			continue
		}
		clear(enters)
		for _, h := range p.layout.enter[i] {
			enters[h] = true // nobody may be suspended here
		}
		for n, h := range free {
			const stands, arrives = 1, 2
			var may byte
			if p.layout.digit[i][h+1] >= 0 {
				may |= stands
			}
			if enters[h] {
				may |= arrives
			}
			keys[n] = append(keys[n], may)
		}
	}
	index := map[string]int{} // in groups
	var groups [][]cloud.HostID
	for at, h := range free {
		n, met := index[string(keys[at])]
		if !met {
			n = len(groups)
			index[string(keys[at])] = n
			groups = append(groups, nil)
		}
		groups[n] = append(groups[n], h)
	}
	class := slices.Repeat([]int32{-1}, hosts)
	for _, group := range groups {
		if len(group) < 2 {
			continue
		}
		for _, h := range group {
			class[h] = int32(len(p.members))
		}
		p.members = append(p.members, group)
	}
	if p.members == nil {
		return
	}
	p.hostClass, p.rename, p.holds = class, make([]cloud.HostID, hosts), make([][]int32, hosts)
}

// findKinds numbers the VMs, interchangeable ones alike.
func (p *Pruner) findKinds() {
	p.kind = make([]int32, p.layout.Len())
	for i := range p.kind {
		p.kind[i] = int32(i)
		p.byKind = append(p.byKind, i)
	}
	for _, class := range p.vmClass {
		for _, i := range class {
			p.kind[i] = int32(class[0])
		}
	}
	slices.SortStableFunc(p.byKind, func(a, b int) int { return int(p.kind[a] - p.kind[b]) })
}

// Symmetric tells whether some states stand for others.
func (p *Pruner) Symmetric() bool { return p.vmClass != nil || p.members != nil }

// Canonical turns a packed state into the one that stands for all its like. Up to an
// exchange of interchangeable VMs, what a host holds is a list of classes; up to an
// exchange of interchangeable hosts, what a class of hosts holds is a set of such lists.
// The canonical state deals the lists in their order to the hosts of the class in theirs,
// and then each VM class's places to its VMs in ascending order: like states become
// equal, and none becomes unlike. O(VMs log VMs).
func (p *Pruner) Canonical(key []uint64) {
	if !p.Symmetric() {
		return
	}
	p.layout.Unpack(key, p.host)
	if p.members != nil {
		p.take(p.host)
		for _, class := range p.members {
			p.order = append(p.order[:0], class...)
			slices.SortStableFunc(p.order, p.fuller)
			for n, h := range p.order {
				p.rename[h] = class[n]
			}
		}
		for i, h := range p.host {
			if p.hostClass[h] >= 0 {
				p.host[i] = p.rename[h]
			}
		}
	}
	for _, class := range p.vmClass {
		for n := 1; n < len(class); n++ { // insertion sort: classes are small and nearly sorted
			for m := n; m > 0 && p.host[class[m]] < p.host[class[m-1]]; m-- {
				p.host[class[m]], p.host[class[m-1]] = p.host[class[m-1]], p.host[class[m]]
			}
		}
	}
	p.layout.pack(p.host, key)
}

// take notes what hosts that have others like them hold.
func (p *Pruner) take(host []cloud.HostID) {
	for h, c := range p.hostClass {
		if c >= 0 {
			p.holds[h] = p.holds[h][:0]
		}
	}
	for _, i := range p.byKind {
		if h := host[i]; p.hostClass[h] >= 0 {
			p.holds[h] = append(p.holds[h], p.kind[i])
		}
	}
}

// fuller is the order of hosts in a canonical state, by what was noted.
func (p *Pruner) fuller(a, b cloud.HostID) int { return slices.Compare(p.holds[b], p.holds[a]) }

// MovesWhile appends the migrations out of a state that are not pruned, as [State.MovesWhile]
// does. Last is the position of the VM that moved last, or -1. Paths from the state that cost
// below or more may be left out; MaxInt64 keeps all. Known, if not nil, must have estimated
// this state last.
func (p *Pruner) MovesWhile(s *State, out []Move, last int, below int64, known Strays, ask *Asker) ([]Move, bool) {
	if p.ample != nil {
		for i, h := range s.Host {
			if goal := p.goal[i]; h != goal && p.ample[goal] {
				return append(out, Move{Pos: int32(i), To: goal, Cost: s.Cost(i, goal)}), true
			}
		}
	}
	all := true
	if p.excess != nil && below < math.MaxInt64 {
		first, single, none := p.excess.look(s, below, known)
		switch {
		case none:
			return out, true
		case single:
			return append(out, first), true
		}
		out, all = p.excess.moves(s, p, out, ask)
	} else {
		begin := len(out)
		out, all = s.MovesWhile(out, ask)
		if p.before != nil {
			rest := slices.DeleteFunc(out[begin:], func(m Move) bool { return p.redundant(s.Host, int(m.Pos)) })
			out = out[:begin+len(rest)]
		}
	}
	if last >= 0 {
		// Moves of one VM stand together.
		from, n := slices.BinarySearchFunc(out, last, func(m Move, i int) int { return int(m.Pos) - i })
		if n {
			to := from
			for to < len(out) && int(out[to].Pos) == last {
				to++
			}
			out = slices.Delete(out, from, to)
		}
	}
	return out, all
}
