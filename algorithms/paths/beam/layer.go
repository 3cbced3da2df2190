package beam

import (
	"cmp"
	"slices"
	"unsafe"
)

// layer collects the successors of a layer, each state once, and keeps the most
// promising. It holds up to twice as many as it keeps before it drops the others, so
// that each costs O(log width) on average.
type layer struct {
	words int // of a key
	width int
	keys  []uint64
	list  []candidate
	slots []uint32 // open addressing over list: index + 1; 0: empty
	order []uint32 // scratch
	full  bool     // whether some were dropped; then those not before last are dropped at once
	last  candidate
}

// candidate is a state that may be in the next layer.
type candidate struct {
	hash   uint64
	g, h   int64
	parent uint32
}

// before tells whether a candidate is more promising: lower evaluation, and of equal ones
// the lower estimate, which is surer. Those found first go before those that are alike.
func before(a, b candidate) int {
	return cmp.Or(cmp.Compare(a.g+a.h, b.g+b.h), cmp.Compare(a.h, b.h))
}

func newLayer(words, width int) *layer {
	return &layer{words: words, width: width, slots: make([]uint32, 64)}
}

func (l *layer) bytes() int64 {
	return 8*int64(cap(l.keys)) + int64(cap(l.list))*int64(unsafe.Sizeof(candidate{})) + 4*int64(len(l.slots)+cap(l.order))
}

func (l *layer) key(i uint32) []uint64 { return l.keys[int(i)*l.words : (int(i)+1)*l.words] }

// takes tells whether a candidate has a chance; the estimate may be too low.
func (l *layer) takes(c candidate) bool { return !l.full || before(c, l.last) < 0 }

// holds tells whether the layer holds a state at no higher cost.
func (l *layer) holds(key []uint64, c candidate) bool {
	at := l.slot(key, c.hash)
	return l.slots[at] != 0 && l.list[l.slots[at]-1].g <= c.g
}

// add puts in a candidate, or a cheaper way to it. It tells whether it has dropped
// anything.
func (l *layer) add(key []uint64, c candidate) (dropped bool) {
	at := l.slot(key, c.hash)
	if i := l.slots[at]; i != 0 {
		if c.g < l.list[i-1].g {
			l.list[i-1] = c
		}
		return false
	}
	l.keys = append(l.keys, key...)
	l.list = append(l.list, c)
	l.slots[at] = uint32(len(l.list))
	if len(l.list) >= 2*l.width {
		return l.shrink()
	}
	if 2*len(l.list) > len(l.slots) {
		l.slots = make([]uint32, 2*len(l.slots))
		l.index()
	}
	return false
}

// shrink drops all but the most promising.
func (l *layer) shrink() (dropped bool) {
	if len(l.list) <= l.width {
		return false
	}
	l.rank()
	l.last = l.list[l.order[l.width-1]]
	l.full = true
	kept := l.order[:l.width]
	slices.Sort(kept)
	for n, i := range kept {
		l.list[n] = l.list[i]
		copy(l.key(uint32(n)), l.key(i))
	}
	l.list, l.keys = l.list[:l.width], l.keys[:l.width*l.words]
	l.index()
	return true
}

// rank orders the candidates in l.order, the most promising first.
func (l *layer) rank() {
	l.order = l.order[:0]
	for i := range l.list {
		l.order = append(l.order, uint32(i))
	}
	slices.SortFunc(l.order, func(a, b uint32) int {
		return cmp.Or(before(l.list[a], l.list[b]), cmp.Compare(a, b))
	})
}

func (l *layer) reset() {
	l.keys, l.list, l.full = l.keys[:0], l.list[:0], false
	clear(l.slots)
}

func (l *layer) index() {
	clear(l.slots)
	for i := range l.list {
		l.slots[l.slot(l.key(uint32(i)), l.list[i].hash)] = uint32(i + 1)
	}
}

// slot is where a state is, or would be.
func (l *layer) slot(key []uint64, hash uint64) int {
	at := int(hash) & (len(l.slots) - 1)
	for l.slots[at] != 0 {
		if i := l.slots[at] - 1; l.list[i].hash == hash && slices.Equal(l.key(i), key) {
			break
		}
		at = (at + 1) & (len(l.slots) - 1)
	}
	return at
}
