package bounds

import (
	"math/bits"

	"github.com/cloudrearrange/rearrange/cloud"
)

// order is a second relaxed problem, in which those who arrive do take room: the misplaced
// VMs go straight to their targets, each once, when there is room; those who pay and those
// who are suspended stand nowhere. The question is whether there is an order in which all
// arrive.
//
// To a host with room for all who are still to come they go at once, which takes
// nothing from anyone. The core is who is left then: each of its members has to
// choose its time, and the order is searched for, with each set of those still to come
// looked at once. Where that takes too long the answer is that there is an order, for a
// bound that is too low is still a bound.
type order struct {
	x    *relaxed
	most int // sets to look at per search
	left int // of them
	core []int32
	bit  []uint64 // by position: in a set; zero for those outside the core
	into []uint64 // by host: those of the core who go there
	at   []uint64 // by host: those of the core who stand there

	room  []int64 // [host*resources + resource]
	due   []int64 // [host*resources + resource]: demanded by those who are still to come
	room0 []int64 // with the core in place
	due0  []int64

	doors []int32  // scratch: hosts where someone is still to come
	trail []int32  // who went, in order
	seen  []uint64 // a hash table of the sets that were looked at and did not all arrive; zero: empty
	used  []int32  // its slots that are not
}

// maxCore is what a set can hold.
const maxCore = 64

func (o *order) init(x *relaxed, most int) {
	n, r := len(x.at), x.hosts*x.resources
	*o = order{
		x: x, most: most, core: make([]int32, 0, n), bit: make([]uint64, n),
		into: make([]uint64, x.hosts), at: make([]uint64, x.hosts),
		room: make([]int64, r), due: make([]int64, r), room0: make([]int64, r), due0: make([]int64, r),
		doors: make([]int32, 0, x.hosts), trail: make([]int32, 0, n),
		seen: make([]uint64, 1<<bits.Len(uint(2*most))), used: make([]int32, 0, most),
	}
}

// begin finds the core of the state with which the relaxed problem was reset, and tells
// whether it is empty.
func (o *order) begin() bool {
	x, r := o.x, o.x.resources
	copy(o.room, x.room)
	clear(o.due)
	clear(o.bit)
	o.core, o.doors = o.core[:0], o.doors[:0]
	for h := range x.head {
		for i := x.head[h]; i >= 0; i = x.next[i] {
			o.bit[i] = 1
			for j := range r {
				o.due[h*r+j] += x.demand[int(i)*r+j]
			}
		}
		if x.head[h] >= 0 {
			o.doors = append(o.doors, int32(h))
		}
	}
	for again := true; again; {
		again = false
		n := 0
		for _, h := range o.doors {
			if !o.holdsAll(cloud.HostID(h)) {
				o.doors[n] = h
				n++
				continue
			}
			again = true
			for i := x.head[h]; i >= 0; i = x.next[i] {
				o.bit[i] = 0
				o.shift(i, 1)
			}
		}
		o.doors = o.doors[:n]
	}
	clear(o.into)
	clear(o.at)
	for _, h := range o.doors {
		for i := x.head[h]; i >= 0; i = x.next[i] {
			if len(o.core) < maxCore {
				bit := uint64(1) << len(o.core)
				o.bit[i] = bit
				o.into[h] |= bit
				o.at[x.at[i]] |= bit
			}
			o.core = append(o.core, i)
		}
	}
	o.left = o.most
	copy(o.room0, o.room)
	copy(o.due0, o.due)
	return len(o.core) == 0
}

// holdsAll tells whether a host has room for all who are still to come.
func (o *order) holdsAll(h cloud.HostID) bool {
	r := o.x.resources
	room, due := o.room[int(h)*r:int(h)*r+r], o.due[int(h)*r:int(h)*r+r]
	for j, d := range due {
		if d > room[j] {
			return false
		}
	}
	return true
}

// shift lets a VM go to its target, or with sign -1 takes that back.
func (o *order) shift(i int32, sign int64) {
	x, r := o.x, o.x.resources
	from, to := int(x.at[i])*r, int(x.target[i])*r
	for j, d := range x.demand[int(i)*r : int(i)*r+r] {
		d *= sign
		o.room[from+j] += d
		o.room[to+j] -= d
		o.due[to+j] -= d
	}
}

