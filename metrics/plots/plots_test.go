package plots

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/results"
)

var (
	update = flag.Bool("update", false, "write the golden files anew")
	view   = flag.String("view", "", "a folder to write PNG files to, to be looked at")
)

func record(a, instance string, o results.Outcome, cost, bound int64, wall float64) results.Record {
	r := results.Record{
		RunKey: a + instance, Name: results.Name{Instance: instance}, InstanceSHA256: instance, Algorithm: a,
		CostFunction: "ram", CostUnit: "MiB", Outcome: o, WallS: wall, Limits: results.Limits{TimeoutS: 10},
	}
	r.Counters = map[string]int64{"expanded": int64(wall * 10_000)}
	r.Features = map[string]any{"vms": float64(3 + int(math.Sqrt(wall)*100))}
	if o.HasPlan() {
		r.Cost = &cost
	}
	if bound >= 0 {
		r.LowerBound = &bound
	}
	return r
}

// suite makes records like those of a suite: two exact searches that run out of
// time on large instances, and others that find worse plans.
func suite(cases int, worst float64, algorithms ...string) []results.Record {
	rng := rand.New(rand.NewPCG(1, 2))
	var out []results.Record
	for i := range cases {
		best := 1000 + rng.Int64N(9000)
		hard := math.Pow(10, -4+6.5*rng.Float64())
		name := fmt.Sprint("i", i)
		for k, a := range algorithms {
			wall := hard * math.Pow(0.15, float64(k%9)) * (0.7 + 0.6*rng.Float64())
			switch {
			case wall > 10:
				out = append(out, record(a, name, results.Unknown, 0, best/2, 10))
			case k < 2:
				out = append(out, record(a, name, results.Optimal, best, best, wall))
			default:
				over := 1 + (worst-1)*math.Pow(rng.Float64(), 4)
				if rng.IntN(3) == 0 {
					over = 1
				}
				r := record(a, name, results.Feasible, int64(float64(best)*over), -1, wall)
				for n := range 3 { // found on the way: ever cheaper
					r.Incumbents = append(r.Incumbents, results.Incumbent{
						ElapsedS: wall * math.Pow(0.3, float64(3-n)), Cost: int64(float64(best) * over * (1.6 - 0.2*float64(n))),
					})
				}
				out = append(out, r)
			}
		}
	}
	return out
}

const long = "portfolio(first=greedy(order=largest, bypass=yes), then=improve(base=astar(heuristic=misplaced, weight=1.5), window=8), share=0.25)"

// scenes are the sets of records that every plot is drawn of.
func scenes() map[string][]results.Record {
	three := []string{"dijkstra", "astar(heuristic=misplaced)", "greedy"}
	many := append(three, "displacement", long, "improve(base=greedy, window=8)", "idastar(heuristic=deadlock)", "beam(width=100)", "greedy(order=largest)")
	var twenty []string
	for i := range 20 {
		twenty = append(twenty, fmt.Sprintf("improve(base=astar(heuristic=deadlock, weight=1.%d), window=%d, order=largest)", i%10, 8+i/10))
	}
	equal := []results.Record{}
	for _, a := range three {
		for i := range 5 {
			equal = append(equal, record(a, fmt.Sprint("i", i), results.Optimal, 7, 7, 0.25))
		}
	}
	scenes := map[string][]results.Record{
		"typical":   suite(60, 1.6, three...),
		"two":       suite(30, 1.6, "dijkstra", long),
		"twenty":    suite(60, 3, twenty...),
		"many":      suite(200, 3, many...),
		"large":     suite(40, 60, three...),
		"none":      nil,
		"unsolved":  {record("a", "i", results.Unknown, 0, -1, 1)},
		"one":       {record("greedy", "i", results.Optimal, 5, 5, 0.02)},
		"equal":     equal,
		"zerotime":  {record("a", "i", results.Optimal, 5, 5, 0), record("a", "j", results.Optimal, 0, 0, 0)},
		"longone":   {record(long+long, "i", results.Optimal, 5, 5, 0.02), record("", "i", results.Feasible, 500000, 5, 2000)},
		"nobound":   {record("a", "i", results.Feasible, 5, -1, 1), record("b", "i", results.Feasible, 6, -1, 2)},
		"infeasibl": {record("a", "i", results.Infeasible, 0, -1, 1), record("b", "i", results.Infeasible, 0, -1, 2)},
	}
	maps.Copy(scenes, grids())
	scenes["schedules"] = planned()
	scenes["targets"], scenes["targets-two"] = aims("i"), append(aims("i"), aims("j")...)
	return scenes
}

