package plots

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/results"
)

// Whoever draws a figure anew needs all that is drawn, as numbers with units.
func TestEveryPlotGivesItsData(t *testing.T) {
	for _, d := range testCatalogue().Descriptors(Kind) {
		scene := "typical"
		if d.Name == "heat-map" {
			scene = "grid"
		} else if d.Name == "pareto-targets" {
			scene = "targets"
		} else if d.Name == "makespan-cost" {
			scene = "schedules"
		}
		f := figure(t, d.Name, scenes()[scene])
		if f.body == nil {
			t.Fatalf("%s: no data: %s", d.Name, f.Caption)
		}
		var b bytes.Buffer
		if err := f.CSV(&b); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&b).ReadAll() // which checks that all rows are as long
		if err != nil || len(rows) != len(f.points())+1 || len(rows) < 4 {
			t.Fatalf("%s: %d lines for %d points, error %v", d.Name, len(rows), len(f.points()), err)
		}
		numbers := 0
		for i, row := range f.points() {
			for j, v := range row {
				x, ok := v.(float64)
				if !ok || math.IsNaN(x) {
					continue
				}
				numbers++
				if got, err := strconv.ParseFloat(rows[i+1][j], 64); err != nil || got != x || math.IsInf(x, 0) {
					t.Fatalf("%s: %v in column %q is written %q", d.Name, x, rows[0][j], rows[i+1][j])
				}
			}
		}
		if numbers < len(f.points()) {
			t.Errorf("%s: %d numbers in %d rows", d.Name, numbers, len(f.points()))
		}
	}
	for text, want := range map[string]string{
		"growth(metric=time)": "algorithm|instance|VMs|time (s)|at least",
		"growth(by=hosts)":    "algorithm|instance|hosts|expanded (states)|at least",
		"heat-map":            "shown|hosts|utilisation (ratio)|value|cases|unsettled",
	} {
		scene := map[bool]string{true: "typical", false: "grid"}[text == "growth(metric=time)"]
		if head := figure(t, text, scenes()[scene]).columns; strings.Join(head, "|") != want {
			t.Errorf("%s: columns %q, want %q", text, head, want)
		}
	}
}

// A bound that is read as a value makes an algorithm that gave up look fast.
func TestDataTellBoundsFromValues(t *testing.T) {
	bounds := 0
	for _, row := range figure(t, "growth(metric=time)", scenes()["typical"]).points() {
		if least := row[4].(bool); least {
			bounds++
		} else if row[3].(float64) >= 10 {
			t.Errorf("%v is at the limit, and no bound", row)
		}
	}
	if bounds == 0 {
		t.Error("no bounds")
	}
	for text, at := range map[string]int{"box": 2, "box(group=vms)": 2, "cost-bound": 2, "growth": 1} {
		f := figure(t, text, scenes()["typical"])
		for _, row := range f.points() {
			if f.columns[at] != "instance" || !strings.HasPrefix(row[at].(string), "i") {
				t.Fatalf("%s: %v does not name its instance", text, row)
			}
		}
	}
	none := 0
	for _, row := range figure(t, "scatter", scenes()["typical"]).points() {
		if !strings.HasPrefix(row[0].(string), "i") {
			t.Errorf("%v does not name its instance", row)
		}
		if math.IsNaN(row[1].(float64)) || math.IsNaN(row[2].(float64)) {
			none++
		}
	}
	if none != 8 {
		t.Errorf("%d cases that only one solves, want 8", none)
	}
}

