package idastar

import "slices"

// trail is the set of the states on the way to the one under search. States leave it in
// the opposite order in which they came, so that open addressing needs no deletion marks:
// what came last stands at the end of its run.
type trail struct {
	words  int
	keys   []uint64 // by depth
	hashes []uint64 // by depth
	slots  []int32  // depth + 1; 0: empty
}

func newTrail(words int) trail { return trail{words: words, slots: make([]int32, 256)} }

func (t *trail) bytes() int64 {
	return 8*int64(cap(t.keys)+cap(t.hashes)) + 4*int64(len(t.slots))
}

func (t *trail) key(depth int) []uint64 { return t.keys[depth*t.words : (depth+1)*t.words] }

func (t *trail) push(key []uint64, hash uint64) {
	t.keys = append(t.keys, key...)
	t.hashes = append(t.hashes, hash)
	if 2*len(t.hashes) > len(t.slots) {
		t.slots = make([]int32, 2*len(t.slots))
		for d, h := range t.hashes {
			t.slots[t.free(h)] = int32(d + 1)
		}
		return
	}
	t.slots[t.free(hash)] = int32(len(t.hashes))
}

func (t *trail) free(hash uint64) int {
	at := int(hash) & (len(t.slots) - 1)
	for t.slots[at] != 0 {
		at = (at + 1) & (len(t.slots) - 1)
	}
	return at
}

func (t *trail) pop() {
	depth := len(t.hashes) - 1
	at := int(t.hashes[depth]) & (len(t.slots) - 1)
	for t.slots[at] != int32(depth+1) {
		at = (at + 1) & (len(t.slots) - 1)
	}
	t.slots[at] = 0
	t.hashes = t.hashes[:depth]
	t.keys = t.keys[:depth*t.words]
}

func (t *trail) holds(key []uint64, hash uint64) bool {
	at := int(hash) & (len(t.slots) - 1)
	for t.slots[at] != 0 {
		if d := int(t.slots[at] - 1); t.hashes[d] == hash && slices.Equal(t.key(d), key) {
			return true
		}
		at = (at + 1) & (len(t.slots) - 1)
	}
	return false
}
