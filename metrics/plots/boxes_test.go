package plots

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

// Thinned points must not move the ends or the middle of what they stand for.
func TestThinningKeepsEndsAndMiddle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(0, 1e6), 1, 500).Draw(t, "values")
		most := rapid.IntRange(3, 100).Draw(t, "most")
		got := thin(values, most)
		if len(got) != min(len(values), most) {
			t.Fatalf("%d of %d values at most %d", len(got), len(values), most)
		}
		if slices.Min(got) != slices.Min(values) || slices.Max(got) != slices.Max(values) {
			t.Fatalf("ends of %v became those of %v", values, got)
		}
		sorted := slices.Sorted(slices.Values(values))
		around := len(values)/most + 2 // ranks between two that are drawn
		middle := got[len(got)/2]
		if len(values) > most && (middle < sorted[max(len(values)/2-around, 0)] || middle > sorted[min(len(values)/2+around, len(values)-1)]) {
			t.Fatalf("the middle of %v became %v", sorted, middle)
		}
	})
}

// A picture of very many records must stay a file that opens.
func TestPicturesOfManyRecordsAreSmall(t *testing.T) {
	s := summary.Of(suite(20_000, 3, "dijkstra", "astar(heuristic=misplaced)", "greedy", "displacement", "improve"))
	for _, d := range Registry().Descriptors() {
		b, _, err := Registry().Build(spec.Named(d.Name))
		if err != nil {
			t.Fatal(err)
		}
		out, err := Render(b(s), "svg")
		if err != nil {
			t.Fatal(err)
		}
		if len(out) > 2<<20 {
			t.Errorf("%s of 100,000 records is a file of %d KiB", d.Name, len(out)>>10)
		}
	}
}
