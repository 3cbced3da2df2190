package plots

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/results"
)

// gridRecords makes records of a random family by hosts and utilisation.
func gridRecords(hosts []int, utilisations []float64, seeds int, outcome func(h, u float64, rng *rand.Rand) (results.Outcome, int64)) []results.Record {
	var out []results.Record
	rng := rand.New(rand.NewPCG(7, 7))
	for _, h := range hosts {
		for _, u := range utilisations {
			for seed := range seeds {
				name := fmt.Sprintf("random(hosts=%d, utilisation=%g)#%d", h, u, seed)
				o, expanded := outcome(float64(h), u, rng)
				r := record("astar(heuristic=deadlock)", name, o, 7, 7, 0.5)
				r.Family, r.Parameters = "random", results.Values{"hosts": float64(h), "utilisation": u, "capacity": 4096.0, "target": "shuffle"}
				if !o.HasPlan() {
					r.LowerBound = nil
				}
				r.Counters = map[string]int64{"expanded": expanded}
				r.Features = map[string]any{"utilisation.ram": u - 0.05*rng.Float64(), "deadlocked": u > 0.8}
				out = append(out, r)
			}
		}
	}
	return out
}

// transition is easy at first, then hard, then infeasible.
func transition(h, u float64, rng *rand.Rand) (results.Outcome, int64) {
	hard := 40 * (u + h/100 - 0.86)
	expanded := int64(math.Exp(10-hard*hard/9) * (0.5 + rng.Float64()))
	switch {
	case expanded > 18_000:
		return results.Unknown, 18_000
	case hard > 2*rng.Float64()-1:
		return results.Infeasible, expanded
	}
	return results.Optimal, expanded
}

// grids are the scenes that make a heat map.
func grids() map[string][]results.Record {
	some := []float64{0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1}
	full := gridRecords([]int{3, 4, 6, 8, 10}, some, 5, transition)
	var holes []results.Record
	for i, r := range full {
		if i%2 == 0 && !(i%5 == 4 && i < 60) && !strings.Contains(r.Instance, "hosts=4, utilisation=0.7)") && !strings.Contains(r.Instance, "=8, utilisation=0.9)") {
			holes = append(holes, r)
		}
	}
	var many []int
	var fine []float64
	for i := range 30 {
		many, fine = append(many, 2+i), append(fine, 0.7+float64(i)/100)
	}
	huge := func(_, u float64, _ *rand.Rand) (results.Outcome, int64) {
		return results.Optimal, int64(math.Pow(10, 18*u))
	}
	return map[string][]results.Record{
		"grid":       full,
		"grid-holes": holes,
		"grid-fine":  gridRecords(many, fine, 1, transition),
		"grid-huge":  gridRecords([]int{1000, 2000}, some, 1, huge),
		"grid-equal": gridRecords([]int{3, 4}, []float64{0.5, 0.6}, 2, func(_, _ float64, _ *rand.Rand) (results.Outcome, int64) {
			return results.Optimal, 0
		}),
		"grid-unsettled": gridRecords([]int{3, 4}, []float64{0.5, 0.6}, 2, func(_, _ float64, _ *rand.Rand) (results.Outcome, int64) {
			return results.Unknown, 9
		}),
		"grid-failed": gridRecords([]int{3, 4}, []float64{0.5, 0.6}, 2, func(_, _ float64, _ *rand.Rand) (results.Outcome, int64) {
			return results.Failed, 0
		}),
		"grid-faulty": gridRecords([]int{3, 4}, []float64{0.5, 0.6}, 2, func(h, _ float64, _ *rand.Rand) (results.Outcome, int64) {
			return map[bool]results.Outcome{true: results.Failed, false: results.Infeasible}[h == 3], 9
		}),
	}
}

