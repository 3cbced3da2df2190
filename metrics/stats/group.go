package stats

import (
	"cmp"
	"maps"
	"slices"
)

// Group is a set of items with the same key.
type Group[K cmp.Ordered, T any] struct {
	Key   K
	Items []T // in the order in which they came
}

// GroupBy collects items by key. The groups are sorted by key, so that
// results do not depend on the order of a map or of parallel runs.
func GroupBy[K cmp.Ordered, T any](items []T, key func(T) K) []Group[K, T] {
	byKey := map[K][]T{}
	for _, item := range items {
		k := key(item)
		byKey[k] = append(byKey[k], item)
	}
	var groups []Group[K, T]
	for _, k := range slices.Sorted(maps.Keys(byKey)) {
		groups = append(groups, Group[K, T]{k, byKey[k]})
	}
	return groups
}
