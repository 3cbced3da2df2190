package rules

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// set is a set of VMs or hosts. Searches ask has for every VM and host, and an instance
// may carry thousands of sets, so a set takes whatever is smaller: a bit for everything
// there is, or the list alone.
type set[T cloud.VMID | cloud.HostID] struct {
	list []T      // ascending
	bits []uint64 // nil where the list is smaller
}

// newSet makes a set of some of n things. It keeps the list.
func newSet[T cloud.VMID | cloud.HostID](list []T, n int) set[T] {
	slices.Sort(list)
	s := set[T]{list: slices.Compact(list)}
	if words := (n + 63) / 64; words <= len(s.list)/2 { // two members take a word
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
