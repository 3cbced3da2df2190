// Package heaps has binary heaps of any items. Unlike those of container/heap they box nothing and need no methods of their items.
package heaps

// Heap is a binary heap: its first item is one that none of the others comes before. Items that may be compared in any order leave it
// in one that depends on nothing but the calls.
type Heap[T any] struct {
	Items  []T
	Before func(a, b T) bool // it must not be nil once there are two items
}

// Push adds an item. O(log items).
func (h *Heap[T]) Push(x T) {
	h.Items = append(h.Items, x)
	h.up(len(h.Items) - 1)
}

// Pop takes out the first item. The heap must not be empty. O(log items).
func (h *Heap[T]) Pop() T { return h.Remove(0) }

// Remove takes out an item by its position. O(log items).
func (h *Heap[T]) Remove(i int) T {
	x, last := h.Items[i], len(h.Items)-1
	h.Items[i] = h.Items[last]
	var none T
	h.Items[last] = none // for the garbage collector
	h.Items = h.Items[:last]
	if i < last {
		h.down(i)
		h.up(i)
	}
	return x
}

func (h *Heap[T]) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if !h.Before(h.Items[i], h.Items[parent]) {
			return
		}
		h.Items[i], h.Items[parent] = h.Items[parent], h.Items[i]
		i = parent
	}
}

func (h *Heap[T]) down(i int) {
	for {
		child := 2*i + 1
		if child >= len(h.Items) {
			return
		}
		if child+1 < len(h.Items) && h.Before(h.Items[child+1], h.Items[child]) {
			child++
		}
		if !h.Before(h.Items[child], h.Items[i]) {
			return
		}
		h.Items[i], h.Items[child] = h.Items[child], h.Items[i]
		i = child
	}
}
