package space

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/internal/disjoint"
	"github.com/cloudrearrange/rearrange/cloud"
)

// excess finds the successors of a state that may be left out if only paths below some cost
// are of interest. It applies the argument of the kernel package to every state. The allowance
// is what a path may still spend in the state beyond one migration of each misplaced VM.
//
// A VM is astray while it stands on a host that is neither its current host nor its target. A
// VM that ever goes astray pays its price from the allowance, and twice if it is settled. So
// the total demand of the VMs that may go astray is bounded. A host is open if it has room at
// once for this demand, for all VMs that stand there and for all VMs still to come. Then:
//
//   - A misplaced VM bound for an open host may go there at once, before all others.
//   - A misplaced VM that stands on an open host may wait until all others are done.
//   - A settled VM on an open host may stay there for good.
//   - A VM that goes astray may go to any open host where it may arrive.
//   - Among the remaining VMs, link two hosts if a VM goes from one to the other, or stands on
//     one, may go to the other astray and finds no open host. Sets of hosts that are not linked
//     can be treated one after another.
//
// Each step turns a path into one that costs no more and has no more migrations. So all of them
// may be combined, and repeated in every state.
type excess struct {
	layout *Layout
	goal   []cloud.HostID
	price  []int64   // by position
	least  []int64   // by position: lower bound on what a path on which it goes astray spends of the allowance
	costly [][]int32 // by resource: positions by demand per price, descending
	room   []int64   // [host*R + resource]: free if all VMs still to come were there
	stray  []int64   // by resource: upper bound on the total demand of the VMs that go astray
	open   []bool    // by host
	done   []bool    // by position: goes before or after all others, or stays
	head   []int32   // by host: the first VM that stands there or is bound for it
	next   []int32   // by position, twice: the next VM at the host where it stands; then at its target
	linked disjoint.Sets[cloud.HostID]
	size   []int32      // by leader: VMs that may move
	most   int64        // allowance, plus 1
	piece  cloud.HostID // leader of the hosts that come first; Absent if there are none
}

// newExcess prepares for the states of a problem in which only limits restrict migrations and
// costs are uniform. It returns nil if some VM moves free of charge, so that any number may go
// astray, or if a cost is too large.
func newExcess(s *State, goal []cloud.HostID) *excess {
	n, hosts, r := s.Layout.Len(), len(s.Free)/s.resources, s.resources
	if slices.ContainsFunc(s.uniform, func(c int64) bool { return c <= 0 || c > MaxCost }) {
		return nil
	}
	x := &excess{
		layout: s.Layout, goal: goal, price: s.uniform, least: make([]int64, n),
		room: make([]int64, len(s.Free)), stray: make([]int64, r), open: make([]bool, hosts), done: make([]bool, n),
		head: make([]int32, hosts), next: make([]int32, 2*n), linked: disjoint.New[cloud.HostID](hosts), size: make([]int32, hosts),
	}
	for j := range r {
		list := make([]int32, n)
		for i := range list {
			list[i] = int32(i)
		}
		slices.SortFunc(list, func(a, b int32) int {
			hi1, lo1 := bits.Mul64(uint64(s.demand[int(b)*r+j]), uint64(x.price[a]))
			hi2, lo2 := bits.Mul64(uint64(s.demand[int(a)*r+j]), uint64(x.price[b]))
			return cmp.Or(cmp.Compare(hi1, hi2), cmp.Compare(lo1, lo2), cmp.Compare(a, b))
		})
		x.costly = append(x.costly, list)
	}
	return x
}

// look examines a state for paths that cost less than below. If all of them may begin with the
// same migration, it returns that migration, and single is set. None tells that there are no
// such paths. Known, if not nil, improves the bounds on which VMs may go astray.
func (x *excess) look(s *State, below int64, known Strays) (first Move, single, none bool) {
	x.most = below
	for i, h := range s.Host {
		if h != x.goal[i] {
			x.most -= x.price[i]
		}
	}
	if x.most <= 0 {
		return Move{}, false, true
	}
	x.begin(s)
	if known != nil {
		known.Strays(s, x.least)
	}
	last := -1
	for again := true; again; {
		again = false
		x.astray(s)
		for h := range x.open {
			if !x.opens(h) {
				continue
			}
			again = true
			for k := x.head[h]; k >= 0; k = x.next[k] {
				i := int(k) % len(x.done)
				at, goal := s.Host[i], x.goal[i]
				switch {
				case x.done[i]:
				case at == goal:
					x.done[i] = true
				case int(goal) == h:
					return x.move(i), true, false
				default:
					x.done[i] = true
					x.release(s, i, goal)
					last = i
				}
			}
		}
	}
	if !x.parts(s) {
		if last < 0 {
			return Move{}, false, false // at the goal
		}
		return x.move(last), true, false
	}
	return Move{}, false, false
}

func (x *excess) move(i int) Move { return Move{Pos: int32(i), To: x.goal[i], Cost: x.price[i]} }

