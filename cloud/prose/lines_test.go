package prose_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud/prose"
)

func TestNaturalOrder(t *testing.T) {
	sorted := []string{"", "0.09", "0.75", "0.75.1", "0.8", "0.9", "1.5", "10", "a", "a1", "a02", "a2b", "a10", "b", "x=0.10.2", "x=0.75)", "x=0.9)"}
	for i, x := range sorted {
		for j, y := range sorted {
			got := prose.Natural(x, y)
			if x == "a02" && y == "a2b" || x == "a2b" && y == "a02" {
				continue // equal numbers of different length: any order will do
			}
			if (got < 0) != (i < j) || (got > 0) != (i > j) {
				t.Errorf("Natural(%q, %q) = %d", x, y, got)
			}
		}
	}
}

func TestBreakLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[a-z(,=)é]{0,120}`).Draw(t, "spec")
		most := rapid.IntRange(4, 60).Draw(t, "most")
		whole := ""
		for i, l := range prose.Break(s, most) {
			if utf8.RuneCountInString(l) > most {
				t.Fatalf("line %q is longer than %d", l, most)
			}
			if i > 0 {
				l = strings.TrimPrefix(l, "  ")
			}
			whole += l
		}
		if whole != s {
			t.Fatalf("%q became %q", s, whole)
		}
	})
}
