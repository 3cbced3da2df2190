package space

// table holds the states of a search once each: an arena of packed keys with cost and
// parent, and an open-addressing index into it.
type table struct {
	words  int
	keys   []uint64 // state i: keys[i*words : (i+1)*words]
	g      []int64  // cost of the cheapest way found
	parent []int32
	closed []bool
	slots  []int32 // index of a state plus one, 0 where empty; a power of two long
}

const initialSlots = 1 << 10

func newTable(words int) *table {
	return &table{words: words, slots: make([]int32, initialSlots)}
}

func (t *table) len() int { return len(t.g) }

func (t *table) key(i int32) []uint64 {
	return t.keys[int(i)*t.words : (int(i)+1)*t.words : (int(i)+1)*t.words]
}

// bytes is the memory held, growth included.
func (t *table) bytes() int64 {
	return int64(cap(t.keys)+cap(t.g))*8 + int64(cap(t.parent)+len(t.slots))*4 + int64(cap(t.closed))
}

// find returns the state with this key, or adds it.
func (t *table) find(key []uint64) (i int32, added bool) {
	if 4*len(t.g) >= 3*len(t.slots) {
		t.rehash()
	}
	mask := uint64(len(t.slots) - 1)
	for at := hash(key) & mask; ; at = (at + 1) & mask {
		j := t.slots[at] - 1
		if j < 0 {
			j = int32(len(t.g))
			t.slots[at] = j + 1
			t.keys = append(t.keys, key...)
			t.g = append(t.g, 0)
			t.parent = append(t.parent, -1)
			t.closed = append(t.closed, false)
			return j, true
		}
		if equal(t.key(j), key) {
			return j, false
		}
	}
}

func (t *table) rehash() {
	slots := make([]int32, 2*len(t.slots))
	mask := uint64(len(slots) - 1)
	for i := range t.g {
		at := hash(t.key(int32(i))) & mask
		for slots[at] != 0 {
			at = (at + 1) & mask
		}
		slots[at] = int32(i) + 1
	}
	t.slots = slots
}

func equal(a, b []uint64) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// hash mixes the words with the finalizer of MurmurHash3 (Appleby, public domain).
func hash(key []uint64) uint64 {
	h := uint64(0x9e3779b97f4a7c15)
	for _, w := range key {
		h ^= w
		h ^= h >> 33
		h *= 0xff51afd7ed558ccd
		h ^= h >> 33
		h *= 0xc4ceb9fe1a85ec53
		h ^= h >> 33
	}
	return h
}