// A paper says how its axes look; all plots with axes understand it.
func TestAxesTakeLabelsLimitsAndScales(t *testing.T) {
	for _, d := range testCatalogue().Descriptors(Kind) {
		for _, scale := range []string{"linear", "log"} {
			sp := spec.Named(d.Name).With(SizeParam, "column")
			var want []string
			for _, p := range d.Params {
				switch {
				case strings.HasSuffix(p.Name, "-label"):
					want = append(want, "my "+p.Name)
					sp = sp.With(p.Name, "my "+p.Name)
				case strings.HasSuffix(p.Name, "-scale"):
					sp = sp.With(p.Name, scale)
				case strings.HasSuffix(p.Name, "-min"):
					sp = sp.With(p.Name, map[string]string{"y-min": "0.01", "x-min": "1.1"}[p.Name])
				case strings.HasSuffix(p.Name, "-max"):
					sp = sp.With(p.Name, map[string]string{"y-max": "0.9", "x-max": "80"}[p.Name])
				}
			}
			for scene, records := range scenes() {
				if !slices.Contains([]string{"typical", "twenty", "one", "equal", "zerotime", "grid"}, scene) {
					continue
				}
				b, _, err := spec.Build[Builder](testCatalogue(), Kind, sp)
				if err != nil {
					t.Fatal(err)
				}
				f := b(summary.Of(records, summary.WithCatalogue(testCatalogue())))
				checkTexts(t, d.Name+"-limits-"+scale+"-"+scene, f)
				svg, err := Render(f, "svg")
				if err != nil || bytes.Contains(svg, []byte("NaN")) {
					t.Errorf("%s of %s: NaN, or error %v", sp, scene, err)
				}
				for _, label := range want {
					if f.body != nil && !bytes.Contains(svg, []byte(">"+label+"<")) {
						t.Errorf("%s of %s: no label %q", sp, scene, label)
					}
				}
			}
		}
	}
	for _, text := range []string{"cactus(x-min=1e308)", "cactus(x-max=1e308)", "cactus(x-max=5e-324, y-max=5e-324)", "cactus(x-min=5e-324, x-max=1e308)"} {
		if svg, err := Render(figure(t, text, scenes()["typical"]), "svg"); err != nil || bytes.Contains(svg, []byte("NaN")) {
			t.Errorf("%s: NaN, or error %v", text, err)
		}
	}
	for text, want := range map[string]string{
		"cactus(x-min=2, x-max=1)":            "x-min=2 leaves nothing below x-max=1",
		"cactus(x-min=0, x-scale=log)":        "x-min=0 has no place on a logarithmic axis",
		"cactus(x-min=abc)":                   "expected a number of at least 0",
		"cactus(x-max=0)":                     "x-min=0 leaves nothing below x-max=0",
		"box(y-label=a)":                      `unknown parameter "y-label"`,
		"growth(metric=outcome)":              "metric=outcome: the column is no number",
		"performance-profile(metric=agile)":   "of which less is better",
		"critical-difference(metric=version)": "neither less of it nor more is better",
	} {
		if _, _, err := spec.Build[Builder](testCatalogue(), Kind, spec.MustParse(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}

// A MiB of memory and a count of migrations on one axis, or in one mean, mean nothing.
func TestCostsOfSeveralFunctionsAreNotPooled(t *testing.T) {
	var records []results.Record
	for _, r := range grids()["grid"] {
		for _, function := range []string{"ram", "count"} {
			r.CostFunction, r.CostUnit = function, map[string]string{"ram": "MiB"}[function]
			for i, a := range []string{"greedy", "dijkstra"} {
				r.Algorithm, r.RunKey = a, fmt.Sprint(r.InstanceSHA256, function, i)
				records = append(records, r)
			}
		}
	}
	for text, pools := range map[string]bool{
		"box(metric=cost)": true, "scatter": true, "pareto(quality=cost)": true, "growth(by=hosts, metric=cost)": true,
		"heat-map(metric=[path, cost])":    true,
		"performance-profile(metric=cost)": false, "box(metric=best-ratio)": false, "heat-map": false,
	} {
		f := figure(t, text, records)
		if f.NotApplicable != pools || pools && !strings.Contains(f.Caption, " by count and ram in MiB, which do not compare: choose one") {
			t.Errorf("%s: not applicable: %v, caption %q", text, f.NotApplicable, f.Caption)
		}
	}
	if f := figure(t, "box(metric=cost)", slices.DeleteFunc(records, func(r results.Record) bool { return r.CostFunction == "ram" })); f.body == nil {
		t.Errorf("of one cost function: %s", f.Caption)
	}
}

// A caption must not tell of lines that the picture has no room for.
func TestScatterTellsOfTheFactorsThatItShows(t *testing.T) {
	for text, want := range map[string]string{
		"scatter": "Dashed: a factor of 2 and of 10.", "scatter(x-min=1000, x-max=4000, y-min=1000, y-max=4000)": "Dashed: a factor of 2. ",
		"scatter(x-min=1, x-max=2, y-min=100, y-max=200)": "",
	} {
		f := figure(t, text, scenes()["typical"])
		if !strings.Contains(f.Caption, want) || want == "" && strings.Contains(f.Caption, "Dashed") {
			t.Errorf("%s: caption %q, expected %q", text, f.Caption, want)
		}
	}
}