// begin lists the VMs at each host and bound for it, and computes the room left when all have
// arrived and none has left.
func (x *excess) begin(s *State) {
	copy(x.room, s.Free)
	clear(x.open)
	clear(x.done)
	for h := range x.head {
		x.head[h] = -1
	}
	n, r := len(x.done), s.resources
	for i := n - 1; i >= 0; i-- {
		at, goal := s.Host[i], x.goal[i]
		x.next[i], x.head[at] = x.head[at], int32(i)
		x.least[i] = x.price[i]
		if at == goal {
			x.least[i] *= 2
		} else {
			x.next[n+i], x.head[goal] = x.head[goal], int32(n+i)
			for j := range r {
				x.room[int(goal)*r+j] -= s.demand[i*r+j]
			}
		}
	}
}

// astray bounds the total demand of the VMs that may go astray by the fractional knapsack
// (Dantzig 1957, doi 10.1287/opre.5.2.266), with each VM at its single price.
func (x *excess) astray(s *State) {
	for j, list := range x.costly {
		x.stray[j] = 0
		left := x.most - 1
		for _, i := range list {
			if x.done[i] || !x.roams(int(i)) {
				continue
			}
			d := s.demand[int(i)*s.resources+j]
			if x.price[i] > left {
				hi, lo := bits.Mul64(uint64(d), uint64(left))
				part, _ := bits.Div64(hi, lo, uint64(x.price[i]))
				x.stray[j] += int64(part)
				break
			}
			left -= x.price[i]
			x.stray[j] += d
		}
	}
}

// roams tells whether a VM may go astray.
func (x *excess) roams(i int) bool { return x.least[i] < x.most }

// opens tells whether a closed host is open now, and marks it.
func (x *excess) opens(h int) bool {
	if x.open[h] {
		return false
	}
	r := len(x.stray)
	for j, d := range x.stray {
		if d > x.room[h*r+j] {
			return false
		}
	}
	x.open[h] = true
	return true
}

// release frees the room reserved for a VM on its target.
func (x *excess) release(s *State, i int, h cloud.HostID) {
	r := s.resources
	for j := range r {
		x.room[int(h)*r+j] += s.demand[i*r+j]
	}
}

// parts finds the set of linked hosts that comes first, the smallest; false if all misplaced VMs
// are done.
func (x *excess) parts(s *State) bool {
	x.linked.Reset()
	x.piece = cloud.Absent
	for i, at := range s.Host {
		if x.done[i] {
			continue
		}
		if goal := x.goal[i]; goal != at {
			x.linked.Join(at, goal)
		}
		if x.roams(i) && x.haven(i) == cloud.Absent {
			for _, h := range x.layout.enter[i] {
				if !x.open[h] {
					x.linked.Join(at, h)
				}
			}
		}
	}
	clear(x.size)
	for i, at := range s.Host {
		if !x.done[i] && (at != x.goal[i] || x.roams(i)) {
			x.size[x.linked.Leader(at)]++
		}
	}
	least := int32(math.MaxInt32)
	for i, at := range s.Host {
		if x.done[i] || at == x.goal[i] {
			continue
		}
		if h := x.linked.Leader(at); x.size[h] < least {
			x.piece, least = h, x.size[h]
		}
	}
	return x.piece != cloud.Absent
}

// haven returns the first open host where a VM may arrive; Absent if there is none.
func (x *excess) haven(i int) cloud.HostID {
	for _, h := range x.layout.enter[i] {
		if x.open[h] {
			return h
		}
	}
	return cloud.Absent
}

// leads tells where the VM at a position may go after look: to its target, anywhere, or to a
// haven; Absent if there is no haven.
func (x *excess) leads(s *State, i int) (target, anywhere bool, haven cloud.HostID) {
	at := s.Host[i]
	if x.done[i] || x.linked.Leader(at) != x.piece {
		return false, false, cloud.Absent
	}
	target = at != x.goal[i]
	if !x.roams(i) {
		return target, false, cloud.Absent
	}
	haven = x.haven(i)
	return target, haven == cloud.Absent, haven
}

// moves appends the migrations out of a state that remain after look.
func (x *excess) moves(s *State, p *Pruner, out []Move, ask *Asker) ([]Move, bool) {
	more := true
	for i, hosts := range x.layout.enter {
		if out, more = ask.More(out, len(hosts)); !more {
			return out, false
		}
		target, anywhere, haven := x.leads(s, i)
		if !target && !anywhere && haven == cloud.Absent || p.redundant(s.Host, i) {
			continue
		}
		goal := x.goal[i]
		switch {
		case anywhere:
			for _, h := range hosts {
				if h != s.Host[i] && s.Fits(i, h) {
					out = append(out, Move{int32(i), h, x.price[i]})
				}
			}
		default:
			if target && s.Fits(i, goal) {
				out = append(out, x.move(i))
			}
			if haven != cloud.Absent {
				out = append(out, Move{int32(i), haven, x.price[i]})
			}
		}
	}
	return out, true
}

// below returns the limit on the remaining cost of a path, given the limit on its cost and its
// cost so far; MaxInt64 if there is no limit.
func below(best, g int64) int64 {
	if best == math.MaxInt64 {
		return best
	}
	return paths.Plus(best, -g)
}
