package rules

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// set is a set of VMs or hosts. Searches ask has for every VM and host, so there is a bit
// for everything there is; but an instance may carry thousands of small sets of very many
// things, and then the list alone has to do.
type set[T cloud.VMID | cloud.HostID] struct {
	list []T      // ascending
	bits []uint64 // nil where it would take much more than the list
}

// newSet makes a set of some of n things. It keeps the list.
func newSet[T cloud.VMID | cloud.HostID](list []T, n int) set[T] {
	slices.Sort(list)
	s := set[T]{list: slices.Compact(list)}
	if words := (n + 63) / 64; words <= 2*len(s.list) { // at most four times what the list takes
		s.bits = make([]uint64, words)
		for _, x := range s.list {
			s.bits[x>>6] |= 1 << (x & 63)
		}
	}
	return s
}

// has tells whether x is in the set, in O(1), or O(log n) where the list is short.
func (s *set[T]) has(x T) bool {
	if s.bits != nil {
		return s.bits[x>>6]>>(x&63)&1 != 0
	}
	_, found := slices.BinarySearch(s.list, x)
	return found
}
