package plots

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/results"
)

// gridRun is a record of a run on an instance with those parameters of a family: name and
// value alternate.
func gridRun(algorithm, family string, seed int, o results.Outcome, expanded int64, parameters ...any) results.Record {
	p := results.Values{}
	for i := 0; i < len(parameters); i += 2 {
		p[parameters[i].(string)] = parameters[i+1]
	}
	name := fmt.Sprint(family, parameters, "#", seed)
	r := record(algorithm, name, o, 1, -1, 1)
	r.Family, r.Parameters = family, p
	r.Counters = map[string]int64{"expanded": expanded}
	r.Features = results.Values{"vms": 7.0, "largest_vm": 0.25, "deadlocked": true}
	return r
}

func TestGridIsTheTwoParametersThatVary(t *testing.T) {
	var records []results.Record
	for _, hosts := range []float64{10, 4} {
		for _, u := range []float64{0.9, 0.8, 0.85} {
			for seed, o := range []results.Outcome{results.Optimal, results.Infeasible, results.Unknown, results.Unsupported} {
				records = append(records, gridRun("a", "random", seed, o, []int64{1, 0, 31, 0}[seed], "hosts", hosts, "utilisation", u, "target", "shuffle"))
			}
			records = append(records, gridRun("b", "random", 0, results.Unknown, 1, "hosts", hosts, "utilisation", u, "target", "shuffle"))
		}
	}
	records = append(records,
		gridRun("a", "tricky", 0, results.Optimal, 5), gridRun("a", "drift", 0, results.Optimal, 5, "of", "slow", "migrations", 20.0),
		gridRun("a", "random", 0, results.Optimal, 5, "hosts", 5.0, "utilisation", 0.1, "target", "other"))
	rng := rand.New(rand.NewPCG(1, 1))
	rng.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
	g, err := gridOf(of(records), "", "", "")
	if err != nil {
		t.Fatal(err)
	}
	if g.algorithm != 0 || g.cases != 18 || g.leftOut != 3 || g.x.Name != "param.hosts" || g.y.Name != "param.utilisation" {
		t.Errorf("got %+v", g)
	}
	if d := cmp.Diff([][]float64{{4, 10}, {0.8, 0.85, 0.9}}, [][]float64{g.x.bins, g.y.bins}); d != "" {
		t.Errorf("bins, -want +got:\n%s", d)
	}
	for _, column := range g.cells {
		for _, c := range column {
			if len(c.cases) != 3 || c.paths != 1 || c.settled != 2 || !c.open() {
				t.Errorf("cell %+v", c)
			}
		}
	}
	// ∛(2·1·32) - 1; the cost of the one plan
	for name, want := range map[string]float64{"expanded": 3, "cost": 1} {
		col, _ := of(records).Column(name)
		if got := g.meanPanel(col).values[1][2]; got < want-1e-9 || got > want+1e-9 {
			t.Errorf("%s: mean %v, want %v", name, got, want)
		}
	}
}

// An instance with several names stands wherever one of them says, and its seeds are one.
func TestACaseStandsWhereItsNamesSayAndCountsOnce(t *testing.T) {
	var records []results.Record
	for _, hosts := range []float64{3, 4} {
		for _, vms := range []float64{5, 6} {
			records = append(records, gridRun("a", "random", 0, results.Optimal, 1, "hosts", hosts, "vms", vms))
		}
	}
	again := records[0]
	again.Seed, again.Outcome, again.Cost = 1, results.Unknown, nil
	records[0].Aliases = []results.Name{records[3].Name}
	g, err := gridOf(of(append(records, again)), "", "", "")
	if err != nil {
		t.Fatal(err)
	}
	if g.cases != 4 || len(g.cells[0][0].cases) != 1 || g.cells[0][0].settled != 0.5 || len(g.cells[1][1].cases) != 2 {
		t.Errorf("%d cases, cells %+v", g.cases, g.cells)
	}
}

func TestWhatIsNoGridIsSaid(t *testing.T) {
	grid := func(parameters ...[]any) (out []results.Record) {
		for i, p := range parameters {
			out = append(out, gridRun("a", "random", i, results.Optimal, 1, p...))
		}
		return out
	}
	ambiguous := grid([]any{"hosts", 3.0, "vms", 0.0}, []any{"hosts", 4.0, "vms", 0.0})
	for what, c := range map[string]struct {
		records         []results.Record
		x, y, algorithm string
		want            string
	}{
		"nothing":         {nil, "", "", "", "no two parameters"},
		"no parameters":   {grid(nil, nil), "", "", "", "no two parameters"},
		"one varies":      {grid([]any{"hosts", 3.0}, []any{"hosts", 4.0}), "", "", "", "no two parameters"},
		"three vary":      {grid([]any{"a", 3.0, "b", 1.0, "c", 1.0}, []any{"a", 4.0, "b", 2.0, "c", 2.0}), "", "", "", "no two parameters"},
		"a diagonal":      {grid([]any{"a", 3.0, "b", 1.0}, []any{"a", 4.0, "b", 2.0}, []any{"a", 5.0, "b", 3.0}), "", "", "", "no two parameters"},
		"texts vary":      {grid([]any{"a", 3.0, "b", "x"}, []any{"a", 4.0, "b", "y"}), "", "", "", "no two parameters"},
		"unknown names":   {grid(nil), "hosts", "vms", "", `no column "hosts"`},
		"outcomes":        {grid(nil), "feature.vms", "time", "", "time is no number that instances have before they are run"},
		"other algorithm": {grid([]any{"hosts", 3.0}), "hosts", "feature.vms", "b", "no record of the algorithm b"},
		"two meanings":    {ambiguous, "hosts", "vms", "", `param.vms is 0 and feature.vms is 7; use the full name`},
	} {
		if _, err := gridOf(of(c.records), c.x, c.y, c.algorithm); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", what, err, c.want)
		}
	}
}

func TestFeaturesMakeAxesToo(t *testing.T) {
	records := []results.Record{gridRun("a", "tricky", 0, results.Optimal, 1), gridRun("a", "slow", 0, results.Optimal, 1)}
	records[1].Features = results.Values{"vms": 9.0, "deadlocked": false, "largest_vm": 0.25}
	g, err := gridOf(of(records), "vms", "deadlocked", "")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]float64{7, 9}, g.x.bins); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	if g.cells[0][1].paths != 1 || g.cells[1][0].paths != 1 {
		t.Errorf("got %+v", g.cells)
	}
}

// Each value has to fall into the class whose bounds hold it, the largest one into the
// last.
func TestManyValuesArePutIntoClasses(t *testing.T) {
	var records []results.Record
	for i := range 300 {
		records = append(records, gridRun("a", "random", 0, results.Optimal, 1, "hosts", float64(2+i)))
	}
	g, err := gridOf(of(records), "hosts", "vms", "")
	if err != nil {
		t.Fatal(err)
	}
	if len(g.x.bins) != classBins || g.x.width == 0 || g.y.width != 0 {
		t.Fatalf("axes %+v and %+v", g.x, g.y)
	}
	for i, lo := range g.x.bins {
		n := 0
		for h := 2; h < 302; h++ {
			if v := float64(h); v >= lo && (v < lo+g.x.width || i == classBins-1) {
				n++
			}
		}
		if got := len(g.cells[i][0].cases); got != n {
			t.Errorf("%d runs from %v, want %d", got, lo, n)
		}
	}
}
