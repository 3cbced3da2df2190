package stats

import (
	"cmp"
	"slices"
)

// Group is a set of items with the same key.
type Group[K cmp.Ordered, T any] struct {
	Key   K
	Items []T // in the order in which they came
}

// GroupBy collects items by key. The groups are sorted by key, so that no order of
// a map or of parallel runs shows in what is made from them.
func GroupBy[K cmp.Ordered, T any](items []T, key func(T) K) []Group[K, T] {
	at := map[K]int{}
	var groups []Group[K, T]
	for _, item := range items {
		k := key(item)
		i, ok := at[k]
		if !ok {
			i = len(groups)
			at[k] = i
			groups = append(groups, Group[K, T]{Key: k})
		}
		groups[i].Items = append(groups[i].Items, item)
	}
	slices.SortFunc(groups, func(a, b Group[K, T]) int { return cmp.Compare(a.Key, b.Key) })
	return groups
}
