package idastar

import (
	"math"
	"math/bits"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
)

// memory is a transposition table of bounded size: states met, with the least cost at
// which this search met them and the best lower bound known of what remains from there.
// Buckets hold four states. It doubles while it may; then a state that finds its bucket
// full takes the place of one of an earlier search or else of the one met at the highest
// cost, below which the least remains to be searched.
//
// Whatever is forgotten is searched again when it is met again: forgetting costs time
// and nothing else.
type memory struct {
	words  int // of a key
	stride int // of an entry: the key, cost, bound, stamp
	slots  []uint64
	used   int
	search uint64 // number of the search under way, from 1
	lossy  bool   // whether this search has forgotten a state it met
	// mayTake tells whether so many more bytes may be held.
	mayTake func(bytes int64) bool
}

const (
	ways         = 4
	startBuckets = 64 // fewer where states are large
	startWords   = 1 << 18
	unvisited    = math.MaxInt64 // the cost of a state of which only the bound is known
	stampBits    = 2 * viaBits   // of a stamp, for the migration that led there; the rest is the search
	lastSearch   = 1<<(64-stampBits) - 1
)

func newMemory(words int, mayTake func(int64) bool) *memory {
	stride, buckets := words+3, startBuckets
	for buckets > 1 && buckets*ways*stride > startWords {
		buckets /= 2
	}
	return &memory{
		words: words, stride: stride, mayTake: mayTake,
		slots: make([]uint64, buckets*ways*stride),
	}
}

func (m *memory) bytes() int64 { return int64(len(m.slots)) * 8 }

// begin starts the next search.
func (m *memory) begin() {
	m.lossy = false
	if m.search++; m.search > lastSearch {
		m.search = 1
		m.clear()
	}
}

// clear forgets everything.
func (m *memory) clear() {
	clear(m.slots)
	m.used = 0
}

// entry is a place in the memory; it holds until the next state is stored.
type entry []uint64

func (m *memory) at(i int) entry { return m.slots[i*m.stride : (i+1)*m.stride] }

func (m *memory) bucket(hash uint64) int {
	b, _ := bits.Mul64(hash, uint64(len(m.slots)/(ways*m.stride)))
	return int(b) * ways
}

// find returns the entry of a state, nil if there is none.
func (m *memory) find(key []uint64, hash uint64) entry {
	first := m.bucket(hash)
	for i := first; i < first+ways; i++ {
		e := m.at(i)
		if e[m.words+2] == 0 {
			return nil
		}
		if slices.Equal(e[:m.words], key) {
			return e
		}
	}
	return nil
}

// met tells at what cost this search has met the state, and by which migration.
func (m *memory) met(e entry) (g int64, v via, ok bool) {
	stamp := e[m.words+2]
	g = int64(e[m.words])
	return g, via(stamp & (1<<stampBits - 1)), stamp>>stampBits == m.search && g != unvisited
}

func (m *memory) bound(e entry) int64 { return int64(e[m.words+1]) }

// raise notes a lower bound of what remains from the state.
func (m *memory) raise(e entry, bound int64) {
	e[m.words+1] = uint64(max(m.bound(e), bound))
}

// meet notes that this search has met the state.
func (m *memory) meet(e entry, g int64, v via) {
	e[m.words] = uint64(g)
	e[m.words+2] = m.search<<stampBits | uint64(v)
}

// store adds a state that is not there yet.
func (m *memory) store(key []uint64, hash uint64, g, bound int64, v via) {
	i := m.place(hash)
	if i < 0 && m.grow() {
		i = m.place(hash)
	}
	if i < 0 {
		i = m.evict(hash)
	}
	e := m.at(i)
	copy(e, key)
	e[m.words+1] = uint64(bound)
	m.meet(e, g, v)
}

// place finds an empty place in a bucket, -1 if there is none.
func (m *memory) place(hash uint64) int {
	first := m.bucket(hash)
	for i := first; i < first+ways; i++ {
		if m.at(i)[m.words+2] == 0 {
			m.used++
			return i
		}
	}
	return -1
}

func (m *memory) evict(hash uint64) int {
	first := m.bucket(hash)
	worst, worstAge, worstCost := first, uint64(0), int64(-1)
	for i := first; i < first+ways; i++ {
		e := m.at(i)
		age := m.search - e[m.words+2]>>stampBits
		g := int64(e[m.words])
		if min(age, 1) > min(worstAge, 1) || min(age, 1) == min(worstAge, 1) && g > worstCost {
			worst, worstAge, worstCost = i, age, g
		}
	}
	if worstAge == 0 && worstCost != unvisited {
		m.lossy = true
	}
	return worst
}

// grow doubles the memory if half of it is in use and it may.
func (m *memory) grow() bool {
	if 2*m.used*m.stride < len(m.slots) || !m.mayTake(2*m.bytes()) {
		return false
	}
	old := m.slots
	m.slots = make([]uint64, 2*len(old))
	for i := 0; i < len(old); i += m.stride {
		e := old[i : i+m.stride]
		if e[m.words+2] == 0 {
			continue
		}
		hash := space.Hash(e[:m.words])
		first := m.bucket(hash)
		for i := first; i < first+ways; i++ { // a bucket's states go to two: there is a place
			if to := m.at(i); to[m.words+2] == 0 {
				copy(to, e)
				break
			}
		}
	}
	return true
}
