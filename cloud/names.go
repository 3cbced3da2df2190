package cloud

import "hash/maphash"

// index finds the position of a name in a list that it does not keep: an instance has
// the names already, and a map of them would take several times as much memory.
type index struct {
	seed  maphash.Seed
	slots []slot // open addressing, linear probing
}

// slot is one place of the table.
type slot struct {
	tag int32 // some bits of the name's hash, so that other names are seldom looked at
	id  int32 // position in the list, from 1; 0: the slot is free
}

// newIndex makes room for n names.
func newIndex(n int) index {
	return index{maphash.MakeSeed(), make([]slot, n+n/2+1)}
}

// hash is that of a name, for the methods below.
func hash[T string | []byte](x *index, name T) uint64 {
	if x.slots == nil {
		return 0
	}
	switch name := any(name).(type) {
	case string:
		return maphash.String(x.seed, name)
	case []byte:
		return maphash.Bytes(x.seed, name)
	}
	panic("neither a string nor bytes")
}

// find is the position of a name with a hash. Same tells whether it is the name at a
// position.
func (x *index) find(hash uint64, same func(id int) bool) (id int, found bool) {
	if x.slots == nil {
		return 0, false
	}
	at, found := x.probe(hash, same)
	if !found {
		return 0, false
	}
	return int(x.slots[at].id) - 1, true
}

// add gives a name a position, unless it has one already: then that is the answer.
func (x *index) add(hash uint64, id int, same func(id int) bool) (first int, dup bool) {
	at, found := x.probe(hash, same)
	if !found {
		x.slots[at] = slot{int32(hash), int32(id) + 1}
	}
	return int(x.slots[at].id) - 1, found
}

// probe finds the slot of a name, or the free one where it belongs.
func (x *index) probe(hash uint64, same func(id int) bool) (at int, found bool) {
	at = int(hash >> 32 * uint64(len(x.slots)) >> 32)
	for {
		s := x.slots[at]
		switch {
		case s.id == 0:
			return at, false
		case s.tag == int32(hash) && same(int(s.id)-1):
			return at, true
		}
		if at++; at == len(x.slots) {
			at = 0
		}
	}
}

// namesOf are the names of hosts side by side: who asks for those of many hosts in no
// order finds them sooner there.
func namesOf(hosts []Host) []string {
	out := make([]string, len(hosts))
	for h := range hosts {
		out[h] = hosts[h].Name
	}
	return out
}
