package targets

import (
	"math/rand/v2"

	"github.com/cloudrearrange/rearrange/cloud"
)

// mostClasses bounds how finely rests are told apart.
const mostClasses = 64

// rests finds hosts by what is left on them beyond slots of a size.
type rests struct {
	size    int64
	unit    int64 // of a class
	class   []int32
	at      []int32          // by host: position in its class
	members [][]cloud.HostID // by class
	used    []int32          // classes above 0 with members
	where   []int32          // by class: 1 + position in used
}

func newRests(left []int64, size int64) rests {
	unit := (size + mostClasses - 1) / mostClasses
	n := (size + unit - 1) / unit
	r := rests{
		size: size, unit: unit, class: make([]int32, len(left)), at: make([]int32, len(left)), members: make([][]cloud.HostID, n),
		where: make([]int32, n),
	}
	for h := range left {
		r.class[h] = -1
		r.set(cloud.HostID(h), left[h])
	}
	return r
}

// set notes what is left on a host. O(1).
func (r *rests) set(h cloud.HostID, left int64) {
	c := int32(max(0, left) % r.size / r.unit)
	old := r.class[h]
	if c == old {
		return
	}
	if old >= 0 {
		list := r.members[old]
		last := list[len(list)-1]
		list[r.at[h]], r.at[last] = last, r.at[h]
		if r.members[old] = list[:len(list)-1]; len(list) == 1 && old > 0 {
			i, final := r.where[old]-1, r.used[len(r.used)-1]
			r.used[i], r.where[final] = final, i+1
			r.used, r.where[old] = r.used[:len(r.used)-1], 0
		}
	}
	r.class[h], r.at[h] = c, int32(len(r.members[c]))
	if r.members[c] = append(r.members[c], h); len(r.members[c]) == 1 && c > 0 {
		r.used = append(r.used, c)
		r.where[c] = int32(len(r.used))
	}
}

// any draws a host of which something is left beyond slots, if there is one: first a class, so that rare ones come as
// often as others.
func (r *rests) any(rnd *rand.Rand) (cloud.HostID, bool) {
	if len(r.used) == 0 {
		return 0, false
	}
	list := r.members[r.used[rnd.IntN(len(r.used))]]
	return list[rnd.IntN(len(list))], true
}

// exactly draws a host of the class of an amount.
func (r *rests) exactly(rnd *rand.Rand, amount int64) (cloud.HostID, bool) {
	list := r.members[amount%r.size/r.unit]
	if len(list) == 0 {
		return 0, false
	}
	return list[rnd.IntN(len(list))], true
}
