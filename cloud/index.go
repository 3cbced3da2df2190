package cloud

import "hash/maphash"

// index maps names to their positions in a list. It does not store the names: the instance
// has them already, and a map would take several times the memory.
type index struct {
	seed  maphash.Seed
	slots []slot // open addressing, linear probing
}

// slot is one place of the table.
type slot struct {
	tag int32 // low bits of the name's hash, to avoid most comparisons with other names
	id  int32 // position in the list plus 1; 0 marks a free slot
}

// newIndex returns an empty index with room for n names.
func newIndex(n int) index {
	return index{maphash.MakeSeed(), make([]slot, n+n/2+1)}
}

// hash returns the hash of a name that the methods below expect.
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

// find returns the position of the name that has the hash; same reports whether it is the
// name at a position.
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

// add records the position of a name. If the name is there already, add returns its first
// position and changes nothing.
func (x *index) add(hash uint64, id int, same func(id int) bool) (first int, dup bool) {
	at, found := x.probe(hash, same)
	if !found {
		x.slots[at] = slot{int32(hash), int32(id) + 1}
	}
	return int(x.slots[at].id) - 1, found
}

// probe returns the slot of a name, or the free slot where it belongs.
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

// namesOf returns the names of hosts as a compact list: random access to it misses the
// cache less often than access to the hosts themselves.
func namesOf(hosts []Host) []string {
	out := make([]string, len(hosts))
	for h := range hosts {
		out[h] = hosts[h].Name
	}
	return out
}
