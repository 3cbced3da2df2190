package heaps

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Whatever is pushed and removed, items leave in order.
func TestItemsLeaveInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := Heap[int]{Before: func(a, b int) bool { return a < b }}
		var there []int
		for range rapid.IntRange(0, 60).Draw(t, "calls") {
			switch call := rapid.IntRange(0, 3).Draw(t, "call"); {
			case call < 2 || len(there) == 0:
				x := rapid.IntRange(0, 20).Draw(t, "item")
				h.Push(x)
				there = append(there, x)
			case call == 2:
				x := h.Pop()
				if x != slices.Min(there) {
					t.Fatalf("%d leaves before %d", x, slices.Min(there))
				}
				there = slices.Delete(there, slices.Index(there, x), slices.Index(there, x)+1)
			default:
				i := rapid.IntRange(0, len(there)-1).Draw(t, "position")
				want := h.Items[i]
				if x := h.Remove(i); x != want {
					t.Fatalf("%d was removed for %d", x, want)
				}
				there = slices.Delete(there, slices.Index(there, want), slices.Index(there, want)+1)
			}
		}
		slices.Sort(there)
		for _, want := range there {
			if x := h.Pop(); x != want {
				t.Fatalf("%d leaves in place of %d", x, want)
			}
		}
		if len(h.Items) > 0 {
			t.Fatalf("%v is left over", h.Items)
		}
	})
}