// aims are runs to the targets of four strategies; to one of them no path was found.
func aims(instance string) []results.Record {
	var out []results.Record
	for i, name := range []string{"defragment", "defragment(max-migrations=50)", "evacuate(hosts=host1)", "rebalance"} {
		after, cost := 300+40*int64(i*i), 900_000>>(2*i)
		outcome := map[bool]results.Outcome{true: results.Infeasible, false: results.Feasible}[i == 2]
		r := record("auto", instance, outcome, int64(cost)+1000, -1, 0.1)
		r.RunKey += name
		r.Target = &results.Target{
			Strategy: name, Objective: "hosts", ObjectiveUnit: "hosts", Status: results.Feasible, Before: []int64{700}, After: []int64{after},
			Cost: int64(cost), SHA256: name,
		}
		out = append(out, r)
	}
	return out
}

// planned are schedules of the plans of two algorithms by three schedulers, found step by step.
func planned() []results.Record {
	var out []results.Record
	for i, algorithm := range []string{"auto", "displacement"} {
		for k, scheduler := range []string{"sequential", "fifo(k=4)", "list"} {
			for n := range 6 {
				r := record(algorithm, fmt.Sprint("i", n), results.Feasible, int64(100+40*i+n), 90, 0.1)
				r.RunKey += scheduler
				makespan := int64(90_000>>(2*k)) + int64(1000*n+3000*i)
				r.Schedule = &results.Schedule{
					Scheduling: results.Scheduling{Model: "slots(outgoing=1)", Duration: "precopy", Scheduler: scheduler},
					Status:     results.Feasible, Unit: "ms", Makespan: makespan, LowerBound: 5000, Sequential: 95_000, Moves: "m" + algorithm, SHA256: scheduler, WallS: 0.4,
					Incumbents: []results.ScheduleIncumbent{{ElapsedS: 0.01 * float64(k+1), Makespan: makespan + 9000}, {ElapsedS: 0.1, Makespan: makespan}},
				}
				out = append(out, r)
			}
		}
	}
	return out
}

func figure(t testing.TB, text string, records []results.Record) Figure {
	t.Helper()
	b, _, err := spec.Build[Builder](testCatalogue(), Kind, spec.MustParse(text))
	if err != nil {
		t.Fatal(err)
	}
	return b(summary.Of(records, summary.WithCatalogue(testCatalogue())))
}

func TestEveryPlotOfEverySceneIsDrawnAndByteStable(t *testing.T) {
	for _, d := range testCatalogue().Descriptors(Kind) {
		for scene, records := range scenes() {
			for _, format := range Formats() {
				if format != "svg" && (testing.Short() || *view == "" && !slices.Contains([]string{"typical", "twenty", "one", "none", "grid"}, scene)) {
					continue // drawn by the same calls as the SVG
				}
				f := figure(t, d.Name, records)
				out, err := Render(f, format)
				if err != nil {
					t.Fatalf("%s of %s: %v", d.Name, scene, err)
				}
				if again, _ := Render(f, format); !bytes.Equal(out, again) {
					t.Errorf("%s of %s: to draw it changes the figure, so that the next file of %s is another one", d.Name, scene, format)
				}
				if format == "svg" && (bytes.Contains(out, []byte("NaN")) || bytes.Contains(out, []byte("Inf"))) {
					t.Errorf("%s of %s has coordinates that are no numbers", d.Name, scene)
				}
				if *view != "" && format == "png" {
					os.WriteFile(filepath.Join(*view, d.Name+"-"+scene+".png"), out, 0o666)
				}
				if format != "svg" && scene != "typical" {
					continue
				}
				if again, _ := Render(figure(t, d.Name, records), format); !bytes.Equal(out, again) {
					t.Errorf("%s of %s: the same records give two different files of %s", d.Name, scene, format)
				}
			}
		}
	}
}

func TestGoldenSVG(t *testing.T) {
	for _, d := range testCatalogue().Descriptors(Kind) {
		looked := []string{"typical", "none", "one"}
		if d.Name != "cactus" && d.Name != "cost-bound" {
			looked = []string{"typical", "one"}
		}
		if d.Name == "critical-difference" {
			looked = []string{"typical", "equal"}
		}
		if d.Name == "heat-map" {
			looked = []string{"grid", "grid-holes", "none"}
		}
		if d.Name == "pareto-targets" {
			looked = []string{"targets", "targets-two", "none"}
		}
		if d.Name == "makespan-cost" {
			looked = []string{"schedules", "none"}
		}
		for _, scene := range looked {
			got, err := Render(figure(t, d.Name, scenes()[scene]), "svg")
			if err != nil {
				t.Fatal(err)
			}
			compareGolden(t, d.Name+"-"+scene, got)
		}
	}
}

// compareGolden compares a picture with the one that was looked at.
func compareGolden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name+".svg")
	if *update {
		if err := os.MkdirAll("testdata", 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, got) {
		t.Errorf("%s differs; look at the picture and write it anew with -update", path)
	}
}

