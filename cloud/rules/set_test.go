package rules

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
)

func TestSetLosesAMember(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 300).Draw(t, "n")
		list := rapid.SliceOf(rapid.Map(rapid.IntRange(0, n-1), func(i int) cloud.HostID { return cloud.HostID(i) })).Draw(t, "list")
		s := newSet(slices.Clone(list), n)
		for h := range cloud.HostID(n) {
			if want := slices.Contains(list, h); s.has(h) != want || slices.Contains(s.list, h) != want {
				t.Fatalf("%d of %v: expected %v", h, list, want)
			}
		}
		if !slices.IsSorted(s.list) || len(slices.Compact(slices.Clone(s.list))) != len(s.list) {
			t.Fatalf("the list is not ascending: %v", s.list)
		}
	})
}
