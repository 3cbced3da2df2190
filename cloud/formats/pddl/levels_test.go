package pddl

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Levels must be the sums of sets of VMs: one too few would forbid sane migrations.
func TestSubsetSumsAreThoseOfAllSubsets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		numbers := rapid.SliceOfN(rapid.Int64Range(1, 9), 0, 8).Draw(t, "numbers")
		limit := rapid.Int64Range(0, 60).Draw(t, "limit")
		slices.Sort(numbers)
		want := map[int64]bool{}
		for set := range 1 << len(numbers) {
			var n int64
			for i, x := range numbers {
				if set>>i&1 == 1 {
					n += x
				}
			}
			if n <= limit {
				want[n] = true
			}
		}
		got, ok := subsetSums(numbers, limit, len(want))
		if !ok || len(got) != len(want) || !slices.IsSorted(got) {
			t.Fatalf("got %v (%v), want %v", got, ok, want)
		}
		for _, x := range got {
			if !want[x] {
				t.Fatalf("%d is no sum within the limit", x)
			}
		}
		if _, ok := subsetSums(numbers, limit, len(want)-1); ok && len(want) > 1 {
			t.Fatal("more levels than allowed are let through")
		}
	})
}
