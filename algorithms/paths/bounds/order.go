package bounds

import (
	"math/bits"

	"github.com/cloudrearrange/rearrange/cloud"
)

// order is the relaxed problem of arriving (see [Deadlock]): whether there is an order in
// which the misplaced VMs that do not pay can go straight to their targets.
//
// Two rules take VMs out of the question without harm to any order. A host that has room
// for all who are still to come may take them at once: they leave room behind and take
// none from others. And a VM to whose host nobody is still to come may wait until all
// others have arrived: by staying it is in nobody's way, and at last there is room for it.
// The core is who is left then. Each of its members has to choose its time. Who has
// nothing to do with each other is ordered apart, each set of VMs still to come is looked
// at once, and no further where not even the relaxed problem of leaving has a solution.
// Where that takes too long an order is taken to exist, for a bound that is too low is
// still a bound.
type order struct {
	x    *relaxed
	most int // sets to look at per state
	size int // of the largest core to look at
	left int // of them
	core []int32
	like []uint64 // by position: set of its twins that precede it in the core
	bit  []uint64 // by position: in a set; zero for those outside the core
	into []uint64 // by host: those of the core who go there
	at   []uint64 // by host: those of the core who stand there

	room  []int64 // [host*resources + resource]
	due   []int64 // [host*resources + resource]: demanded by those who are still to come and may not wait
	room0 []int64 // with the core in place
	due0  []int64
	comes []int32 // by host, for finding the core: how many are still to come and may not wait

	went   uint64  // members of the core who have arrived
	trail  []int32 // who arrived, or with all bits turned, who waits until the end
	failed uint64  // who could not all arrive when last there was no order
	clock  int64   // orders found
	chosen []int64 // by position: clock when the VM was last chosen in one, from its end to its beginning

	seen []impasse // a hash table of what was looked at in vain
	used []int32   // its slots that are not empty
}

// impasse is a set of VMs that cannot all arrive. What room there is for them follows
// from who is still to come, and from who of the others that go to the same hosts went
// there and did not wait.
type impasse struct{ coming, went uint64 }

// maxCore is what a set can hold.
const maxCore = 64

// seenSlots is the length of the hash table for a number of impasses.
func seenSlots(most int) int { return 1 << bits.Len(uint(2*most)) }

// init prepares for the positions of a relaxed problem. A table of impasses is kept, also
// from the problem before.
func (o *order) init(x *relaxed, most, size int) {
	n, r := len(x.at), x.hosts*x.resources
	seen, used := o.seen, o.used
	if most != o.most || seen == nil {
		seen, used = make([]impasse, seenSlots(most)), make([]int32, 0, most)
	}
	*o = order{
		x: x, most: most, size: size, core: make([]int32, 0, n), bit: make([]uint64, n), like: make([]uint64, n),
		into: make([]uint64, x.hosts), at: make([]uint64, x.hosts), comes: make([]int32, x.hosts),
		room: make([]int64, r), due: make([]int64, r), room0: make([]int64, r), due0: make([]int64, r),
		trail: make([]int32, 0, n), chosen: make([]int64, n), seen: seen, used: used,
	}
}

// begin finds the core of the state with which the relaxed problem was reset, and tells
// whether it is empty. Room is what hosts have for who comes.
func (o *order) begin(room []int64) bool {
	x := o.x
	copy(o.room, room)
	clear(o.due)
	clear(o.bit)
	clear(o.comes)
	o.core = o.core[:0]
	for h := range x.head {
		for i := x.head[h]; i >= 0; i = x.next[i] {
			o.core = append(o.core, i)
			o.comes[h]++
			o.expect(i, 1)
		}
	}
	for again := true; again; {
		again = false
		n := 0
		for _, i := range o.core {
			switch to := x.target[i]; {
			case o.holdsAll(to):
				o.shift(i, 1)
				o.comes[to]--
				again = true
			case o.comes[x.at[i]] == 0:
				o.expect(i, -1)
				o.comes[to]--
				again = true
			default:
				o.core[n] = i
				n++
			}
		}
		o.core = o.core[:n]
	}
	copy(o.room0, o.room)
	copy(o.due0, o.due)
	clear(o.into)
	clear(o.at)
	for k, i := range o.core {
		o.bit[i] = 1 << (k % maxCore)
		o.into[x.target[i]] |= o.bit[i]
		o.at[x.at[i]] |= o.bit[i]
	}
	if len(o.core) <= o.size {
		o.findTwins()
	}
	o.left = o.most
	return len(o.core) == 0
}

