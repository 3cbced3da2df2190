package space

import (
	"github.com/cloudrearrange/rearrange/internal/heaps"
)

// Queue is the open list: states by evaluation, those of equal evaluation last in first
// out, which goes for depth. An evaluation has a bucket of its own, a chain of blocks of
// state numbers; the evaluations in use are kept in a heap. Costs are sums of a few
// different numbers, so that evaluations are few and states many: an entry takes four
// bytes and constant time.
//
// A state may stand in it more than once; whoever takes it out finds out whether it is
// still to be expanded.
type Queue struct {
	index   map[int64]*bucket
	keys    heaps.Heap[*bucket]
	last    *bucket // the bucket used last: successors of one state share few evaluations
	len     int
	blocks  int    // allocated
	free    *block // of emptied buckets
	buckets int
}

type bucket struct {
	f    int64
	top  *block
	used int // entries in the top block; those below it are full
}

const blockSize = 125 // states; with the link a block takes 512 bytes

type block struct {
	below  *block
	states [blockSize]uint32
}

// NewQueue makes an empty queue.
func NewQueue() *Queue {
	return &Queue{
		index: map[int64]*bucket{}, keys: heaps.Heap[*bucket]{Before: func(a, b *bucket) bool { return a.f < b.f }},
	}
}

// Len is the number of entries.
func (q *Queue) Len() int { return q.len }

// Min is the least evaluation. The queue must not be empty.
func (q *Queue) Min() int64 { return q.keys.Items[0].f }

// Bytes is the memory held; a bucket costs about 100 with its places in map and heap.
func (q *Queue) Bytes() int64 { return int64(q.blocks)*512 + int64(q.buckets)*100 }

// Push puts in a state.
func (q *Queue) Push(f int64, state uint32) {
	b := q.last
	if b == nil || b.f != f {
		var ok bool
		if b, ok = q.index[f]; !ok {
			b = &bucket{f: f, used: blockSize}
			q.index[f] = b
			q.buckets = max(q.buckets, len(q.index))
			q.keys.Push(b)
		}
		q.last = b
	}
	if b.used == blockSize {
		fresh := q.free
		if fresh != nil {
			q.free = fresh.below
		} else {
			fresh = &block{}
			q.blocks++
		}
		fresh.below, b.top, b.used = b.top, fresh, 0
	}
	b.top.states[b.used] = state
	b.used++
	q.len++
}

// Pop takes out a state of the least evaluation. The queue must not be empty.
func (q *Queue) Pop() (f int64, state uint32) {
	b := q.keys.Items[0]
	b.used--
	state = b.top.states[b.used]
	q.len--
	if b.used == 0 {
		empty := b.top
		b.top, b.used = empty.below, blockSize
		empty.below, q.free = q.free, empty
	}
	if b.top == nil {
		q.keys.Pop()
		delete(q.index, b.f)
		if q.last == b {
			q.last = nil
		}
	}
	return b.f, state
}
