// Package disjoint keeps disjoint sets of small integers, such as hosts, that can be
// joined but not split (union-find: Tarjan 1975, doi 10.1145/321879.321884).
//
//	s := disjoint.New[cloud.HostID](len(in.Hosts))
//	s.Join(from, to)
//	together := s.Leader(from) == s.Leader(to)
package disjoint

// Sets holds, by element, another element of the same set, or the element itself if it
// leads the set.
type Sets[T ~int32] []T

// New makes sets of one element each, from 0 to n - 1.
func New[T ~int32](n int) Sets[T] {
	s := make(Sets[T], n)
	s.Reset()
	return s
}

// Reset makes each element a set of its own again.
func (s Sets[T]) Reset() {
	for i := range s {
		s[i] = T(i)
	}
}

// Leader is the element that stands for the set of x, until the set is joined with
// another one. Amortised O(log n).
func (s Sets[T]) Leader(x T) T {
	for s[x] != x {
		s[x] = s[s[x]]
		x = s[x]
	}
	return x
}

// Join makes one set of the sets of a and b; the leader of b leads it.
func (s Sets[T]) Join(a, b T) { s[s.Leader(a)] = s.Leader(b) }