// findTwins notes which members of the core are interchangeable.
func (o *order) findTwins() {
	for k, i := range o.core {
		o.like[i] = 0
		for n := k - 1; n >= 0; n-- {
			if before := o.core[n]; o.x.twin(before, i) {
				o.like[i] = o.like[before] | o.bit[before]
				break
			}
		}
	}
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

func (o *order) fits(i int32) bool {
	r := o.x.resources
	to := int(o.x.target[i]) * r
	for j, d := range o.x.demand[int(i)*r : int(i)*r+r] {
		if d > o.room[to+j] {
			return false
		}
	}
	return true
}

// expect adds a VM to those who are still to come, or with sign -1 takes it out.
func (o *order) expect(i int32, sign int64) {
	r := o.x.resources
	to := int(o.x.target[i]) * r
	for j, d := range o.x.demand[int(i)*r : int(i)*r+r] {
		o.due[to+j] += sign * d
	}
}

// shift lets a VM go to its target, or with sign -1 takes that back.
func (o *order) shift(i int32, sign int64) {
	x, r := o.x, o.x.resources
	o.went ^= o.bit[i]
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
	if len(o.core) > o.size {
		return true
	}
	x, r := o.x, o.x.resources
	copy(o.room, o.room0)
	copy(o.due, o.due0)
	set := uint64(1)<<len(o.core) - 1
	for _, i := range paid {
		if x.misplaced(i) {
			if o.bit[i] == 0 {
				continue // makes no difference, wherever it is
			}
			o.expect(i, -1)
			set &^= o.bit[i]
		}
		from := int(x.at[i]) * r
		for j, d := range x.demand[int(i)*r : int(i)*r+r] {
			o.room[from+j] += d
		}
	}
	for _, slot := range o.used {
		o.seen[slot] = impasse{}
	}
	o.used, o.trail, o.went = o.used[:0], o.trail[:0], 0
	failed := o.failed
	if !o.arrive(set) {
		return false
	}
	o.failed = failed
	return true
}

// concerns tells whether it can make a difference to those who failed if a VM pays: it is
// one of them, or stands where one of them goes.
func (o *order) concerns(i int32) bool {
	if o.x.misplaced(i) {
		return o.bit[i]&o.failed != 0
	}
	return o.into[o.x.at[i]]&o.failed != 0
}

// arrive tells whether all of a set can arrive.
func (o *order) arrive(set uint64) bool {
	begin := len(o.trail)
	for again := true; again; {
		again = false
		for rest := set; rest != 0; rest &= rest - 1 {
			i := o.core[bits.TrailingZeros64(rest)]
			switch {
			case o.holdsAll(o.x.target[i]):
				o.shift(i, 1)
				o.trail = append(o.trail, i)
			case o.into[o.x.at[i]]&set == 0:
				o.expect(i, -1)
				o.trail = append(o.trail, ^i)
			default:
				continue
			}
			set &^= o.bit[i]
			again = true
		}
	}
	all := true
	for all && set != 0 {
		part := o.part(set)
		set &^= part
		if all = o.choose(part); !all {
			o.failed = part // of the outermost set in the end
		}
	}
	for _, i := range o.trail[begin:] {
		if i >= 0 {
			o.shift(i, -1)
		} else {
			o.expect(^i, 1)
		}
	}
	o.trail = o.trail[:begin]
	return all
}

// part is those of a set who have to do, at one remove or more, with its first: they
// share a host to which someone is still to come.
func (o *order) part(set uint64) uint64 {
	part, fresh := uint64(0), set&-set
	for fresh != 0 {
		part |= fresh
		near := uint64(0)
		for ; fresh != 0; fresh &= fresh - 1 {
			i := o.core[bits.TrailingZeros64(fresh)]
			to, from := o.x.target[i], o.x.at[i] // someone comes to either
			near |= o.into[to] | o.at[to] | o.into[from] | o.at[from]
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
	here := impasse{set, 0}
	for rest := set; rest != 0; rest &= rest - 1 {
		here.went |= o.into[o.x.target[o.core[bits.TrailingZeros64(rest)]]]
	}
	here.went &= o.went
	if o.seen[o.slot(here)] == here {
		return false
	}
	var next [maxCore]int32
	for _, i := range o.candidates(set, next[:0]) {
		o.shift(i, 1)
		all := o.arrive(set &^ o.bit[i])
		o.shift(i, -1)
		if all {
			o.clock++
			o.chosen[i] = o.clock
			return true
		}
	}
	slot := o.slot(here) // others were put in meanwhile
	o.seen[slot] = here
	o.used = append(o.used, int32(slot))
	return false
}

// candidates appends those of a set who can go next; nobody if not all can arrive in the
// end. Those come first whose turn came first when last an order was found: the order of
// a state is most often that of the state before it, without who went.
func (o *order) candidates(set uint64, out []int32) []int32 {
	if !o.canLeave(set) {
		return out
	}
	for rest := set; rest != 0; rest &= rest - 1 {
		i := o.core[bits.TrailingZeros64(rest)]
		if o.like[i]&set != 0 || !o.fits(i) {
			continue // of twins, the first goes first
		}
		n := len(out)
		out = append(out, i)
		for ; n > 0 && o.chosen[out[n-1]] < o.chosen[i]; n-- {
			out[n] = out[n-1]
		}
		out[n] = i
	}
	return out
}

// canLeave tells whether all of a set could go if those who arrive took no room.
func (o *order) canLeave(set uint64) bool {
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
	return gone == set
}

// slot is where an impasse is in the table, or would be.
func (o *order) slot(i impasse) int {
	mask := len(o.seen) - 1
	slot := int((i.coming^i.went*0xff51afd7ed558ccd)*0x9e3779b97f4a7c15>>32) & mask
	for o.seen[slot] != (impasse{}) && o.seen[slot] != i {
		slot = (slot + 1) & mask
	}
	return slot
}