func TestNoDataIsSaid(t *testing.T) {
	for name, want := range map[string][]string{
		"cactus":     {"none", "unsolved"},
		"cost-bound": {"none", "unsolved", "nobound", "infeasibl"},
		"heat-map":   {"none", "typical", "grid-failed"},
		"box":        {"none", "unsolved"},
		"scatter":    {"none", "one", "unsolved", "infeasibl"},
		"pareto":     {"none", "unsolved", "infeasibl"},
		"growth":     {"none"},
		"survival":   {"none", "unsolved"},

		"critical-difference": {"none", "one", "unsolved"},
		"ecdf":                {"none", "unsolved", "infeasibl"},

		"performance-profile": {"none", "unsolved"},
		"quality-over-time":   {"none", "unsolved", "infeasibl"},
	} {
		for _, scene := range want {
			out, err := Render(figure(t, name, scenes()[scene]), "svg")
			if err != nil || !bytes.Contains(out, []byte(">no data<")) {
				t.Errorf("%s of %s does not say so (error %v)", name, scene, err)
			}
		}
	}
}

// A reason follows a colon in an error, and begins a caption.
func TestReasonsReadAsErrorsAndAsCaptions(t *testing.T) {
	for text, want := range map[string]string{"heat-map": "no two parameters", "critical-difference": "ranks take two", "scatter": "fewer than two"} {
		f := figure(t, text, scenes()["one"])
		svg, err := Render(f, "svg")
		if err != nil || !strings.HasPrefix(f.Caption, want) || !bytes.Contains(svg, []byte(">"+prose.Sentence(want))) {
			t.Errorf("%s: caption %q, error %v", text, f.Caption, err)
		}
	}
}

func TestLongNamesAreWholeInTheLegend(t *testing.T) {
	f := figure(t, "cactus", scenes()["many"])
	fr := f.layout()
	for i, e := range fr.legend.entries {
		lines := e.lines
		squeeze := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if squeeze(strings.Join(lines, "")) != squeeze(f.legend[i].name) {
			t.Errorf("%q became %q", f.legend[i].name, lines)
		}
		if w := widest(textStyle(f.size.names, ink, false), lines); e.x+thumbnail+w > f.size.room() {
			t.Errorf("%q at %v is %v wide", lines, e.x, w)
		}
	}
}

func TestFitLosesNothing(t *testing.T) {
	style := textStyle(sizeNamed("page").label, ink, false)
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[a-z(,=) ]{0,80}`).Draw(t, "text")
		got := strings.Join(fit(style, s, vg.Length(rapid.Float64Range(5, 300).Draw(t, "room"))), "")
		if strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(s, " ", "") {
			t.Fatalf("%q became %q", s, got)
		}
	})
}

func TestLogAxesAlwaysHaveLabels(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lo := math.Pow(10, rapid.Float64Range(-9, 6).Draw(t, "lo"))
		hi := lo * math.Pow(10, rapid.Float64Range(0, 12).Draw(t, "decades"))
		a, b := logRange(lo, hi)
		if a > lo*(1+1e-6) || b < hi*(1-1e-6) || b < 4*a {
			t.Fatalf("[%v, %v] does not hold [%v, %v] with room for labels", a, b, lo, hi)
		}
		labels, last := 0, 0.0
		for _, tick := range logTicks(a, b, prose.Seconds) {
			if tick.Value < last {
				t.Fatalf("ticks are not in order: %v after %v", tick.Value, last)
			}
			last = tick.Value
			if tick.Label != "" {
				labels++
			}
		}
		if labels < 2 || labels > 10 {
			t.Fatalf("%d labels on [%v, %v]", labels, a, b)
		}
	})
}

func TestLinearAxesAlwaysHaveLabels(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		span := math.Pow(10, rapid.Float64Range(-3, 7).Draw(t, "span"))
		if n := len(linearTicks(1, 1+span, 8, 0, prose.Number)); n < 2 || n > 9 {
			t.Fatalf("%d ticks on [1, 1+%v]", n, span)
		}
	})
	for _, tick := range linearTicks(0, 1.03, 7, 1, prose.Number) {
		if tick.Value != math.Trunc(tick.Value) {
			t.Errorf("a count has the tick %v", tick.Value)
		}
	}
}

func TestUnknownFormatIsAnError(t *testing.T) {
	if _, err := Render(Figure{}, "gif"); err == nil || !strings.Contains(err.Error(), "svg, png, pdf") {
		t.Errorf("error %v", err)
	}
}

func ExampleRender() {
	build, _, err := spec.Build[Builder](testCatalogue(), Kind, spec.MustParse("cactus"))
	if err != nil {
		fmt.Println(err)
		return
	}
	svg, err := Render(build(summary.Of(nil, summary.WithCatalogue(testCatalogue()))), "svg")
	fmt.Println(bytes.Contains(svg, []byte("no data")), err)
	// Output: true <nil>
}