// exists tells whether there is an order, given who pays.
func (o *order) exists(paid []int32) bool {
	if len(o.core) > maxCore {
		return true
	}
	x, r := o.x, o.x.resources
	copy(o.room, o.room0)
	copy(o.due, o.due0)
	set := uint64(1)<<len(o.core) - 1
	for _, i := range paid {
		stands := int(x.at[i]) * r
		if x.misplaced(i) && o.bit[i] == 0 {
			stands = int(x.target[i]) * r // outside the core, and went there
		}
		for j, d := range x.demand[int(i)*r : int(i)*r+r] {
			o.room[stands+j] += d
			if o.bit[i] != 0 {
				o.due[int(x.target[i])*r+j] -= d
			}
		}
		set &^= o.bit[i]
	}
	o.trail = o.trail[:0]
	for _, slot := range o.used {
		o.seen[slot] = 0
	}
	o.used = o.used[:0]
	return o.arrive(set)
}

// arrive tells whether all of a set can arrive.
func (o *order) arrive(set uint64) bool {
	begin := len(o.trail)
	for again := true; again; {
		again = false
		for rest := set; rest != 0; rest &= rest - 1 {
			if i := o.core[bits.TrailingZeros64(rest)]; o.holdsAll(o.x.target[i]) {
				o.shift(i, 1)
				o.trail = append(o.trail, i)
				set &^= o.bit[i]
				again = true
			}
		}
	}
	all := true
	for all && set != 0 {
		part := o.part(set)
		all = o.choose(part)
		set &^= part
	}
	for _, i := range o.trail[begin:] {
		o.shift(i, -1)
	}
	o.trail = o.trail[:begin]
	return all
}

// part is those of a set who have to do, at one remove or more, with its first: they
// share a host to which someone is still to come. The others can be ordered apart.
func (o *order) part(set uint64) uint64 {
	part, fresh := uint64(0), set&-set
	for fresh != 0 {
		part |= fresh
		near := uint64(0)
		for ; fresh != 0; fresh &= fresh - 1 {
			i := o.core[bits.TrailingZeros64(fresh)]
			to, from := o.x.target[i], o.x.at[i]
			near |= o.into[to] | o.at[to]
			if o.into[from]&set != 0 {
				near |= o.into[from] | o.at[from]
			}
		}
		fresh = near & set &^ part
	}
	return part
}

// choose tells whether all of a set can arrive, of which nobody can go without taking
// room that another may need first.
func (o *order) choose(set uint64) bool {
	if o.left == 0 {
		return true
	}
	o.left--
	slot := o.slot(set)
	if o.seen[slot] == set {
		return false
	}
	for rest := o.hopeful(set); rest != 0; rest &= rest - 1 {
		i := o.core[bits.TrailingZeros64(rest)]
		if !o.fits(i) {
			continue
		}
		o.shift(i, 1)
		all := o.arrive(set &^ o.bit[i])
		o.shift(i, -1)
		if all {
			return true
		}
	}
	slot = o.slot(set) // others were put in meanwhile
	o.seen[slot] = set
	o.used = append(o.used, int32(slot))
	return false
}

// hopeful is the set if all of it might still arrive when those who arrive took no
// room, else nobody.
func (o *order) hopeful(set uint64) uint64 {
	x, r := o.x, o.x.resources
	gone := uint64(0)
	for again := true; again && gone != set; {
		again = false
	next:
		for rest := set &^ gone; rest != 0; rest &= rest - 1 {
			i := o.core[bits.TrailingZeros64(rest)]
			to := x.target[i]
			for j := range r {
				room := o.room[int(to)*r+j]
				for left := o.at[to] & gone; left != 0; left &= left - 1 {
					room += x.demand[int(o.core[bits.TrailingZeros64(left)])*r+j]
				}
				if x.demand[int(i)*r+j] > room {
					continue next
				}
			}
			gone |= o.bit[i]
			again = true
		}
	}
	if gone != set {
		return 0
	}
	return set
}

// slot is where a set is in the table, or would be.
func (o *order) slot(set uint64) int {
	mask := len(o.seen) - 1
	slot := int(set*0x9e3779b97f4a7c15>>32) & mask // Fibonacci hashing
	for o.seen[slot] != 0 && o.seen[slot] != set {
		slot = (slot + 1) & mask
	}
	return slot
}

func (o *order) fits(i int32) bool {
	x, r := o.x, o.x.resources
	to := int(x.target[i]) * r
	for j, d := range x.demand[int(i)*r : int(i)*r+r] {
		if d > o.room[to+j] {
			return false
		}
	}
	return true
}
