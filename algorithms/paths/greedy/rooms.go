package greedy

import (
	"math/bits"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// rooms finds hosts by the room they have free, without a look at all of them. Hosts lie
// in buckets, by resource and free room; a bucket is exact for small amounts and an
// eighth of the amount wide for large ones, as in a histogram of high dynamic range. Hosts
// that nobody waits for are kept apart from the others. A host changes its buckets in
// O(resources); a question takes O(hosts it is answered with).
type rooms struct {
	resources int
	mean      []float64 // per resource: free room of an average host, which moves do not change
	shelves   [2][]shelf
	busy      []bool // by host: somebody waits for it, so that it is on shelves[1]
}

// shelf holds hosts by bucket of their free room of one resource.
type shelf struct {
	buckets [buckets][]cloud.HostID
	filled  [(buckets + 63) / 64]uint64 // bit set of buckets that are not empty
	bucket  []int16                     // by host; -1 when it is not here
	slot    []int32                     // by host: its position in the bucket
}

// buckets is how many there are: 16 exact ones, and 8 for each doubling up to 2^63.
const buckets = 16 + 8*59

// bucketOf is the bucket of an amount of room; what is less than none counts as none.
func bucketOf(free int64) int {
	if free < 16 {
		return int(max(0, free))
	}
	e := bits.Len64(uint64(free)) - 4 // the amount has its three bits below the first one at e
	return 8*e + int(free>>e)
}

func newRooms(hosts, resources int, free func(h cloud.HostID, r int) int64) *rooms {
	x := &rooms{resources: resources, mean: make([]float64, resources), busy: make([]bool, hosts)}
	for i := range x.shelves {
		x.shelves[i] = make([]shelf, resources)
		for r := range x.shelves[i] {
			s := &x.shelves[i][r]
			s.bucket, s.slot = make([]int16, hosts), make([]int32, hosts)
			for h := range s.bucket {
				s.bucket[h] = -1
			}
		}
	}
	for h := range hosts {
		for r := range resources {
			f := free(cloud.HostID(h), r)
			x.mean[r] += float64(max(0, f)) / float64(hosts)
			x.shelves[0][r].put(cloud.HostID(h), bucketOf(f))
		}
	}
	return x
}

func (s *shelf) put(h cloud.HostID, b int) {
	s.bucket[h], s.slot[h] = int16(b), int32(len(s.buckets[b]))
	s.buckets[b] = append(s.buckets[b], h)
	s.filled[b/64] |= 1 << (b % 64)
}

func (s *shelf) take(h cloud.HostID) {
	b := s.bucket[h]
	list := s.buckets[b]
	last := list[len(list)-1]
	list[s.slot[h]] = last
	s.slot[last] = s.slot[h]
	if s.buckets[b] = list[:len(list)-1]; len(list) == 1 {
		s.filled[b/64] &^= 1 << (b % 64)
	}
	s.bucket[h] = -1
}

// update notes the room that a host has now.
func (x *rooms) update(h cloud.HostID, r int, free int64) {
	s := &x.shelves[0][r]
	if x.busy[h] {
		s = &x.shelves[1][r]
	}
	if b := bucketOf(free); int(s.bucket[h]) != b {
		s.take(h)
		s.put(h, b)
	}
}

// mark notes whether anybody waits for the host.
func (x *rooms) mark(h cloud.HostID, busy bool) {
	if x.busy[h] == busy {
		return
	}
	from, to := x.shelves[0], x.shelves[1]
	if !busy {
		from, to = to, from
	}
	for r := range x.resources {
		b := int(from[r].bucket[h])
		from[r].take(h)
		to[r].put(h, b)
	}
	x.busy[h] = busy
}

// next is the first bucket from b on that is not empty, or -1.
func (s *shelf) next(b int) int {
	for w := b / 64; w < len(s.filled); w++ {
		word := s.filled[w]
		if w == b/64 {
			word &^= 1<<(b%64) - 1
		}
		if word != 0 {
			return w*64 + bits.TrailingZeros64(word)
		}
	}
	return -1
}

// previous is the last bucket up to b that is not empty, or -1.
func (s *shelf) previous(b int) int {
	for w := b / 64; w >= 0; w-- {
		word := s.filled[w]
		if w == b/64 && b%64 < 63 {
			word &= 1<<(b%64+1) - 1
		}
		if word != 0 {
			return w*64 + 63 - bits.LeadingZeros64(word)
		}
	}
	return -1
}

// scarcest is the resource by which to look for room for a demand: the one of which it
// takes most in terms of what an average host has free.
func (x *rooms) scarcest(demand []int64) int {
	most, at := -1.0, 0
	for r, d := range demand {
		if share := float64(d) / (x.mean[r] + 1e-9); share > most {
			most, at = share, r
		}
	}
	return at
}

// above visits hosts that may have room for a demand, of those that nobody waits for or
// of the others, the fullest first, until visit says no. All that have room are visited,
// and some that lack another resource.
func (x *rooms) above(demand []int64, busy int, visit func(h cloud.HostID) bool) {
	r := x.scarcest(demand)
	s := &x.shelves[busy][r]
	for b := s.next(bucketOf(demand[r])); b >= 0; b = s.next(b + 1) {
		for _, h := range s.buckets[b] {
			if !visit(h) {
				return
			}
		}
		if b+1 == buckets {
			return
		}
	}
}

// below visits hosts that may lack room for a demand, those that lack least of it first.
func (x *rooms) below(demand []int64, busy int, visit func(h cloud.HostID) bool) {
	r := x.scarcest(demand)
	s := &x.shelves[busy][r]
	for b := s.previous(bucketOf(demand[r])); b >= 0; b = s.previous(b - 1) {
		for _, h := range s.buckets[b] {
			if !visit(h) {
				return
			}
		}
		if b == 0 {
			return
		}
	}
}

// mayFit tells whether some host may have room for a demand.
func (x *rooms) mayFit(demand []int64) bool {
	r := x.scarcest(demand)
	b := bucketOf(demand[r])
	return x.shelves[0][r].next(b) >= 0 || x.shelves[1][r].next(b) >= 0
}

const (
	// fewHosts is how many hosts are looked at without an index.
	fewHosts = 64
	// enough is how many hosts that will do are compared, of those that nobody waits
	// for, and of the others.
	enough = 12
	// maxTries bounds the hosts that are looked at for them.
	maxTries = 400
)

// visitAll visits all hosts that filters admit the VM to if these are few, and tells
// whether they are.
func (w *walk) visitAll(u cloud.VMID, visit func(h cloud.HostID) bool) bool {
	if w.hosts() <= fewHosts {
		for h := range w.hosts() {
			visit(h)
		}
		return true
	}
	homes := w.homesOf(u)
	for _, h := range homes {
		visit(h)
	}
	return homes != nil
}

// mayFit tells whether some host may have room for the VM.
func (w *walk) mayFit(u cloud.VMID) bool {
	homes := w.homesOf(u)
	if homes == nil || len(homes) > fewHosts {
		return w.rooms.mayFit(w.s.Instance().VMs[u].Demand)
	}
	return slices.ContainsFunc(homes, func(h cloud.HostID) bool { return w.fits(u, h) })
}

// roomy visits hosts that may have room for a VM, all of them in a small cloud, until
// enough of them were found good.
func (w *walk) roomy(u cloud.VMID, good func(h cloud.HostID) bool) {
	if w.visitAll(u, good) {
		return
	}
	if goal := w.next(u, w.s.HostOf(u)); goal != cloud.Absent {
		good(goal)
	}
	demand := w.s.Instance().VMs[u].Demand
	for busy := range w.rooms.shelves {
		left, tries := enough, maxTries
		w.rooms.above(demand, busy, func(h cloud.HostID) bool {
			if good(h) {
				left--
			}
			tries--
			return left > 0 && tries > 0
		})
	}
}

// narrow visits hosts that lack little room for a VM, all hosts in a small cloud, until
// enough of them were found good.
func (w *walk) narrow(u cloud.VMID, good func(h cloud.HostID) bool) {
	if w.visitAll(u, good) {
		return
	}
	demand := w.s.Instance().VMs[u].Demand
	for busy := range w.rooms.shelves {
		left, tries := enough, maxTries
		visit := func(h cloud.HostID) bool {
			if good(h) {
				left--
			}
			tries--
			return left > 0 && tries > 0
		}
		w.rooms.below(demand, busy, visit)
	}
}
