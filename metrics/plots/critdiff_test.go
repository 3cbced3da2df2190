package plots

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

// Two bars that touch on one level would read as one, and join what differs.
func TestBarsOfOneLevelKeepApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ranks := rapid.SliceOfN(rapid.Float64Range(1, 9), 2, 12).Draw(t, "ranks")
		cliques := stats.Cliques(ranks, rapid.Float64Range(0, 8).Draw(t, "critical difference"))
		var seen []int
		for _, level := range levels(cliques, ranks) {
			for i, k := range level {
				seen = append(seen, k)
				if i == 0 {
					continue
				}
				before, c := cliques[level[i-1]], cliques[k]
				if ranks[before[len(before)-1]] >= ranks[c[0]] {
					t.Fatalf("%v and %v of ranks %v are on one level", before, c, ranks)
				}
			}
		}
		slices.Sort(seen)
		if len(seen) != len(cliques) || len(slices.Compact(seen)) != len(cliques) {
			t.Fatalf("of %d cliques, %v are drawn", len(cliques), seen)
		}
	})
}

// Without a difference by Friedman's test, a reader must not take one from the picture.
func TestRanksSayWhetherThereIsADifference(t *testing.T) {
	scenes := scenes()
	for scene, want := range map[string]string{
		"typical": "finds that algorithms differ (p < 0.001)",
		"equal":   "finds no difference (p = 1.000), so none may be read off",
	} {
		f := figure(t, "critical-difference(metric=expanded)", scenes[scene])
		if f.body == nil || !strings.Contains(f.Caption, want) {
			t.Errorf("%s: caption %q, expected %q", scene, f.Caption, want)
		}
	}
	if f := figure(t, "critical-difference", scenes["one"]); !f.NotApplicable {
		t.Error("one algorithm is ranked")
	}
	f := figure(t, "critical-difference", scenes["infeasibl"])
	if want := "here are 2 algorithms and 0 cases. Left out: 1 case proved to have no plan."; !f.NotApplicable || !strings.Contains(f.Caption, want) {
		t.Errorf("infeasible: caption %q, expected %q", f.Caption, want)
	}
}

// A bar cut short makes ranks that do not differ significantly look as if they did.
func TestTheCriticalDifferenceIsDrawnWholeOrSaidToBeBeyondTheAxis(t *testing.T) {
	for _, c := range []struct {
		ranks    []float64
		critical float64
		texts    string
	}{
		{[]float64{2.2, 2.4, 2.6, 2.8}, 0.8, ">critical difference 0.8<"},
		{[]float64{2.2, 2.4, 2.6, 2.8}, 1.3, ">4< >critical difference 1.3<"},
		{[]float64{1.2, 1.8}, 1.3, ">2< >critical difference 1.3, beyond the axis<"},
	} {
		f := Figure{size: sizeNamed("page")}
		f.rankDiagram([]string{"a", "b", "c", "d"}[:len(c.ranks)], summary.Ranking{Test: stats.FriedmanTest{Ranks: c.ranks}, Critical: c.critical})
		svg, err := Render(f, "svg")
		for _, text := range strings.SplitAfter(c.texts, "< ") {
			if err != nil || !bytes.Contains(svg, []byte(strings.TrimSpace(text))) {
				t.Errorf("ranks %v, critical difference %g: no %s, error %v", c.ranks, c.critical, text, err)
			}
		}
	}
}
