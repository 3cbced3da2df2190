package plots

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/results"
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

// Groups that have nothing in common, or no case at all of some algorithm, must be seen
// to be empty and crash nothing.
func TestBoxesByGroup(t *testing.T) {
	scenes := scenes()
	for i, c := range []struct{ text, scene, want string }{
		{"box(group=vms)", "typical", "; in parentheses, those of each group. One point"},
		{"box(group=vms, metric=cost)", "twenty", "; in parentheses, those of each group. One point"},
		{"box(group=class)", "two", "; in parentheses, those of each group. One point"},
		{"box(group=hosts, metric=time)", "grid", "; in parentheses, those of each group. One point"},
		{"box(group=utilisation, metric=cost)", "grid", "; in parentheses, those of each group. One point"},
		{"box(group=seed)", "one", "; in parentheses, those of each group. One point"},
		{"box(group=vms)", "unsolved", "No run of the 1 case has a value."},
		{"box(group=hots)", "grid", `no column "hots"`},
	} {
		for _, z := range Sizes() {
			text := c.text[:len(c.text)-1] + ", size=" + z + ")"
			f := figure(t, text, scenes[c.scene])
			if !strings.Contains(f.Caption, c.want) {
				t.Errorf("%s of %s: caption %q, expected %q", text, c.scene, f.Caption, c.want)
			}
			checkTexts(t, fmt.Sprintf("box-group-%d-%s", i, z), f)
			if svg, err := Render(f, "svg"); err != nil || bytes.Contains(svg, []byte("NaN")) {
				t.Errorf("%s of %s: coordinates that are no numbers, or error %v", text, c.scene, err)
			}
		}
	}
}

// Were an algorithm that solves nothing in a group dropped there, groups would not compare.
func TestGroupsOfBoxesHaveTheSameCasesInCommon(t *testing.T) {
	var records []results.Record
	for i := range 6 {
		outcome := map[bool]results.Outcome{true: results.Optimal, false: results.Unknown}[i < 3]
		for _, r := range []results.Record{
			record("exact", fmt.Sprint("i", i), outcome, 5, 5, 1), record("greedy", fmt.Sprint("i", i), results.Feasible, 5, 5, 1),
		} {
			r.Features = map[string]any{"vms": float64(i / 3)}
			records = append(records, r)
		}
	}
	f := figure(t, "box(metric=cost, group=vms)", records)
	if len(f.points()) != 6 || !strings.HasPrefix(f.Caption, "Over the 3 of 6 cases in which all of them have a value; in parentheses, those of each group.") {
		t.Errorf("%d points, caption %q", len(f.points()), f.Caption)
	}
}

// A picture of very many records must stay a file that opens.
func TestPicturesOfManyRecordsAreSmall(t *testing.T) {
	s := summary.Of(suite(20_000, 3, "dijkstra", "astar(heuristic=misplaced)", "greedy", "displacement", "improve"), summary.WithCatalogue(testCatalogue()))
	for _, d := range testCatalogue().Descriptors(Kind) {
		b, _, err := spec.Build[Builder](testCatalogue(), Kind, spec.Named(d.Name))
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
