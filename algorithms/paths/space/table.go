package space

import (
	"math/bits"
	"slices"
)

// Table holds the states of a search once each, with the cost of the cheapest way found
// and the state it comes from.
//
// States lie in an arena of chunks, so that growth copies nothing. The index over it is
// cut into segments by the top bits of the hash; each segment is an open-addressing
// table of any length that grows by two fifths when it is four fifths full, so that
// little memory is idle and a growing segment needs little more for a moment. A slot
// holds a state's number and the 32 bits of its hash behind those of the segment. They
// spare looking at most states that only share the slot, and they alone say where the
// slot is, so that growth need not look at the states.
type Table struct {
	words   int  // of a key
	stride  int  // words of a record: the key, then cost and parent
	bits    uint // of the number of states in a chunk
	wide    bool
	n       uint32
	chunks  [][]uint64
	flags   []uint8 // by state
	index   [segments]segment
	indexed int64 // slots in all segments
}

type segment struct {
	slots []uint64 // hash tag in the high half, state number plus one in the low half; 0: empty
	used  int
}

const (
	segmentBits  = 10
	segments     = 1 << segmentBits
	segmentStart = 8

	mostChunkBits = 12 // of the number of states in a chunk
	chunkWords    = 1 << 18
)

// closed is the flag of a state that was expanded by the cheapest way known.
const closed = 1

// NewTable makes an empty table for keys of so many words. A wide one keeps costs in 64
// bits, another in 32.
func NewTable(words int, wide bool) *Table {
	t := &Table{words: words, stride: words + 1, wide: wide}
	if wide {
		t.stride++
	}
	for t.bits = mostChunkBits; t.bits > 0 && t.stride<<t.bits > chunkWords; {
		t.bits--
	}
	for i := range t.index {
		t.index[i].slots = make([]uint64, segmentStart)
	}
	t.indexed = segments * segmentStart
	return t
}

// Len is the number of states.
func (t *Table) Len() int { return int(t.n) }

// Bytes is the memory held.
func (t *Table) Bytes() int64 {
	return int64(len(t.chunks))<<t.bits*int64(t.stride)*8 + int64(cap(t.flags)) + t.indexed*8
}

func (t *Table) record(i uint32) []uint64 {
	at := int(i&(1<<t.bits-1)) * t.stride
	return t.chunks[i>>t.bits][at : at+t.stride]
}

// Key is the packed state with this number. The slice must not be written to.
func (t *Table) Key(i uint32) []uint64 { return t.record(i)[:t.words] }

// NoParent is the parent of the start.
const NoParent = 1<<32 - 1

// maxNarrow is the highest cost that a table that is not wide can hold.
const maxNarrow = 1<<32 - 1

// Holds tells whether the table can hold a cost.
func (t *Table) Holds(g int64) bool { return t.wide || g <= maxNarrow }

// Way is the cost of the cheapest way found to a state, and the state it comes from.
func (t *Table) Way(i uint32) (g int64, parent uint32) {
	rec := t.record(i)
	if t.wide {
		return int64(rec[t.words]), uint32(rec[t.words+1])
	}
	return int64(rec[t.words] >> 32), uint32(rec[t.words])
}

// SetWay notes a way to a state. [Table.Holds] must be true of its cost.
func (t *Table) SetWay(i uint32, g int64, parent uint32) {
	rec := t.record(i)
	if t.wide {
		rec[t.words], rec[t.words+1] = uint64(g), uint64(parent)
		return
	}
	rec[t.words] = uint64(g)<<32 | uint64(parent)
}

// tagOf is the part of a hash that a slot holds, in the high half.
func tagOf(hash uint64) uint64 { return hash << segmentBits &^ (1<<32 - 1) }

// probe is where a key is to be looked for.
func (t *Table) probe(hash uint64) (seg *segment, at uint64) {
	seg = &t.index[hash>>(64-segmentBits)]
	return seg, seg.home(tagOf(hash))
}

// home is the slot at which the search for a tag begins.
func (seg *segment) home(tag uint64) uint64 {
	at, _ := bits.Mul64(tag, uint64(len(seg.slots)))
	return at
}

// Closed tells whether a state was expanded by the cheapest way found to it.
func (t *Table) Closed(i uint32) bool { return t.flags[i]&closed != 0 }

// SetClosed notes that a state is expanded, or to be expanded again.
func (t *Table) SetClosed(i uint32, yes bool) {
	if yes {
		t.flags[i] |= closed
	} else {
		t.flags[i] &^= closed
	}
}

// Find returns the state with this key and [Hash], or adds it.
func (t *Table) Find(key []uint64, hash uint64) (i uint32, added bool) {
	seg, at := t.probe(hash)
	tag := tagOf(hash)
	for {
		slot := seg.slots[at]
		if slot == 0 {
			break
		}
		if slot&^(1<<32-1) == tag && t.equal(uint32(slot)-1, key) {
			return uint32(slot) - 1, false
		}
		if at++; at == uint64(len(seg.slots)) {
			at = 0
		}
	}
	i = t.n
	t.n++
	if i&(1<<t.bits-1) == 0 {
		t.chunks = append(t.chunks, make([]uint64, t.stride<<t.bits))
	}
	copy(t.record(i), key)
	t.flags = append(t.flags, 0)
	seg.slots[at] = tag | uint64(i+1)
	if seg.used++; 5*seg.used >= 4*len(seg.slots) {
		t.grow(seg)
	}
	return i, true
}

func (t *Table) equal(i uint32, key []uint64) bool {
	rec := t.record(i)
	for w, x := range key {
		if rec[w] != x {
			return false
		}
	}
	return true
}

func (t *Table) grow(seg *segment) {
	old := seg.slots
	seg.slots = make([]uint64, len(old)+2*len(old)/5+1)
	t.indexed += int64(len(seg.slots) - len(old))
	for _, slot := range old {
		if slot == 0 {
			continue
		}
		at := seg.home(slot &^ (1<<32 - 1))
		for seg.slots[at] != 0 {
			if at++; at == uint64(len(seg.slots)) {
				at = 0
			}
		}
		seg.slots[at] = slot
	}
}

// Hash is the hash of a key: a linear sum of its words, mixed. Because the sum is linear
// the hash of a successor takes no more than its word that changed.
func Hash(key []uint64) uint64 {
	sum := uint64(0)
	for w, x := range key {
		sum += x * factor(w)
	}
	return mix(sum)
}

// factor is the odd factor of a word in the sum.
func factor(w int) uint64 { return mix(uint64(w)+1) | 1 }

// mix is the finalizer of MurmurHash3 (Appleby, public domain).
func mix(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	h ^= h >> 33
	return h
}

// KeysTo lists the keys of the states on the way to a state, the start first.
func (t *Table) KeysTo(i uint32) [][]uint64 {
	var keys [][]uint64
	for ; i != NoParent; _, i = t.Way(i) {
		keys = append(keys, t.Key(i))
	}
	slices.Reverse(keys)
	return keys
}