// What is asked for by name is drawn whatever its shape: one row, one cell, a feature
// with as many values as there are instances.
func TestHeatMapsOfChosenQuantities(t *testing.T) {
	scenes := grids()
	for i, c := range []struct{ text, scene, want string }{
		{"heat-map(x=utilisation, y=hosts)", "grid", ">hosts<"},
		{"heat-map(x=utilisation, y=hosts, metric=[settled])", "grid", "Share of runs that were settled"},
		{"heat-map(x=utilisation.ram, y=hosts)", "grid", "20 classes of equal"},
		{"heat-map(x=deadlocked, y=capacity)", "grid", ">deadlocked<"},
		{`heat-map(x=hosts, y=utilisation, algorithm="astar(heuristic=deadlock)")`, "grid-fine", ">utilisation (ratio)<"},
		{"heat-map(x=deadlocked, y=capacity)", "grid-equal", ">4096<"},
		{"heat-map(x=hosts, y=utilisation.ram, metric=settled)", "grid-equal", ">utilisation.ram (ratio)<"},
		{"heat-map(x=hosts, y=utilisation, metric=[cost, best-ratio, time])", "grid", "Cost (MiB), geometric mean"},
		{"heat-map(x=hosts, y=utilisation, metric=generated)", "grid", "no run tells it"},
		{"heat-map(x=hosts, y=width)", "grid", "No column &#34;width&#34;"},
		{"heat-map(x=hosts, y=utilisation, algorithm=greedy)", "grid", "No record of the algorithm"},
	} {
		f := figure(t, c.text, scenes[c.scene])
		svg, err := Render(f, "svg")
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(svg, []byte(c.want)) || bytes.Contains(svg, []byte("NaN")) {
			t.Errorf("%s of %s: no %q in it, or NaN", c.text, c.scene, c.want)
		}
		if *view != "" {
			png, _ := Render(f, "png")
			os.WriteFile(filepath.Join(*view, fmt.Sprintf("heat-map-chosen-%d.png", i)), png, 0o666)
		}
	}
}

func TestHeatMapRefusesHalfAChoice(t *testing.T) {
	for text, want := range map[string]string{
		"heat-map(x=hosts)":       "give both or neither",
		"heat-map(y=hosts)":       "give both or neither",
		"heat-map(metric=[])":     "leaves nothing to show",
		"heat-map(metric=colour)": `unknown column "colour"`,
	} {
		if _, _, err := spec.Build[Builder](testCatalogue(), Kind, spec.MustParse(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}

func TestHeatMapAppliesToGridsOnly(t *testing.T) {
	for scene, records := range scenes() {
		grid := strings.HasPrefix(scene, "grid")
		if f := figure(t, "heat-map", records); f.NotApplicable == grid {
			t.Errorf("%s: not applicable: %v", scene, f.NotApplicable)
		}
	}
}

// Labels that touch cannot be read.
func TestTickLabelsOfHeatMapsKeepApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b bins
		step := rapid.SampledFrom([]float64{1, 0.125, 1e5}).Draw(t, "step")
		for i := range rapid.IntRange(1, mostBins).Draw(t, "bins") {
			b.bins = append(b.bins, float64(i)*step)
		}
		a := newAxes(sizeNamed("page"), b.axis(""), b.axis(""))
		room := vg.Length(rapid.Float64Range(100, 400).Draw(t, "room"))
		keepApart(&a.X, a.x, labelGap, a.X.Tick.Label.Width, room)
		end := math.Inf(-1)
		for _, tick := range a.X.Tick.Marker.Ticks(0, 0) {
			half := float64(a.X.Tick.Label.Width(tick.Label) / 2)
			middle := a.X.Norm(tick.Value) * float64(room)
			if tick.Label != "" && middle-half < end {
				t.Fatalf("%q touches what is before it, in %v", tick.Label, room)
			}
			if tick.Label != "" {
				end = middle + half
			}
		}
	})
}

// Who prints in grey, or sees few colours, needs lightness to rise with the value.
func TestViridisGrowsLighter(t *testing.T) {
	last := -1.0
	for i := range 101 {
		l := luminance(viridis(float64(i) / 100))
		if l <= last {
			t.Errorf("%d %% is no lighter than what is below it", i)
		}
		last = l
	}
}
