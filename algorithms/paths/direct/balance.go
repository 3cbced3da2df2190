package direct

import (
	"iter"
	"math/bits"
)

// balance derives which VMs have to go before which. An event is the migration of one VM.
type balance struct {
	w             *view
	m, words      int
	of            []int32  // by event: its edge
	first         []int32  // by edge: its first event
	before, after []uint64 // [event*words + word]: events that have to come before, after
	failed        bool
	stale         []bool // by event: its sets have grown since it was examined
}

// look derives what follows from the room on hosts. It tells whether there may be an order.
func (b *balance) look(w *view, final []int64) bool {
	b.w = w
	b.of, b.first = b.of[:0], b.first[:0]
	for e := range w.from {
		b.first = append(b.first, int32(len(b.of)))
		for range w.count[e] {
			b.of = append(b.of, int32(e))
		}
	}
	b.first = append(b.first, int32(len(b.of)))
	b.m = len(b.of)
	b.words = (b.m + 63) / 64
	b.before, b.after = cleared(b.before, b.m*b.words), cleared(b.after, b.m*b.words)
	b.failed, b.stale = false, cleared(b.stale, b.m)
	for e := range w.from {
		for i := b.first[e]; i+1 < b.first[e+1]; i++ {
			b.order(int(i), int(i)+1)
		}
	}
	for i := range b.m {
		b.stale[i] = true
	}
	for again := true; again; {
		again = false
		for i := range b.m {
			if !b.stale[i] {
				continue
			}
			b.stale[i], again = false, true
			b.arrive(i, w.to, &w.in, &w.out, w.room, b.before, b.after, false)
			b.arrive(i, w.from, &w.out, &w.in, final, b.after, b.before, true)
			if b.failed {
				return false
			}
		}
	}
	return !b.failed
}

func (b *balance) has(set []uint64, i, j int) bool {
	return set[i*b.words+j>>6]>>(j&63)&1 != 0
}

// order notes that one event has to come before another.
func (b *balance) order(i, j int) {
	if i == j || b.has(b.before, i, j) {
		b.failed = true
		return
	}
	if b.has(b.after, i, j) {
		return
	}
	n := b.words
	// What comes before i comes before what comes after j.
	for k := range n {
		for x := b.before[i*n+k]; x != 0; x &= x - 1 {
			b.join(k<<6+bits.TrailingZeros64(x), j, b.after)
		}
		for x := b.after[j*n+k]; x != 0; x &= x - 1 {
			b.join(k<<6+bits.TrailingZeros64(x), i, b.before)
		}
	}
	b.join(i, j, b.after)
	b.join(j, i, b.before)
}

func (b *balance) join(i, j int, set []uint64) {
	n := b.words
	for k := range n {
		set[i*n+k] |= set[j*n+k]
	}
	set[i*n+j>>6] |= 1 << (j & 63)
	b.stale[i] = true
}

// arrive examines the arrival of an event at a host: the most room that there may be, and what
// has to come before or after so that it is enough.
func (b *balance) arrive(i int, host []int32, in, out *lists, room []int64, before, after []uint64, turned bool) {
	w := b.w
	e := b.of[i]
	h := host[e]
	for r := range w.r {
		d := w.need[int(e)*w.r+r]
		most := room[int(h)*w.r+r] - d
		for _, o := range out.of(h) {
			each := w.need[int(o)*w.r+r]
			for f := b.first[o]; f < b.first[o+1]; f++ {
				if !b.has(after, i, int(f)) {
					most += each
				}
			}
		}
		for _, o := range in.of(h) {
			each := w.need[int(o)*w.r+r]
			for g := b.first[o]; g < b.first[o+1]; g++ {
				if b.has(before, i, int(g)) {
					most -= each
				}
			}
		}
		if most < 0 {
			b.failed = true
			return
		}
		for _, o := range out.of(h) {
			if w.need[int(o)*w.r+r] <= most {
				continue
			}
			for f := b.first[o]; f < b.first[o+1]; f++ {
				if !b.has(after, i, int(f)) && !b.has(before, i, int(f)) {
					b.force(int(f), i, turned)
				}
			}
		}
		for _, o := range in.of(h) {
			if w.need[int(o)*w.r+r] <= most {
				continue
			}
			for g := b.first[o]; g < b.first[o+1]; g++ {
				if int(g) != i && !b.has(after, i, int(g)) && !b.has(before, i, int(g)) {
					b.force(i, int(g), turned)
				}
			}
		}
		if b.failed {
			return
		}
	}
}

func (b *balance) force(i, j int, turned bool) {
	if turned {
		i, j = j, i
	}
	b.order(i, j)
}

// free tells whether nothing has to come before the first VM of an edge.
func (b *balance) free(e int32) bool {
	i := int(b.first[e]) * b.words
	for _, x := range b.before[i : i+b.words] {
		if x != 0 {
			return false
		}
	}
	return true
}

// beforeFirst yields the edge of each event that has to come before the first VM of an edge.
func (b *balance) beforeFirst(e int32) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		for k := range b.words {
			for x := b.before[int(b.first[e])*b.words+k]; x != 0; x &= x - 1 {
				if !yield(b.of[k<<6+bits.TrailingZeros64(x)]) {
					return
				}
			}
		}
	}
}

// countBefore is the number of VMs of edge o that may come before the first VM of edge e.
func (b *balance) countBefore(o, e int32) (n int64) {
	i := int(b.first[e])
	for f := b.first[o]; f < b.first[o+1]; f++ {
		if b.has(b.after, i, int(f)) {
			break // and so do all later ones of the edge
		}
		n++
	}
	return n
}
