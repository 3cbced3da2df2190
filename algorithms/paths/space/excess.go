package space

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// excess finds, in a state, what may be left out where only paths below some cost are of
// interest. It is the argument of the kernel package, applied to every state with what a
// path may still spend there beyond one migration of each misplaced VM: the allowance.
//
// A VM that is ever astray, on a host that is neither the one where it stands nor its
// target, pays its price beyond that, and twice if it is settled. So what all those demand
// together who may go astray is bounded. A host is open when it has room for that, for all
// who stand there, and for all who are still to come, at once. Then:
//
//   - a misplaced VM bound for an open host may go there at once, before all else;
//   - a misplaced VM that stands on an open host may wait until all others are done;
//   - a settled VM on an open host may stay there for good;
//   - whoever goes astray may go to an open host where it may arrive, any one of them;
//   - of those who remain, let two hosts have to do with each other where one of the VMs
//     goes from one to the other, or may go astray and finds no open host. What does not
//     have to do with each other can be done one after the other.
//
// Each of these turns a path into one that costs no more and has no more migrations, so
// that all may be done at once and in every state anew.
type excess struct {
	layout *Layout
	goal   []cloud.HostID
	price  []int64        // by position
	least  []int64        // by position: what paths on which it goes astray spend at least, of the allowance
	dear   [][]int32      // by resource: positions by what they demand for their price, the most first
	room   []int64        // [host*R + resource], beside those who stand there and those still to come
	stray  []int64        // by resource: what those who go astray demand together at most
	open   []bool         // by host
	done   []bool         // by position: goes before or after all others, or stays
	head   []int32        // by host: the first that stands there or is bound for it
	next   []int32        // by position, twice: the next one there; those who stand, then those bound
	leader []cloud.HostID // by host: of those that have to do with each other
	size   []int32        // by leader: VMs that may move
	most   int64          // allowance
	piece  cloud.HostID   // the leader of the hosts that come first; Absent for all
}

// newExcess makes one for a state where limits alone decide and costs are uniform; nil
// where some VM moves free of charge, so that any number may go astray.
func newExcess(s *State, goal []cloud.HostID) *excess {
	n, hosts, r := s.Layout.Len(), len(s.Free)/s.resources, s.resources
	if slices.ContainsFunc(s.uniform, func(c int64) bool { return c <= 0 || c > maxCost }) {
		return nil
	}
	x := &excess{
		layout: s.Layout, goal: goal, price: s.uniform, least: make([]int64, n),
		room: make([]int64, len(s.Free)), stray: make([]int64, r), open: make([]bool, hosts), done: make([]bool, n),
		head: make([]int32, hosts), next: make([]int32, 2*n), leader: make([]cloud.HostID, hosts), size: make([]int32, hosts),
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
		x.dear = append(x.dear, list)
	}
	return x
}

// look looks at a state, in which paths that cost less than some amount are of interest.
// Where all of them may begin with one migration, it returns that; none tells that there
// are no such paths. Known, if not nil, knows more of who may go astray.
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

// begin lists who has to do with which host, and what room is left in the end.
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

// astray bounds what those demand together who may go astray (Dantzig 1957, doi
// 10.1287/opre.5.2.266): by the fractional knapsack, with each at its single price.
func (x *excess) astray(s *State) {
	for j, list := range x.dear {
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

// opens tells whether a host opens now.
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

// release gives back the room on a VM's target.
func (x *excess) release(s *State, i int, h cloud.HostID) {
	r := s.resources
	for j := range r {
		x.room[int(h)*r+j] += s.demand[i*r+j]
	}
}

// parts finds the hosts that come first; false if all misplaced VMs are done.
func (x *excess) parts(s *State) bool {
	for h := range x.leader {
		x.leader[h] = cloud.HostID(h)
	}
	x.piece = cloud.Absent
	for i, at := range s.Host {
		if x.done[i] {
			continue
		}
		if goal := x.goal[i]; goal != at {
			x.unite(at, goal)
		}
		if x.roams(i) && x.haven(i) == cloud.Absent {
			for _, h := range x.layout.enter[i] {
				if !x.open[h] {
					x.unite(at, h)
				}
			}
		}
	}
	clear(x.size)
	for i, at := range s.Host {
		if !x.done[i] && (at != x.goal[i] || x.roams(i)) {
			x.size[x.root(at)]++
		}
	}
	least := int32(math.MaxInt32)
	for i, at := range s.Host {
		if x.done[i] || at == x.goal[i] {
			continue
		}
		if h := x.root(at); x.size[h] < least {
			x.piece, least = h, x.size[h]
		}
	}
	return x.piece != cloud.Absent
}

// haven is the first open host where a VM may arrive; Absent if there is none.
func (x *excess) haven(i int) cloud.HostID {
	for _, h := range x.layout.enter[i] {
		if x.open[h] {
			return h
		}
	}
	return cloud.Absent
}

// leads tells where the VM at a position may go by what look has found: nowhere, to its
// target alone, to its target and a haven, or anywhere.
func (x *excess) leads(s *State, i int) (target, anywhere bool, haven cloud.HostID) {
	at := s.Host[i]
	if x.done[i] || x.root(at) != x.piece {
		return false, false, cloud.Absent
	}
	target = at != x.goal[i]
	if !x.roams(i) {
		return target, false, cloud.Absent
	}
	haven = x.haven(i)
	return target, haven == cloud.Absent, haven
}

func (x *excess) root(h cloud.HostID) cloud.HostID {
	for x.leader[h] != h {
		x.leader[h] = x.leader[x.leader[h]]
		h = x.leader[h]
	}
	return h
}

func (x *excess) unite(a, b cloud.HostID) {
	a, b = x.root(a), x.root(b)
	x.leader[max(a, b)] = min(a, b)
}

// moves appends the migrations out of a state that look has left.
func (x *excess) moves(s *State, p *pruner, out []Move, goOn func([]Move) bool) ([]Move, bool) {
	pairs := 0
	for i, hosts := range x.layout.enter {
		if pairs += len(hosts); pairs >= PairsBetweenAsks {
			if pairs = 0; !goOn(out) {
				return out, false
			}
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

// below is what a path may cost from a state on that is reached at some cost; MaxInt64 if
// there is no limit.
func below(best, g int64) int64 {
	if best == math.MaxInt64 {
		return best
	}
	return paths.Plus(best, -g)
}
